"""The shard keys of plans: none."""

from linli.storage.sharding import Sharding, Whole

SHARDING: tuple[Sharding, ...] = (
    Whole(collections=("plans",), why="Some for each neighbourhood."),
    Whole(collections=("plan_places",), why="One for each neighbourhood."),
)
