"""Limit (g): signs and posts bodies that notify has posted, with its client, as many at once; nothing is stored.

`python -m bench.peers.bare_webhooks URL COUNT` takes the bodies from the sink at that address, prints the seconds.
"""

import asyncio
import base64
import sys
import time
from itertools import cycle, islice

import httpx2
import uvloop

from notify.deliveries.channels.webhook import Webhooks
from notify.deliveries.domain.tries import Took
from notify.settings import NotifySettings
from tests.support.clocks import process_time

SECRETS = [f"whsec_{base64.b64encode(bytes(range(32))).decode()}"]


async def deliver(settings: NotifySettings, url: str, count: int) -> float:
    """Seconds for so many posts. Fails when one is not taken."""
    kept = httpx2.get(f"{url}kept-webhooks", trust_env=False).json()
    posts = islice(cycle([(id, body.encode()) for id, body in kept]), count)
    networks, timeout = settings.webhook_allowed_networks, settings.webhook_timeout
    webhooks = Webhooks(networks, timeout, settings.concurrency, process_time)

    async def post_on() -> None:
        for id, body in posts:
            outcome = await webhooks.send(id, url, body, SECRETS)
            assert isinstance(outcome, Took), outcome

    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(settings.concurrency):
            tasks.create_task(post_on())
    seconds = time.monotonic() - began
    await webhooks.close()
    return seconds


if __name__ == "__main__":
    print(uvloop.run(deliver(NotifySettings(), sys.argv[1], int(sys.argv[2]))))
