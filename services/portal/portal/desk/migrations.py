"""Indexes of what the desk keeps."""

from pymongo import ASCENDING, DESCENDING

from linli.storage import mongo
from portal.desk.store import BULKS, FILTERS, PRESENCES, WATCHES


async def p101_desk(database: mongo.Database) -> None:
    """Filters and watched cases by person; presence and results go when their time is over."""
    filters, presences = database[FILTERS], database[PRESENCES]
    await filters.create_index([("principal", ASCENDING), ("name", ASCENDING)], unique=True, name="name")
    await filters.create_index([("office", ASCENDING), ("shared", ASCENDING)], name="office")
    await database[WATCHES].create_index([("principal", ASCENDING), ("at", DESCENDING)], name="principal")
    await presences.create_index([("case", ASCENDING), ("until", DESCENDING)], name="case")
    await presences.create_index("until", name="over", expireAfterSeconds=0)
    await database[BULKS].create_index("until", name="over", expireAfterSeconds=0)


MIGRATIONS = (p101_desk,)
