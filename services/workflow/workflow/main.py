"""Where workflow is put together."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from linli.application.service import Service
from linli.application.service import main as run_service
from linli.contracts.submission import OfSubmission
from linli.messaging.inbox import Inbox, unprepared
from linli.messaging.kafka import Publisher
from linli.messaging.membership import Membership
from linli.messaging.outbox import Relay, Unsent
from linli.messaging.parked import parked_router
from linli.messaging.seals import Seals
from linli.messaging.watch import Watch
from linli.photos.files import PhotoFiles
from linli.photos.forms import FormRoom
from linli.photos.limits import MB
from linli.privacy.retention import Retention, audit_log, decided_parked, retention_router
from linli.security import audit_routes
from linli.security.auth import Gate
from linli.storage import mongo
from linli.storage.disk import Disk
from linli.web.app import create_app
from linli.web.connections import Places
from linli.web.waiting_room import WaitingRoom
from workflow.api_keys import api as keys
from workflow.api_keys.handlers import ApiKeys
from workflow.api_keys.store import KeyStore
from workflow.cases.api import actions, cases, evidence, follow_up, photos, policies, repeats, rules, stats, tracking
from workflow.cases.case_photos import CasePhotos
from workflow.cases.desk import Desk
from workflow.cases.erasure import forget_residents
from workflow.cases.handlers import count_routed, on_submissions
from workflow.cases.measures import Statistics
from workflow.cases.reporters_photos import ReportersPhotos
from workflow.cases.store import CaseStore
from workflow.cases.timer import Timer
from workflow.community.api import routes as community_routes
from workflow.community.holidays import Holidays
from workflow.community.publishing import Publishing
from workflow.community.store import CommunityStore
from workflow.community.told_again import tell_again
from workflow.migrations import MIGRATIONS
from workflow.settings import WorkflowSettings

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
    communities = CommunityStore(database, settings.topic)
    store = CaseStore(database, settings.topic, communities)
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
        topics={settings.topic("intake"): OfSubmission.SOURCE},
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
            *(community_routes.routes, policies.routes, rules.routes, stats.routes, keys.routes),
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
            "case_photos": CasePhotos(client, store, files, relay.offer),
            "form_room": FormRoom(Disk(database, settings.disk_floor * MB)),
            "reporters_photos": reporters_photos,
            "api_keys": ApiKeys(client, communities, key_store, relay.offer),
            "key_store": key_store,
            "store": store,
            "communities": communities,
            "publishing": Publishing(client, communities, store.open_with, relay.offer),
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
        "holidays": Holidays(communities).run,
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
