"""The shard keys of deliveries and their outcomes."""

from linli.storage.sharding import Sharded, Sharding, Whole

AN_OPERATOR = "An operator asks, by an index."
RARE = "An erasure or the end of a time: rare."
OF_A_RECIPIENT = "By an index that holds what waits for one letter alone."
COUNTED = "Figures: each shard counts its own by an index."
SHARDING: tuple[Sharding, ...] = (
    Sharded(
        collection="deliveries",
        by="_id",
        why="What was claimed is settled by its ids, which are unique per event, recipient and channel.",
        everywhere={
            "DeliveryStore.claim": "What is due is on any shard; each reads no more of its index than a claim.",
            "DeliveryStore.waiting_since": OF_A_RECIPIENT,
            "DeliveryStore.gather": OF_A_RECIPIENT,
            "DeliveryStore.look_at_next": OF_A_RECIPIENT,
            "DeliveryStore.sent": "A day's letters and messages of some recipients, by an index.",
            "DeliveryStore.release": "At a start, and after an outage.",
            "DeliveryStore.bring_back": "The same.",
            "DeliveryStore.forget": RARE,
            "DeliveryStore.let_go_of_deliveries": RARE,
            "oldest_of": RARE,
            "DeliveryStore.count_ended": RARE,
            "DeliveryStore.deliveries": AN_OPERATOR,
            "DeliveryStore.make_all_due": AN_OPERATOR,
            "DeliveryStore.count": AN_OPERATOR,
            "DeliveryStore.counts": AN_OPERATOR,
            "DeliveryStore.due": COUNTED,
            "DeliveryStore.given_up": COUNTED,
            "DeliveryStore.refusing": COUNTED,
        },
    ),
    Sharded(
        collection="events",
        by="_id",
        why="Outcomes are marked as sent by their ids.",
        everywhere={
            "Relay.sweep": "One process by lease, by an index that holds what is unsent alone.",
            "Relay._measure": "Counts by the same index, which is all but empty.",
            "resend": "An operator sends again what Kafka has lost.",
            "Traces._written": "An operator looks for one case's way, by how ids begin.",
            "count_sent": "The same, counted before.",
            "DeliveryStore.forget": RARE,
            "DeliveryStore.let_go_of_deliveries": RARE,
        },
    ),
    Sharded(collection="addresses", by="_id", why="What is known of an address, by its name alone."),
    Whole(collections=("bulletin_readers",), why="Some hundred for each neighbourhood."),
    Whole(collections=("webhook_secrets",), why="One for each party that has changed its secret."),
)
