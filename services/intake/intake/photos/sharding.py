"""How photos are spread over shards."""

from linli.photos import files
from linli.storage.sharding import Whole

SHARDING = (*files.SHARDING, Whole(collections=("photo_days",), why="Counts of two days."))
