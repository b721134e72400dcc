"""What all affairs share: the texts that they name by hash, and the press."""

from typing import Any

from linli.application.context import Module
from linli.application.kit import Kit
from linli.storage import mongo
from linli.storage.sharding import Sharded
from neighbourhood.affairs.texts import Texts
from neighbourhood.papers.press import Press


def module(kit: Kit[Any]) -> Module:
    """It has no route of its own."""
    return Module(provides=[Texts(kit.database), Press()])


async def affairs_001_texts(database: mongo.Database) -> None:
    """The texts of an affair."""
    await database.texts.create_index([("affair", 1), ("person", 1)], name="affair")


MIGRATIONS = (affairs_001_texts,)
SHARDING = (
    Sharded(
        collection="texts",
        by="affair",
        why="A text is kept and found by the affair that names it.",
    ),
)
