"""How API keys are spread over shards: not at all."""

from linli.storage.sharding import Whole

SHARDING = (Whole(collections=("api_keys",), why="Some hundreds."),)
