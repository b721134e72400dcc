"""The shard keys of task forces: none."""

from linli.storage.sharding import Whole

SHARDING = (
    Whole(
        collections=("taskforces", "meetings", "actions", "taskforce_members"),
        why="Some for each neighbourhood.",
    ),
)
