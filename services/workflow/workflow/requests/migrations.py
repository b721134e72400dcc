"""The indexes of requests."""

from linli.storage import mongo


async def requests_001_indexes(database: mongo.Database) -> None:
    """What the public asks: a community's cases by when something last happened to them."""
    await database.cases.create_index([("community", 1), ("updated_at", 1)], name="changes")


MIGRATIONS = (requests_001_indexes,)
