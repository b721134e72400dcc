"""What covenants need of the database."""

from linli.storage import mongo


async def covenants_001_indexes(database: mongo.Database) -> None:
    """Covenants of a place."""
    place = [("community", 1), ("neighbourhood", 1), ("_id", 1)]
    await database.covenants.create_index(place, name="place")


MIGRATIONS = (covenants_001_indexes,)
