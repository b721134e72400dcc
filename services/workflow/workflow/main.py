"""Where workflow is put together."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from linli import audit_routes, mongo
from linli.auth import Gate
from linli.connections import Places
from linli.disk import Disk
from linli.inbox import Inbox, unprepared
from linli.kafka import Publisher
from linli.membership import Membership
from linli.outbox import Relay, Unsent
from linli.parked import parked_router
from linli.photo_files import PhotoFiles
from linli.photo_forms import FormRoom
from linli.photo_limits import MB
from linli.retention import Retention, audit_log, decided_parked, retention_router
from linli.seals import Seals
from linli.service import Service
from linli.service import main as run_service
from linli.waiting_room import WaitingRoom
from linli.watch import Watch
from linli.web import create_app
from workflow.album import Album
from workflow.api import (
    actions,
    cases,
    communities,
    evidence,
    follow_up,
    keys,
    photos,
    policies,
    repeats,
    rules,
    stats,
    tracking,
)
from workflow.desk import Desk
from workflow.erasure import forget_residents
from workflow.handlers import count_routed, on_submissions
from workflow.holidays import Holidays
from workflow.key_store import KeyStore
from workflow.keyring import Keyring
from workflow.measures import Statistics
from workflow.migrations import MIGRATIONS
from workflow.reporters_photos import ReportersPhotos
from workflow.settings import WorkflowSettings
from workflow.store import WorkflowStore
from workflow.timer import Timer
from workflow.told_again import tell_again

DESCRIPTION = """Routes each submission to the party responsible and keeps its story.

What comes in: `linli.intake`. What goes out: `linli.cases`, `linli.community`, `linli.principals`."""

TOPICS = ("intake", "cases", "community", "principals")
"""Those that it writes or reads."""


def build(settings: WorkflowSettings) -> Service:
    """The service, wired; nothing connects before it runs."""
    client = mongo.connect(settings)
    database = client[settings.database("workflow")]
    member = settings.member(settings.workflow_port)
    publisher = Publisher(settings.kafka_bootstrap, "linli-workflow")
    seals = Seals.from_settings(settings)
    relay = Relay(database, ["events"], publisher, member, settings.sweep_after, seals)
    store = WorkflowStore(database, settings.topic)
    key_store = KeyStore(database, settings.topic)
    files = PhotoFiles(database)
    reporters_photos = ReportersPhotos(settings.intake_url, settings.secret("service.key"))

    def committed(unsent: Sequence[Unsent]) -> None:
        relay.offer(unsent)
        count_routed(unsent)

    inbox = Inbox(
        client=client,
        database=database,
        bootstrap=settings.kafka_bootstrap,
        group=settings.topic("workflow"),
        member=member,
        topics=[settings.topic("intake")],
        prepare=unprepared(on_submissions(store)),
        erase=forget_residents(store, files),
        offer=committed,
        seals=seals,
        batch_size=settings.batch_size,
        stalled_after=settings.stalled_after,
    )
    membership = Membership(database, member, inbox.rename)
    watch = Watch(client, settings.kafka_bootstrap, [settings.topic(name) for name in TOPICS], inbox.group)
    gate = Gate.from_settings(settings, database, key_store.published)
    kinds = [decided_parked(database, settings.retain_parked), audit_log(database, settings.retain_audit)]
    retention = Retention(database, member, settings.retention_every, kinds)
    app = create_app(
        "Linli workflow",
        DESCRIPTION,
        [
            *(
                cases.routes,
                repeats.routes,
                actions.routes,
                evidence.routes,
                photos.routes,
                tracking.routes,
                follow_up.routes,
            ),
            *(communities.routes, policies.routes, rules.routes, stats.routes, keys.routes),
            *(
                parked_router(database, inbox),
                retention_router(retention),
                cases.internal,
                keys.internal,
                audit_routes.routes,
            ),
        ],
        gate=gate,
        checks={
            "kafka": publisher.unreachable,
            "mongodb": partial(mongo.unreachable, client),
            "consumer": inbox.standing_still,
            "member": membership.namesake,
        },
        cors_origins=settings.cors_origins,
        state={
            "desk": Desk(client, store, relay.offer),
            "album": Album(client, store, files, relay.offer),
            "form_room": FormRoom(Disk(database, settings.disk_floor * MB)),
            "reporters_photos": reporters_photos,
            "keyring": Keyring(client, store, key_store, relay.offer),
            "key_store": key_store,
            "store": store,
            "comparing": WaitingRoom(at_once=1, most=20, most_of_one=10),  # the timer lives in this process too
            "statistics": Statistics(database),
            "database": database,
        },
    )

    async def close() -> None:
        await relay.drain(5)
        await publisher.close()
        await membership.release()
        await reporters_photos.close()
        await gate.close()
        client.close()

    timer = Timer(client, database, store, relay.offer, member)
    background: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
        "inbox": inbox.run,
        "membership": membership.run,
        "watch": watch.run,
        "relay": relay.run,
        "timer": timer.run,
        "holidays": Holidays(store).run,
        "audit": gate.audit.run,
        "retention": retention.run,
        "told_again": partial(tell_again, database),
    }
    places = Places.from_settings(settings)
    return Service("workflow", app, settings.host, settings.workflow_port, background, close, places=places)


async def migrate(settings: WorkflowSettings) -> list[str]:
    """Bring the database up to date; returns what ran."""
    client = mongo.connect(settings)
    try:
        return await mongo.migrate(client[settings.database("workflow")], MIGRATIONS)
    finally:
        client.close()


def main() -> None:
    """`python -m workflow [migrate]`."""
    settings = WorkflowSettings()
    run_service("workflow", settings.log_level, partial(build, settings), partial(migrate, settings))
