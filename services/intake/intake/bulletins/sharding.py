"""The shard keys of subscriptions."""

from linli.storage.sharding import Sharded, Sharding, Whole

SHARDING: tuple[Sharding, ...] = (
    Whole(collections=("subscriptions",), why="Some hundred for each neighbourhood."),
    Sharded(collection="demands_thinned", by="_id", why="Loaded and saved by the submission's id."),
)
