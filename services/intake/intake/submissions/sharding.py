"""The shard keys of submissions: none yet."""

from linli.storage.sharding import Sharded, Sharding, Whole

RARE = "An erasure, an export or the end of a time: rare, and by an index."
SHARDING: tuple[Sharding, ...] = (
    Whole(
        collections=("submissions",),
        why="`idempotency` and `outside` are unique and begin with no id: a repetition would be accepted twice.",
        before=(
            "a collection whose `_id` is a key, an outside id of a community or a tracking code (60 bits: two of "
            "1,000 million may be alike), written in one transaction with the submission that has it."
        ),
    ),
    Sharded(
        collection="events",
        by="_id",
        why="Withdrawals and erasures; they are marked as sent by their ids.",
        everywhere={
            "Relay.sweep": "One process by lease, by an index that holds what is unsent alone.",
            "Relay._measure": "Counts by the same index, which is all but empty.",
            "resend": "An operator sends again what Kafka has lost.",
            "Traces._written": "An operator looks for one case's way, by how ids begin.",
            "count_sent": "The same, counted before.",
            "ResidentStore.next_sequence": RARE,
            "ResidentStore._forget_events": RARE,
        },
    ),
    Whole(collections=("batches",), why="Forgotten after three days."),
    Whole(collections=("keys", "communities", "outages", "principals", "seals"), why="A handful of documents."),
)
