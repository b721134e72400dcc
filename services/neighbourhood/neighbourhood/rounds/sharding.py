"""The shard keys of rounds, and of what households answer."""

from linli.storage.sharding import Sharded, Sharding, Whole

SHARDING: tuple[Sharding, ...] = (
    Whole(collections=("rounds", "round_reach", "round_needs_aside"), why="Some for each neighbourhood."),
    Sharded(
        collection="round_responses",
        by="_id",
        why="A household's answer is loaded and saved by round and household.",
        everywhere={"Stories.found": "Of one round, by an index: a list, a count, or what waits to become a demand."},
    ),
    Sharded(
        collection="round_photos",
        by="_id",
        why="A photo is kept and found by its household's answer and its hash.",
        everywhere={
            "HouseholdPhotos.room_for": "A count of one household's, by an index.",
            "HouseholdPhotos.forget": "An erasure, by the same index.",
            "HouseholdPhotos.let_wait": "Of an answer that is taken back, by the same index.",
            "HouseholdPhotos._let_go": "One process by lease, by an index of what waits alone.",
            "HouseholdPhotos.kept": "Counts by the same index.",
            "oldest_of": "The first of the same index.",
        },
    ),
    Sharded(collection="round_codes", by="_id", why="A code is found by its hash."),
    Sharded(collection="round_households", by="_id", why="A door is found by its household."),
)
