"""The shard keys of covenants: none."""

from linli.storage.sharding import Sharding, Whole

SHARDING: tuple[Sharding, ...] = (Whole(collections=("covenants",), why="Some for each neighbourhood."),)
