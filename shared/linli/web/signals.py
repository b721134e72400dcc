"""Live streams of signals (Server-Sent Events): that something has changed, and nothing of what. Whoever is concerned
asks anew, with their own rights.

A listener that does not read holds nothing up: what waits for it is a set of lines, each there once.
"""

import asyncio
import hashlib
import random
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from linli.web.event_stream import EventStream, no_place

RETRY_MS = 3_000
"""How long a browser waits before it comes back."""
JUST_NOW = 5.0
"""Seconds of signals that who joins is told of: a page was made a moment before it listens."""
REMEMBERED = 200
MOST_WAITING = 200
"""Lines that wait for one listener; beyond that it is told that everything has changed."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Something of a kind, such as `case`, has changed. Which one is said by a digest: an id may tell who it is of."""

    kind: str
    digest: str


def digest_of(id: str) -> str:
    """Known by who knows the id, and by nobody else."""
    return hashlib.sha256(f"linli signal\0{id}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Pace:
    """How many streams there may be, and how often each is told something."""

    most: int = 1_000
    most_of_address: int = 50
    ping: float = 15.0
    """Seconds without news after which a line says that it is still there."""
    rest: float = 0.0
    """Seconds between two tellings of one listener: what comes meanwhile is told together."""


@dataclass(eq=False)
class Listener:
    """One open stream's place. Whoever got it gives it back: `Fanout.leave`."""

    hears: Callable[[Signal], str | None]
    """A signal's line, None for what it does not listen for."""
    everything: Sequence[str]
    """What it is told when anything may have changed."""
    origin: str
    until: float
    waiting: dict[str, None] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, *lines: str) -> None:
        self.waiting |= dict.fromkeys(lines)
        if len(self.waiting) > MOST_WAITING:
            self.waiting = dict.fromkeys(self.everything)
        self.news.set()


class Fanout:
    """Passes signals on to all who listen in this process."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._listeners: set[Listener] = set()
        self._of: Counter[str] = Counter()
        self._recent: deque[tuple[float, Signal]] = deque(maxlen=REMEMBERED)
        self._closing = False
        self.somebody = asyncio.Event()
        """Set while somebody listens."""

    def join(
        self, origin: str, hears: Callable[[Signal], str | None], everything: Sequence[str], seconds: float
    ) -> Listener:
        """A place, for so long. Raises 429 for an address at its limit, 503 when all places are taken."""
        if self._closing or len(self._listeners) >= self._pace.most:
            raise no_place(of_address=False)
        if self._pace.most_of_address and self._of[origin] >= self._pace.most_of_address:
            raise no_place(of_address=True)
        lasts = seconds * random.uniform(0.9, 1.0)  # noqa: S311 - so that not all come back at once
        now = time.monotonic()
        listener = Listener(hears, everything, origin, now + lasts)
        listener.tell(*(line for at, each in self._recent if now - at < JUST_NOW and (line := hears(each))))
        self._listeners.add(listener)
        self._of[origin] += 1
        self.somebody.set()
        return listener

    def leave(self, listener: Listener) -> None:
        """Give the place back. A finalizer calls it at any moment, so whoever goes over them all has its own list."""
        self._listeners.discard(listener)
        self._of -= Counter([listener.origin])
        if not self._listeners:
            self.somebody.clear()

    def tell(self, signal: Signal) -> None:
        self._recent.append((time.monotonic(), signal))
        for each in tuple(self._listeners):
            if line := each.hears(signal):
                each.tell(line)

    def tell_all(self) -> None:
        """Anything may have changed: for a while nobody listened for it."""
        for each in tuple(self._listeners):
            each.tell(*each.everything)

    def sign(self, line: str) -> None:
        """A line to all, whatever they listen for."""
        for each in tuple(self._listeners):
            each.tell(line)

    def close(self) -> None:
        """End every stream, now; none is opened any more."""
        self._closing = True
        for each in tuple(self._listeners):
            each.news.set()

    def streamed(self, listener: Listener) -> EventStream:
        """The answer that tells a listener, and gives its place back at its end."""
        return EventStream(self.lines(listener), lambda: self.leave(listener))

    async def lines(self, listener: Listener) -> AsyncIterator[bytes]:
        """Until nobody reads, its time is over, or the process ends. The id tells a browser's first coming from later
        ones, which may have missed something."""
        yield f"retry: {RETRY_MS}\nid: 1\n\n".encode()
        while not self._closing and (left := listener.until - time.monotonic()) > 0:
            try:
                async with asyncio.timeout(min(self._pace.ping, left)):
                    await listener.news.wait()
            except TimeoutError:
                yield b": ping\n\n"
                continue
            listener.news.clear()
            told, listener.waiting = listener.waiting, {}
            for line in told:
                yield line.encode()
            if self._pace.rest:
                await asyncio.sleep(self._pace.rest * random.uniform(0.5, 1.0))  # noqa: S311 - not all at once


def line(event: str, data: str = "") -> str:
    """One event, without an id of its own."""
    return f"event: {event}\ndata: {data}\n\n"
