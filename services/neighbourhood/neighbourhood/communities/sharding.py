"""The shard keys of the communities' data: none."""

from linli.storage.sharding import Whole

SHARDING = (Whole(collections=("communities",), why="A handful of documents."),)
