"""What all affairs share: the texts that they name by hash, their histories, the clock, the press."""

from typing import Any

from linli.application.context import Module
from linli.application.kit import Kit
from linli.storage import mongo
from linli.storage.sharding import Sharded, Sharding, Whole
from neighbourhood.affairs.history import History
from neighbourhood.affairs.texts import Texts
from neighbourhood.affairs.timer import Timer
from neighbourhood.papers.press import Press


def module(kit: Kit[Any]) -> Module:
    """It has no route of its own."""
    timer = Timer(kit)
    provides = [Texts(kit.database), History(kit.database), Press(), timer]
    return Module(provides=provides, background={"timer": timer.run})


async def affairs_001_texts(database: mongo.Database) -> None:
    """The texts of an affair."""
    await database.texts.create_index([("affair", 1), ("person", 1)], name="affair")


async def affairs_002_alarms(database: mongo.Database) -> None:
    """When the clock is to look at which affair."""
    await database.alarms.create_index("at", name="due")


MIGRATIONS = (affairs_001_texts, affairs_002_alarms)
SHARDING: tuple[Sharding, ...] = (
    Whole(collections=("alarms",), why="Some for each neighbourhood."),
    Sharded(
        collection="texts",
        by="affair",
        why="A text is kept and found by the affair that names it.",
    ),
)
