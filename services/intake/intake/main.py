"""Where intake is put together."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from intake.migrations import MIGRATIONS
from intake.photos import api as attachments_api
from intake.photos.allowance import Allowance
from intake.photos.store import PhotoStore
from intake.residents import api as residents_api
from intake.residents.ended import EndedCases
from intake.residents.handlers import Residents
from intake.residents.retention import kept_by_intake
from intake.residents.retention_store import RetentionStore
from intake.residents.store import ResidentStore
from intake.settings import IntakeSettings
from intake.submissions import api, similar_api
from intake.submissions.group_commit import Failures, GroupCommit
from intake.submissions.handlers import Intake
from intake.submissions.similar import AlreadyReported
from intake.submissions.store import OUTBOXES, Entry, IntakeStore
from linli.application.service import Service
from linli.application.service import main as run_service
from linli.contracts.community import CommunityPublished
from linli.contracts.key import KeyPublished
from linli.messaging.inbox_store import keep_measuring_parked
from linli.messaging.kafka import Publisher
from linli.messaging.membership import Membership
from linli.messaging.outbox import Relay
from linli.messaging.parked import parked_router
from linli.messaging.replica import Replica
from linli.messaging.seals import Seals
from linli.messaging.watch import Watch
from linli.photos.forms import FormRoom
from linli.photos.limits import MB
from linli.privacy.retention import Retention, audit_log, retention_router
from linli.security import audit_routes
from linli.security.auth import Gate
from linli.security.key_routes import known_keys
from linli.storage import mongo
from linli.storage.disk import Disk
from linli.web.app import create_app
from linli.web.connections import Places

DESCRIPTION = """Takes in demands, reports, disputes and alarms.

What comes in: HTTP, `linli.community`, `linli.principals`. What goes out: `linli.intake`, after it is on disk."""

TOPICS = ("intake", "community", "principals")
"""Those that it writes or reads."""


def build(settings: IntakeSettings) -> Service:
    """The service, wired; nothing connects before it runs."""
    client = mongo.connect(settings)
    database = client[settings.database("intake")]
    publisher = Publisher(settings.kafka_bootstrap, "linli-intake")
    seals = Seals.from_settings(settings)
    member = settings.member(settings.intake_port)
    membership = Membership(database, member)
    watch = Watch(client, settings.kafka_bootstrap, [settings.topic(name) for name in TOPICS])
    relay = Relay(database, OUTBOXES, publisher, member, settings.sweep_after, seals)
    store = IntakeStore(client, database)

    async def insert(entries: Sequence[Entry]) -> Failures:
        """An event is offered as soon as it is on disk, whether or not its caller still waits."""
        failures = await store.insert(entries)
        relay.offer([entry.unsent for place, entry in enumerate(entries) if place not in failures])
        return failures

    group_commit = GroupCommit(insert, lambda entry: entry.weight)
    intake = Intake(store, group_commit, settings.topic("intake"), relay.offer)
    photos = PhotoStore(database)
    resident_store = ResidentStore(client, database, photos)
    residents = Residents(resident_store, photos, settings.topic("intake"), relay.offer)
    ended = EndedCases(settings.workflow_url, settings.secret("service.key"))
    kinds = [
        *kept_by_intake(settings, RetentionStore(client, database, photos), residents, ended),
        audit_log(database, settings.retain_audit),
    ]
    retention = Retention(database, member, settings.retention_every, kinds)
    communities = Replica(
        database,
        "communities",
        settings.kafka_bootstrap,
        settings.topic("community"),
        CommunityPublished,
        seals,
        changed=lambda: intake.know(each.community for each in communities.newest.values()),
    )
    principals = Replica(
        database, "principals", settings.kafka_bootstrap, settings.topic("principals"), KeyPublished, seals
    )
    gate = Gate.from_settings(settings, database, principals.find, settings.workflow_url)
    app = create_app(
        "Linli intake",
        DESCRIPTION,
        [
            *(
                api.router,
                similar_api.router,
                attachments_api.router,
                attachments_api.internal,
                residents_api.router,
                api.internal,
            ),
            *(parked_router(database, communities, principals), retention_router(retention), audit_routes.routes),
            known_keys(principals),
        ],
        gate=gate,
        checks={
            "kafka": publisher.unreachable,
            "mongodb": partial(mongo.unreachable, client),
            "member": membership.namesake,
        },
        does_without=frozenset({"kafka"}),  # what comes in is kept, and told when Kafka is back
        cors_origins=settings.cors_origins,
        state={
            "intake": intake,
            "already_reported": AlreadyReported(store, lambda: intake.directory),
            "residents": residents,
            "photos": photos,
            "allowance": Allowance(database, settings.photos_per_address, settings.photos_per_day),
            "form_room": FormRoom(Disk(database, settings.disk_floor * MB)),
        },
    )

    async def close() -> None:
        await relay.drain(5)
        await publisher.close()
        await membership.release()
        await ended.close()
        await gate.close()
        client.close()

    background: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
        "relay": relay.run,
        "membership": membership.run,
        "watch": watch.run,
        "communities": communities.run,
        "principals": principals.run,
        "audit": gate.audit.run,
        "parked": partial(keep_measuring_parked, database),
        "retention": retention.run,
    }
    places = Places.from_settings(settings)
    return Service("intake", app, settings.host, settings.intake_port, background, close, places=places)


async def migrate(settings: IntakeSettings) -> list[str]:
    """Bring the database up to date; returns what ran."""
    client = mongo.connect(settings)
    try:
        return await mongo.migrate(client[settings.database("intake")], MIGRATIONS)
    finally:
        client.close()


def main() -> None:
    """`python -m intake [migrate]`."""
    settings = IntakeSettings()
    run_service("intake", settings.log_level, partial(build, settings), partial(migrate, settings))
