"""The indexes of outages."""

from linli.storage import mongo


async def outages_001_indexes(database: mongo.Database) -> None:
    """What is running, and what follows whom. The collection exists before a first transaction writes to it."""
    running = {"running": True}
    await database.outages.create_index(
        [("community", 1), ("declared_at", 1)], partialFilterExpression=running, name="running"
    )
    await database.outages.create_index("heads", name="heads")
    await database.outages.create_index("apart", name="apart")
    await database.outages.create_index("due_at", name="due")
    await database.outages.create_index("updated_at", name="updated_at")


MIGRATIONS = (outages_001_indexes,)
