"""Indexes of sessions."""

from pymongo import ASCENDING, DESCENDING

from linli.storage import mongo
from portal.signin.store import SESSIONS


async def p001_sessions(database: mongo.Database) -> None:
    """By person, and gone when they have ended."""
    await database[SESSIONS].create_index([("principal", ASCENDING), ("began_at", DESCENDING)], name="principal")
    await database[SESSIONS].create_index("ends_at", name="ended", expireAfterSeconds=0)


MIGRATIONS = (p001_sessions,)
