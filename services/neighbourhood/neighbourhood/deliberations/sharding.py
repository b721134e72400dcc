"""The shard keys of deliberations: none."""

from linli.storage.sharding import Whole

SHARDING = (Whole(collections=("deliberations",), why="Some for each neighbourhood."),)
