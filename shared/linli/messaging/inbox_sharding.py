"""The shard keys of an inbox's collections."""

from linli.storage.sharding import Sharded, Sharding, Whole

SHARDING: tuple[Sharding, ...] = (
    Sharded(
        collection="inbox_streams",
        by="_id",
        why="One small document for each story, read and written by its id alone.",
        everywhere={"Traces._read": "An operator looks for one case's way: a case and its orders, by how ids begin."},
    ),
    Whole(
        collections=("inbox_offsets", "inbox_held", "seals"),
        why="A document for each partition; what waits for a gap, which is nothing as long as nothing is wrong.",
    ),
)
"""Of a service that has an inbox; `inbox_parked` is every service's."""
