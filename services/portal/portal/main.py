"""Assembles the portal from its faces. They ask the services by HTTP, and decide nothing."""

import asyncio
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version

import structlog

from linli.application import telemetry
from linli.application.context import Module, Task
from linli.application.service import Service
from linli.application.service import main as run_service
from linli.application.worker import until_done
from linli.storage import mongo
from linli.storage.sharding import Sharding, Whole
from linli.web.app import create_app
from linli.web.connections import Places
from portal.desk import migrations as desk_migrations
from portal.desk import module as desk
from portal.desk import sharding as desk_sharding
from portal.face import Face, FaceKit
from portal.office import module as office
from portal.open311 import module as open311
from portal.pages import module as pages
from portal.renewal import module as renewal
from portal.reports import module as reports
from portal.residents import module as residents
from portal.rounds import module as rounds
from portal.settings import SERVICES, PortalSettings
from portal.signin import migrations as signin_migrations
from portal.signin import module as signin
from portal.signin import sharding as signin_sharding
from portal.topology import migrations as topology_migrations
from portal.topology import module as topology
from portal.topology import sharding as topology_sharding
from portal.works import module as works

log = structlog.get_logger()

DESCRIPTION = """Pages for residents, staff and operators; Open311 GeoReport v2 for other software.

What comes in: HTTP. What goes out: HTTP to the services, with the key of who asks."""

FACES: tuple[Face, ...] = (
    Face("open311", open311.module),
    Face("pages", pages.module),
    Face("signin", signin.module, signin_migrations.MIGRATIONS, signin_sharding.SHARDING),
    Face("topology", topology.module, topology_migrations.MIGRATIONS, topology_sharding.SHARDING),
    Face("residents", residents.module),
    Face("works", works.module),
    Face("rounds", rounds.module),
    Face("reports", reports.module),
    Face("office", office.module),
    Face("renewal", renewal.module),
    Face("desk", desk.module, desk_migrations.MIGRATIONS, desk_sharding.SHARDING),
)
NOWHERE = Face("nowhere", pages.nowhere)
"""What is at no address: after all others."""
MIGRATIONS: Sequence[mongo.Migration] = [each for face in FACES for each in face.migrations]
SHARDING: tuple[Sharding, ...] = (
    *(each for face in FACES for each in face.sharding),
    Whole(collections=("leases", "migrations"), why="A handful of documents."),
)


def build(settings: PortalSettings) -> Service:
    """The service, wired; nothing connects before it runs."""
    kit = FaceKit(settings)
    telemetry.INFO.labels("portal", kit.member, version("linli-shared")).set(1)
    modules = []
    for face in (*FACES, NOWHERE):
        module = face.module(kit)
        kit.provide(*module.provides)
        modules.append(module)
    app = create_app(
        "Linli portal",
        DESCRIPTION,
        [routes for module in modules for routes in module.routes],
        gate=kit.porch,
        checks={
            **{name: partial(kit.services.away, name) for name in SERVICES},
            "mongodb": partial(mongo.unreachable, kit.client),
        },
        # Each page answers for what it needs, by 503.
        does_without=frozenset({*SERVICES, "mongodb"}),
        provided=kit.provided,
        cors_origins=settings.cors_origins,
        recorder=kit.recorder,
    )

    async def close() -> None:
        for end in (end for module in modules for end in module.close):
            await end()
        await kit.services.close()
        kit.client.close()

    def stopping() -> None:
        for end in (end for module in modules for end in module.stopping):
            end()

    places = Places.from_settings(settings)
    background = _background(kit, modules)
    return Service(
        "portal",
        app,
        settings.host,
        settings.portal_port,
        background,
        close,
        stopping,
        places=places,
        recorder=kit.recorder,
    )


def _background(kit: FaceKit, modules: Sequence[Module]) -> dict[str, Task]:
    """All of the faces' tasks, once the database is up to date; pages that need none of it go on without."""
    ready = asyncio.Event()

    async def migrations() -> None:
        await kit.clock.known()
        if ran := await until_done("migrations", lambda: mongo.migrate(kit.database, MIGRATIONS)):
            log.info("migrated", ran=ran)
        ready.set()
        await asyncio.Event().wait()

    tasks: dict[str, Task] = {"clock": kit.clock.run, "migrations": migrations}
    for name, task in (each for module in modules for each in module.background.items()):

        async def begin(task: Task = task) -> None:
            await ready.wait()
            await task()

        tasks[name] = begin
    return tasks


async def migrate(settings: PortalSettings) -> list[str]:
    """Bring the database up to date; returns what ran."""
    client = mongo.connect(settings)
    try:
        return await mongo.migrate(client[settings.database("portal")], MIGRATIONS)
    finally:
        client.close()


def main() -> None:
    """`python -m portal [migrate]`."""
    settings = PortalSettings()
    run_service("portal", settings.log_level, partial(build, settings), partial(migrate, settings))
