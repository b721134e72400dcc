"""The process that keeps Kafka in line with partners, beside a system whose services run."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from linli.messaging.connection import Cluster
from linli_cli.partners.access import Access, Listener
from tests.support.servers import SERVICE_KEY
from tests.support.system import System


@asynccontextmanager
async def access_beside(system: System) -> AsyncIterator[None]:
    """It follows workflow for the block, and tells notify how far partners have read."""
    servers = system.servers
    access = Access(
        system.urls["workflow"],
        SERVICE_KEY,
        (servers.secrets_dir / "partners.key").read_text().strip(),
        Cluster(servers.bootstrap),
        Listener(servers.partner_bootstrap, servers.secrets_dir / "partner-ca.crt"),
        notify=system.urls["notify"],
    )
    following = asyncio.create_task(access.run())
    try:
        yield
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
