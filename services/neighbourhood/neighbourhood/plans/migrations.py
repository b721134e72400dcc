"""What plans need of the database."""

from linli.storage import mongo


async def plans_001_indexes(database: mongo.Database) -> None:
    """Plans of a place, and which of them is not superseded."""
    place = [("community", 1), ("neighbourhood", 1)]
    await database.plans.create_index([*place, ("_id", 1)], name="place")
    if "plan_places" not in await database.list_collection_names():
        await database.create_collection("plan_places")


MIGRATIONS = (plans_001_indexes,)
