"""The shard keys of photos."""

from linli.photos import files
from linli.storage.sharding import Whole

SHARDING = (*files.SHARDING, Whole(collections=("photo_days",), why="Counts of two days."))
