"""What task forces need of the database."""

from linli.storage import mongo


async def taskforce_001_indexes(database: mongo.Database) -> None:
    """Those of a place; meetings of a task force; what somebody owes, by its day."""
    for name in ("taskforces", "meetings", "actions"):
        await database[name].create_index([("community", 1), ("neighbourhood", 1), ("_id", 1)], name="place")
    await database.meetings.create_index("taskforce", name="taskforce")
    await database.actions.create_index([("owner", 1), ("stage", 1), ("due", 1)], name="owed")
    await database.actions.create_index("taskforce", name="taskforce")
    await database.taskforce_members.create_index("taskforce", name="taskforce")


async def taskforce_002_owed_in_order(database: mongo.Database) -> None:
    """What is owed, the nearest day first, page by page."""
    order = [("due", 1), ("_id", 1)]
    await database.actions.create_index([("owner", 1), ("stage", 1), *order], name="owed_in_order")
    await database.actions.create_index([("community", 1), ("stage", 1), *order], name="in_order")


MIGRATIONS = (taskforce_001_indexes, taskforce_002_owed_in_order)
