"""What works need of the database."""

from linli.storage import mongo


async def works_001_indexes(database: mongo.Database) -> None:
    """Packages and clearings of a place; photos that wait to be named."""
    for name in ("work_packages", "clearings"):
        await database[name].create_index([("community", 1), ("neighbourhood", 1), ("_id", 1)], name="place")
    await database.site_photos.create_index([("place", 1), ("person", 1), ("named", 1)], name="person")
    await database.site_photos.create_index("at", name="waiting", partialFilterExpression={"named": False})


async def works_003_representatives(database: mongo.Database) -> None:
    """Those of a package. Collections exist before a transaction writes to them."""
    await database.site_representatives.create_index("package", name="package")
    if "site_codes" not in await database.list_collection_names():
        await database.create_collection("site_codes")


async def works_002_photo_files(database: mongo.Database) -> None:
    """Whose a photo's file is. Collections exist before a transaction writes to them."""
    await database["photos.files"].create_index("metadata.of", name="of", sparse=True)


async def works_004_senders(database: mongo.Database) -> None:
    """What waits to be named in a place, by who has sent it."""
    waiting = {"named": False}
    await database.site_photos.create_index([("place", 1), ("by", 1)], name="sender", partialFilterExpression=waiting)


MIGRATIONS = (works_001_indexes, works_002_photo_files, works_003_representatives, works_004_senders)
