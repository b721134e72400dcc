"""The shard keys of the public timeline."""

from linli.storage.sharding import Sharded

SHARDING = (
    Sharded(
        collection="timeline",
        by="case_id",
        why="A case's lines are read together, and `case` keeps two from one place. An `_id` has the case in it.",
    ),
    Sharded(
        collection="stories",
        by="tracking_hash",
        why="A code opens one case, and is looked up. That a case has one code is the inbox's: each event counts once.",
        everywhere={
            "TimelineStore.is_open": "While somebody follows a case: one key of one index on each shard.",
            "TimelineStore.forget": "An erasure: rare.",
        },
    ),
)
