"""What publicity needs of the database."""

from linli.storage import mongo


async def publicity_001_indexes(database: mongo.Database) -> None:
    """Notices of a place, and those that hang there now."""
    place = [("community", 1), ("neighbourhood", 1)]
    await database.publicity.create_index([*place, ("_id", 1)], name="place")
    await database.publicity.create_index([*place, ("stage", 1), ("_id", 1)], name="hanging")


MIGRATIONS = (publicity_001_indexes,)
