"""The shard keys of partners' events."""

from linli.storage.sharding import Sharded, Sharding, Whole

SHARDING: tuple[Sharding, ...] = (
    Sharded(
        collection="partner_events",
        by="partner",
        why="A partner's events are read in order, and `partner` keeps two from one number. An `_id` has it in it.",
        everywhere={
            "FeedStore.forget": "An erasure: rare.",
            "kept_since": "Once a day, or when an operator asks what is kept.",
            "oldest_of": "The same.",
        },
    ),
    Sharded(
        collection="partner_tries",
        by="partner",
        why="A partner's calls are looked at together.",
        everywhere={
            "kept_since": "Once a day, or when an operator asks what is kept.",
            "oldest_of": "The same.",
        },
    ),
    Whole(
        collections=("partner_feeds", "partner_endpoints", "partner_reads", "partner_groups"),
        why="One document for each partner.",
    ),
)
