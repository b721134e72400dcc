"""The shard keys of neighbourhood's events, and of the copy of the API keys."""

from linli.storage.sharding import Sharded, Whole

SHARDING = (
    Sharded(
        collection="events",
        by="subject",
        why="A story is read whole, and `story` keeps two events from one place in it. An `_id` has the subject in it.",
        everywhere={
            "Relay._mark": "A batch of many stories, marked as sent by id: it would go to most shards anyhow.",
            "Relay.sweep": "One process by lease, by an index that holds what is unsent alone.",
            "Relay._measure": "Counts by the same index, which is all but empty.",
            "resend": "An operator sends again what Kafka has lost.",
            "Traces._written": "An operator looks for one affair's way, by how ids begin.",
            "count_sent": "The same, counted before.",
            "Box.recount": "A recount of one vote: its ballots' stories, by how they begin.",
        },
    ),
    Whole(collections=("principals",), why="A handful of documents."),
)
