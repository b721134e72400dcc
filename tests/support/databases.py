"""A running system's databases, looked into from outside."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from linli.application.settings import Settings
from linli.storage import mongo
from tests.support.system import System


@asynccontextmanager
async def databases_of(system: System) -> AsyncIterator[Callable[[str], mongo.Database]]:
    """Service → its database."""
    settings = Settings(
        mongo_uri=system.servers.mongo_uri,
        mongo_username=system.servers.mongo_username,
        mongo_password_file=system.servers.mongo_password_file,
        database_prefix=system.prefix,
    )
    client = mongo.connect(settings)
    try:
        yield lambda service: client[settings.database(service)]
    finally:
        client.close()
