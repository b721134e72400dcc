"""The shard keys of partners."""

from linli.storage.sharding import Sharded, Sharding, Whole

SHARDING: tuple[Sharding, ...] = (
    Sharded(
        collection="orders",
        by="_id",
        why="A batch and an update load and save orders by id, which is made of case and party.",
        everywhere={
            "PartnerStore.listing": "Staff or a partner look for orders: no more of each shard than a page.",
            "PartnerStore.unanswered": "Every quarter of a minute: of each shard a sum over keys alone.",
        },
    ),
    Sharded(
        collection="partner_updates",
        by="_id",
        why="An update is looked for by the partner's name and its own.",
        everywhere={
            "kept_since": "Once a day, or when an operator asks what is kept.",
            "oldest_of": "The same.",
        },
    ),
    *(
        Sharded(
            collection=collection,
            by="_id",
            why="As those that are not only for trying.",
            everywhere={
                "kept_since": "Once a day, or when an operator asks what is kept.",
                "oldest_of": "The same.",
            },
        )
        for collection in ("sandbox_orders", "sandbox_partner_updates", "sandbox_cases")
    ),
    Sharded(
        collection="order_photos",
        by="_id",
        why="An update names photos by order and id, of which an `_id` is made.",
        everywhere={
            "PhotoShelf.waiting": "A form of photos came in: a sum over keys.",
            "PhotoShelf.forget": "An erasure: rare.",
            "PhotoShelf._older": "Once a day, or when an operator asks what is kept.",
            "PhotoShelf._let_go": "The same.",
            "oldest_of": "The same.",
        },
    ),
    Whole(collections=("partners",), why="A handful for each community."),
)
