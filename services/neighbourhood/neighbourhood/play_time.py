"""The time of a play: for a demonstration, which shows in minutes what takes months.

A notice hangs for fifteen days and a ballot is open for a week, by law; a demonstration of that needs a clock that can
be put ahead. It is there only where `LINLI_PLAY_TIME` is set, as `linli demo renewal` does for a stack of its own, and
nobody where people live: every day that is counted would be worth nothing.
"""

from datetime import datetime, timedelta
from functools import partial

import structlog
from pydantic import Field

from linli.application.context import Context, Module
from linli.application.kit import Kit
from linli.contracts.base import Record
from linli.security.auth import needs
from linli.security.permissions import OPERATOR, Permission
from linli.storage import mongo
from linli.storage.clock import ServerClock
from linli.storage.sharding import Whole
from linli.web.app import router
from neighbourhood.settings import NeighbourhoodSettings

log = structlog.get_logger()
MOVE_CLOCK = Permission("clock:move", OPERATOR)
SHARDING = (Whole(collections=("play_time",), why="One document, of a demonstration."),)


class Ahead(Record):
    """How far the clock is put ahead of where it is now."""

    seconds: int = Field(ge=0, le=400 * 86_400, examples=[86_400])


class Now(Record):
    """What time it is in the play."""

    now: datetime


async def played(database: mongo.Database) -> datetime:
    """The server's time, and as much later as the play has gone on."""
    kept = await database.play_time.find_one({"_id": "ahead"})
    return await mongo.server_time(database) + timedelta(seconds=kept["seconds"] if kept else 0)


def on_the_clock_of_a_play(kit: Kit[NeighbourhoodSettings]) -> None:
    """Before anything else takes the kit's clock."""
    log.warning("play_time", said="the clock can be put ahead: this is a demonstration")
    kit.clock = ServerClock(partial(played, kit.database))


def module(kit: Kit[NeighbourhoodSettings]) -> Module:
    """One route."""
    routes = router(prefix="/v1", tags=["play"])

    @routes.post("/clock:ahead", dependencies=[needs(MOVE_CLOCK)])
    async def ahead(by: Ahead) -> Now:
        """Put the clock ahead. Only in a demonstration."""
        await kit.database.play_time.update_one({"_id": "ahead"}, {"$inc": {"seconds": by.seconds}}, upsert=True)
        await kit.clock.sync()
        return Now(now=kit.clock.now())

    return Module(routes=[routes])


CONTEXT = Context("play_time", module)
