"""The collections of bulletins in intake's database."""

from intake.bulletins.store import ANY_CASE
from linli.storage import mongo


async def bulletins_001_subscriptions(database: mongo.Database) -> None:
    """One of a mailbox in a neighbourhood, found by its code; what nobody confirms goes after a week."""
    there = database.subscriptions
    one = [("email", 1), ("community", 1), ("neighbourhood", 1)]
    await there.create_index(one, name="mailbox", unique=True, collation=ANY_CASE)
    await there.create_index("code", name="code", unique=True)
    await there.create_index("waits_until", name="waits_until", expireAfterSeconds=0)
    if "demands_thinned" not in await database.list_collection_names():
        await database.create_collection("demands_thinned")


MIGRATIONS = (bulletins_001_subscriptions,)
