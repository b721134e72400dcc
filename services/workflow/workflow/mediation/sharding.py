"""The shard keys of mediations: none, they are few."""

from linli.storage.sharding import Sharding, Whole

SHARDING: tuple[Sharding, ...] = (
    Whole(
        collections=("mediations", "mediation_papers", "mediators"),
        why="A few hundred disputes a year for each community, and a handful of people who mediate them.",
    ),
)
