"""Lineage: what has become of each demand, by all that this service and workflow tell."""

from typing import Any

from linli.application.context import Module, Reaction
from linli.application.kit import Kit
from linli.contracts.intake.subscription import DemandThinned
from linli.contracts.workflow.case import CaseEvent
from linli.messaging.inbox import unprepared
from linli.storage import mongo
from linli.storage.sharding import Sharded, Whole
from neighbourhood.lineage import api
from neighbourhood.lineage.following import Following
from neighbourhood.lineage.store import Links

READS = (CaseEvent, DemandThinned)


def module(kit: Kit[Any]) -> Module:
    """It follows every event of this service in the transaction that it is written in."""
    following = Following(kit, Links(kit.database, kit.events))
    kit.events.followed_by(following.own)
    return Module(
        routes=[api.routes],
        provides=[following],
        reactions=[
            Reaction((CaseEvent,), unprepared(following.of_cases)),
            Reaction((DemandThinned,), unprepared(following.thinned)),
        ],
        background={"lineage": following.run},
    )


async def lineage_001_links(database: mongo.Database) -> None:
    """Links by what they come from, and by what they lead to; what is to be looked at, the oldest first."""
    await database.lineage_links.create_index("source", name="source")
    await database.lineage_links.create_index("target", name="target")
    await database.lineage_touched.create_index("at", name="at")
    if "demands" not in await database.list_collection_names():
        await database.create_collection("demands")


async def lineage_002_levels(database: mongo.Database) -> None:
    """How much demanders want to hear: a transaction writes there."""
    if "lineage_levels" not in await database.list_collection_names():
        await database.create_collection("lineage_levels")


MIGRATIONS = (lineage_001_links, lineage_002_levels)
SHARDING = (
    Sharded(
        collection="lineage_links",
        by="_id",
        why="A link is written by its id alone.",
        everywhere={
            "Links.around": "Of one demand: each shard reads an index, some keys at a time.",
            "Links.demands_of": "The same, the other way.",
        },
    ),
    Sharded(collection="lineage_levels", by="_id", why="Loaded and saved by the demand's id."),
    Sharded(collection="demands", by="_id", why="What was told of a demand is loaded and saved by its id."),
    Whole(collections=("lineage_touched",), why="Emptied as fast as it fills."),
)
