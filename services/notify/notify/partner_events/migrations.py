"""The indexes of partners' events."""

from linli.storage import mongo
from notify.partner_events.endpoint_store import TRIES


async def partner_events_001_indexes(database: mongo.Database) -> None:
    """A partner's events in order; an order's, to be forgotten; the oldest. What was tried at its endpoint."""
    events = database.partner_events
    await events.create_index([("partner", 1), ("number", 1)], unique=True, name="partner")
    await events.create_index("subject", name="subject")
    await events.create_index("at", name="at")
    await database[TRIES].create_index([("partner", 1), ("_id", -1)], name="partner")
    await database[TRIES].create_index("at", name="at")
    if "partner_feeds" not in await database.list_collection_names():
        await database.create_collection("partner_feeds")


MIGRATIONS = (partner_events_001_indexes,)
