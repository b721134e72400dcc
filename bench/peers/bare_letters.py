"""Limit (h): hands in letters that notify has made, with aiosmtplib over as many connections; nothing is stored.

`python -m bench.peers.bare_letters URL COUNT` takes the letters from the sink at that address, prints the seconds.
"""

import asyncio
import sys
import time
from itertools import cycle, islice

import aiosmtplib
import httpx2
import uvloop

from notify.settings import NotifySettings


async def deliver(settings: NotifySettings, url: str, count: int) -> float:
    """Seconds for so many letters. Fails when one is not taken."""
    kept = httpx2.get(f"{url}kept-letters", trust_env=False).json()
    letters = islice(cycle([letter.encode("latin-1") for letter in kept]), count)
    connections = [
        aiosmtplib.SMTP(hostname=settings.smtp_host, port=settings.smtp_port, use_tls=False, start_tls=False)
        for _ in range(settings.smtp_connections)
    ]
    await asyncio.gather(*(smtp.connect() for smtp in connections))

    async def hand_in_on(smtp: aiosmtplib.SMTP) -> None:
        for letter in letters:
            await smtp.sendmail("notify@linli.example", ["party@sink.example"], letter)

    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for smtp in connections:
            tasks.create_task(hand_in_on(smtp))
    seconds = time.monotonic() - began
    for smtp in connections:
        smtp.close()
    return seconds


if __name__ == "__main__":
    print(uvloop.run(deliver(NotifySettings(), sys.argv[1], int(sys.argv[2]))))
