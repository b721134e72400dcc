"""The shard keys of publicity: none."""

from linli.storage.sharding import Sharding, Whole

SHARDING: tuple[Sharding, ...] = (Whole(collections=("publicity",), why="Some for each neighbourhood."),)
