"""Live pages: one stream from workflow for all viewers, and to each viewer no more than that it is time to look again.

A page listens by `GET /live?topics=…` (services/portal/README.md). What it then shows it asks for anew, with the rights
of who looks; so a signal needs no rights, and whoever loses them is shown nothing more.
"""

import asyncio
import random
import re
import time
from collections.abc import Sequence
from contextlib import aclosing, suppress

import structlog

from linli.contracts.workflow.signalled import SIGNALLED
from linli.web.problems import Problem
from linli.web.signals import Fanout, Listener, Pace, Signal, digest_of, line
from portal.services import Services

log = structlog.get_logger()

ALIVE = line("alive")
"""Told while workflow is heard, also when nothing happens. A page that is not told it for a while says that what it
shows may be old (`pages/static/linli.js`): so also one whose network, portal or workflow just stands still."""
ALIVE_EVERY = 5.0
"""Seconds between two of these, at least."""
REST = 2.0
"""Seconds between two looks of one page, however much happens."""
LONGEST_WAIT = 20.0
"""Seconds between two tries to reach workflow at most."""
SECONDS = 3_600
MOST_TOPICS = 20
_TOPIC = re.compile(r"(?P<kind>[a-z]{1,20})(?::(?P<id>[A-Za-z0-9._/-]{1,200}))?")


class Live:
    """All live pages of this process. `run` it as a background task, `close` it before connections are waited for."""

    def __init__(self, services: Services, pace: Pace, wait: float = 1.0) -> None:
        """`wait`: seconds before the first try to reach workflow again; each one doubles it."""
        self._services, self._viewers, self._wait = services, Fanout(pace), wait
        self._signed = -ALIVE_EVERY
        self._missed = False
        """Whether something may have changed since workflow was listened to."""
        self.streamed = self._viewers.streamed
        self.close = self._viewers.close

    def join(self, origin: str, topics: str, *, again: bool) -> Listener:
        """A viewer's place. `topics` are kinds, each perhaps with one id: `case,outage`, `case:0192…`. `again`: it was
        here before, and may have missed something. Raises 422, 429, 503."""
        wanted = _read(topics)
        everything = sorted({line(kind) for kind, _ in wanted})

        def hears(signal: Signal) -> str | None:
            heard = (signal.kind, None) in wanted or (signal.kind, signal.digest) in wanted
            return line(signal.kind) if heard else None

        listener = self._viewers.join(origin, hears, everything, SECONDS)
        if again:
            listener.tell(*everything)
        return listener

    async def run(self) -> None:
        """Listen to workflow while somebody looks."""
        wait = self._wait
        while True:
            await self._viewers.somebody.wait()
            begun = time.monotonic()
            with suppress(Problem):
                await self._listen()
            if not self._viewers.somebody.is_set():
                self._missed = False  # whoever comes has a page that is new
                continue
            # It broke off or ended, and workflow tells what was meanwhile for a few seconds only.
            self._missed = True
            wait = self._wait if time.monotonic() - begun > LONGEST_WAIT else wait
            await asyncio.sleep(wait * random.uniform(0.7, 1.3))  # noqa: S311 - so that processes come apart
            wait = min(wait * 2, LONGEST_WAIT)

    async def _listen(self) -> None:
        """One stream of workflow's, while somebody looks. Raises `Problem` when it breaks off."""
        async with aclosing(self._services.signals(SECONDS)) as signals:
            async for signal in signals:
                self._sign()
                if self._missed:
                    self._missed = False
                    self._viewers.tell_all()
                self._pass_on(signal)
                if not self._viewers.somebody.is_set():
                    return

    def _sign(self) -> None:
        now = time.monotonic()
        if now - self._signed >= ALIVE_EVERY:
            self._signed = now
            self._viewers.sign(ALIVE)

    def _pass_on(self, signal: Signal | None) -> None:
        if signal is None:
            return
        if signal.kind == "everything":
            self._viewers.tell_all()
        else:
            self._viewers.tell(signal)


def _read(topics: str) -> set[tuple[str, str | None]]:
    """Kind and the id's digest, if there is one. Raises 422, also for a kind that is never told of."""
    said: Sequence[str] = topics.split(",")
    found = [match for each in said if (match := _TOPIC.fullmatch(each)) and match["kind"] in SIGNALLED]
    if len(found) != len(said) or len(found) > MOST_TOPICS:
        raise Problem("invalid", 422, "Topics are case and outage, each perhaps with an id, parted by commas.")
    return {(each["kind"], digest_of(each["id"]) if each["id"] else None) for each in found}
