"""The indexes of partners."""

from linli.storage import mongo
from workflow.partners.photo_shelf import WAITING


async def partners_001_indexes(database: mongo.Database) -> None:
    """A partner's orders; the oldest updates. The collections exist before a first transaction writes to them."""
    await database.orders.create_index([("community", 1), ("party", 1), ("_id", -1)], name="partner")
    await database.partner_updates.create_index("at", name="at")
    present = await database.list_collection_names()
    if "partners" not in present:
        await database.create_collection("partners")


async def partners_002_sandbox(database: mongo.Database) -> None:
    """What is only for trying lies apart."""
    await database.sandbox_partner_updates.create_index("at", name="at")
    await database.sandbox_orders.create_index("updated_at", name="updated_at")
    await database.sandbox_cases.create_index("updated_at", name="updated_at")


async def partners_003_silence(database: mongo.Database) -> None:
    """The orders of which a word is waited for, by when, with whose they are: counted without the orders."""
    await database.orders.create_index(
        [("update_by", 1), ("community", 1), ("party", 1)],
        name="update_by",
        partialFilterExpression={"update_by": {"$exists": True}},
    )


async def partners_004_said(database: mongo.Database) -> None:
    """What a partner said last."""
    for updates in (database.partner_updates, database.sandbox_partner_updates):
        await updates.create_index([("partner", 1), ("at", -1)], name="partner")


async def partners_005_photos(database: mongo.Database) -> None:
    """Photos of an order that wait to be named, and the oldest of them."""
    await database[WAITING].create_index("order_id", name="order_id")
    await database[WAITING].create_index("at", name="at")


MIGRATIONS = (partners_001_indexes, partners_002_sandbox, partners_003_silence, partners_004_said, partners_005_photos)
