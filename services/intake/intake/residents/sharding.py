"""How what is kept of erasures is spread over shards."""

from linli.storage.sharding import Whole

SHARDING = (Whole(collections=("erasures",), why="One small document for each submission that was erased."),)
