"""The shard keys of the topology."""

from linli.storage.sharding import Sharding, Whole

SHARDING: tuple[Sharding, ...] = (
    Whole(
        collections=("topology_samples", "topology_findings"),
        why="Seven days of one small document every five seconds, read in order.",
    ),
)
