"""Indexes of sessions and of what leads to them."""

from pymongo import ASCENDING, DESCENDING

from linli.storage import mongo
from portal.signin.link_store import LINKS
from portal.signin.oidc.store import UNDER_WAY
from portal.signin.store import COOKIES, SESSIONS


async def p001_sessions(database: mongo.Database) -> None:
    """By person, and gone when they have ended."""
    await database[SESSIONS].create_index([("principal", ASCENDING), ("began_at", DESCENDING)], name="principal")
    await database[SESSIONS].create_index("ends_at", name="ended", expireAfterSeconds=0)


async def p002_sign_in_links(database: mongo.Database) -> None:
    """Gone when they are over."""
    await database[LINKS].create_index("ends_at", name="ended", expireAfterSeconds=0)


async def p003_cookies(database: mongo.Database) -> None:
    """Cookies and sign-ins under way are gone when they are over. Sessions of before had no cookie of their own."""
    for name in (COOKIES, UNDER_WAY):
        await database[name].create_index("ends_at", name="ended", expireAfterSeconds=0)
    await database[SESSIONS].delete_many({"renewing_until": {"$exists": False}})


async def p004_cookies_of_a_session(database: mongo.Database) -> None:
    """They end with it."""
    await database[COOKIES].create_index("session", name="session")


async def p005_links_of_a_person(database: mongo.Database) -> None:
    """So many at most. Those of before, good for ten minutes, do not say whose they are."""
    await database[LINKS].create_index([("principal", ASCENDING), ("ends_at", DESCENDING)], name="principal")
    await database[LINKS].delete_many({"principal": {"$exists": False}})


MIGRATIONS = (
    p001_sessions,
    p002_sign_in_links,
    p003_cookies,
    p004_cookies_of_a_session,
    p005_links_of_a_person,
)
