"""The shard keys of outages: none, they are few."""

from linli.storage.sharding import Sharding, Whole

SHARDING: tuple[Sharding, ...] = (Whole(collections=("outages",), why="A few hundred a year for each community."),)
