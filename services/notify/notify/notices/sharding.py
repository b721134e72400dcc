"""The shard keys of notices' data: none."""

from linli.storage.sharding import Whole

SHARDING = (Whole(collections=("keys", "communities", "principals"), why="A handful of documents."),)
