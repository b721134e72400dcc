"""The shard keys of API keys: none."""

from linli.storage.sharding import Whole

SHARDING = (Whole(collections=("api_keys",), why="Some hundreds."),)
