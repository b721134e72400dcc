"""The shard keys of erasure records."""

from linli.storage.sharding import Whole

SHARDING = (Whole(collections=("erasures",), why="One small document for each submission that was erased."),)
