"""How what the desk keeps is spread over shards."""

from linli.storage.sharding import Whole

SHARDING = (
    Whole(
        collections=("desk_filters", "desk_watches", "desk_presences", "desk_bulks"),
        why="Some dozen documents of each person who is at work.",
    ),
)
