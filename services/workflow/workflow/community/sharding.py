"""The shard keys of communities: none."""

from linli.storage.sharding import Whole

SHARDING = (Whole(collections=("communities", "community_versions"), why="Some versions of a few communities."),)
