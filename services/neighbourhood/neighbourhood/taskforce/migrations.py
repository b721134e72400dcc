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


MIGRATIONS = (taskforce_001_indexes,)
