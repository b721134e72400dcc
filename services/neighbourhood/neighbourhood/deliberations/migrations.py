"""What deliberations need of the database."""

from linli.storage import mongo


async def deliberations_001_indexes(database: mongo.Database) -> None:
    """Those of a place, and those to which a party is invited."""
    await database.deliberations.create_index([("community", 1), ("neighbourhood", 1), ("_id", 1)], name="place")
    await database.deliberations.create_index([("community", 1), ("invited", 1)], name="invited")


async def deliberations_002_invitations(database: mongo.Database) -> None:
    """Which deliberation a case is the invitation to."""
    await database.deliberations.create_index("invitations", name="invitations")


MIGRATIONS = (deliberations_001_indexes, deliberations_002_invitations)
