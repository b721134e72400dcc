"""Where intake is put together."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from intake import api, attachments_api, similar_api
from intake.admission import Admission, Failures
from intake.handlers import Intake
from intake.migrations import MIGRATIONS
from intake.photo_store import PhotoStore
from intake.photos import Darkroom
from intake.settings import IntakeSettings
from intake.similar import AlreadyReported
from intake.store import OUTBOXES, Entry, IntakeStore
from linli import audit_routes, mongo
from linli.auth import Gate
from linli.contracts.community import CommunityPublished
from linli.contracts.key import KeyPublished
from linli.inbox_store import keep_measuring_parked
from linli.kafka import Publisher
from linli.outbox import Relay
from linli.parked import parked_router
from linli.replica import Replica
from linli.service import Service
from linli.service import main as run_service
from linli.web import create_app

DESCRIPTION = """Takes in demands, reports, disputes and alarms.

What comes in: HTTP, `linli.community`, `linli.principals`. What goes out: `linli.intake`, after it is on disk."""


def build(settings: IntakeSettings) -> Service:
    """The service, wired; nothing connects before it runs."""
    client = mongo.connect(settings)
    database = client[settings.database("intake")]
    publisher = Publisher(settings.kafka_bootstrap, "linli-intake")
    relay = Relay(database, OUTBOXES, publisher, settings.member(settings.intake_port), settings.sweep_after)
    store = IntakeStore(client, database)

    async def insert(entries: Sequence[Entry]) -> Failures:
        """An event is offered as soon as it is on disk, whether or not its caller still waits."""
        failures = await store.insert(entries)
        relay.offer([entry.unsent for place, entry in enumerate(entries) if place not in failures])
        return failures

    admission = Admission(insert, lambda entry: entry.weight)
    intake = Intake(store, admission, settings.topic("intake"), relay.offer)
    communities = Replica(
        database,
        "communities",
        settings.kafka_bootstrap,
        settings.topic("community"),
        CommunityPublished,
        changed=lambda: intake.know(each.community for each in communities.newest.values()),
    )
    principals = Replica(database, "principals", settings.kafka_bootstrap, settings.topic("principals"), KeyPublished)
    gate = Gate.from_settings(settings, database, principals.find)
    app = create_app(
        "Linli intake",
        DESCRIPTION,
        [
            *(api.router, similar_api.router, attachments_api.router, api.internal),
            *(parked_router(database, communities, principals), audit_routes.routes),
        ],
        gate=gate,
        checks={"kafka": publisher.unreachable, "mongodb": partial(mongo.unreachable, client)},
        body_limits={"": 65_536, ":batch": 16 * 1024 * 1024, "/attachments": attachments_api.MOST_BYTES},
        state={
            "intake": intake,
            "already_reported": AlreadyReported(store, lambda: intake.directory),
            "photos": PhotoStore(database),
            "darkroom": Darkroom(at_once=2),
        },
    )

    async def close() -> None:
        await relay.drain(5)
        await publisher.close()
        await gate.close()
        client.close()

    background: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
        "relay": relay.run,
        "communities": communities.run,
        "principals": principals.run,
        "audit": gate.audit.run,
        "parked": partial(keep_measuring_parked, database),
    }
    return Service("intake", app, settings.host, settings.intake_port, background, close)


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
