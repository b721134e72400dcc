"""How what notices go by is spread over shards: not at all."""

from linli.storage.sharding import Whole

SHARDING = (Whole(collections=("keys", "communities", "principals"), why="A handful of documents."),)
