"""How often somebody may ask: limits by principal and by where a resident's request comes from, in this process."""

import math
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeAlias

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from prometheus_client import Counter

from linli.application.settings import Settings
from linli.security.permissions import Permission, Role
from linli.security.principals import Principal
from linli.web.localized import Localized
from linli.web.problems import Problem

LIMITED = Counter("linli_http_limited_total", "Requests that were over a limit", ["limit"])

MOST_MOMENTS = 1_000_000
"""Requests that are remembered at most, over all who ask: some 50 MB."""
MOST_NAMES = 50_000
"""Who is remembered at most; whoever asked the longest ago is forgotten first."""
Clock: TypeAlias = Callable[[], float]
"""Seconds since whenever. Never the time of day: set back by two hours, it would shut everybody out for two hours."""
FILE_KEYS = frozenset({"operator", "service"})
"""The principals that a key from a file stands for."""


class Rates:
    """The limits of one process. Without a limit for something it is free."""

    def __init__(self, clock: Clock = time.monotonic, /, **limits: str) -> None:
        """`submissions`, `residents`, `guesses`, `principals`, `file_keys`: each as `60/minute`, or empty for none."""
        self._limits: dict[str, RateLimitItem] = {name: parse(limit) for name, limit in limits.items() if limit}
        self._clock = clock
        self._hits = SlidingWindows(clock)
        self._windows = MovingWindowRateLimiter(self._hits)

    @classmethod
    def from_settings(cls, settings: Settings) -> "Rates":
        return cls(
            submissions=settings.rate_submissions,
            residents=settings.rate_residents,
            guesses=settings.rate_guesses,
            principals=settings.rate_principals,
            file_keys=settings.rate_file_keys,
        )

    async def admit(self, who: Principal, permission: Permission, origin: str, cost: int = 1) -> None:
        """Count a request, as several where it costs more. Raises 429."""
        if who.role is Role.RESIDENT:
            await self._count(permission.share, origin, cost)
        else:
            await self._count("file_keys" if who.id in FILE_KEYS else "principals", who.id, cost)

    async def admit_to_the_open(self, origin: str) -> None:
        """Count a request for what nobody needs a key for, apart from what residents have to do. Raises 429."""
        await self._count("residents", f"open:{origin}")

    async def admit_to_sign_in(self, origin: str) -> None:
        """Count a try to sign in, apart from all that a page elsewhere can have a browser ask for. Raises 429."""
        await self._count("residents", f"sign-in:{origin}")

    async def may_guess(self, origin: str) -> None:
        """Before a tracking code is looked up: who has shown too many wrong ones is not told. Raises 429."""
        limit = self._limits.get("guesses")
        if limit is not None and not await self._windows.test(limit, "guesses", origin):
            raise await self._too_many("guesses", limit, origin)

    async def guessed(self, origin: str) -> None:
        """Count a wrong key, token or tracking code. Raises 429."""
        await self._count("guesses", origin)

    async def _count(self, name: str, caller: str, cost: int = 1) -> None:
        limit = self._limits.get(name)
        if limit is not None and not self._hits.take(
            limit.key_for(name, caller), limit.amount, limit.get_expiry(), min(cost, limit.amount)
        ):
            raise await self._too_many(name, limit, caller)

    async def _too_many(self, name: str, limit: RateLimitItem, caller: str) -> Problem:
        LIMITED.labels(name).inc()
        window = await self._windows.get_window_stats(limit, name, caller)
        wait = max(1, math.ceil(window.reset_time - self._clock()))
        return Problem(
            "too_many_requests",
            429,
            Localized(
                "More than {amount} requests in {seconds} seconds; try again in {wait} seconds.",
                "{seconds} 秒内超过 {amount} 次请求，请在 {wait} 秒后再试。",
                **{"amount": limit.amount, "seconds": limit.get_expiry(), "wait": wait},
            ),
            retry_after=wait,
            headers={
                "RateLimit-Policy": f'"{name}";q={limit.amount};w={limit.get_expiry()}',
                "RateLimit": f'"{name}";r=0;t={wait}',
            },
        )


class SlidingWindows(MemoryStorage):
    """The library's memory for moving windows, bounded, and without its clearing task, which looks at every name.

    A forgotten name begins anew: whoever asks from that many addresses has that many times the limit anyway.
    """

    STORAGE_SCHEME = ["async+linli"]  # noqa: RUF012 - the library's own form

    def __init__(
        self, clock: Clock = time.monotonic, most_hits: int = MOST_MOMENTS, most_names: int = MOST_NAMES
    ) -> None:
        super().__init__()
        self._clock = clock
        self._hits: OrderedDict[str, list[float]] = OrderedDict()
        self._held = 0
        self._most_hits, self._most_names = most_hits, most_names

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        return self.take(key, limit, expiry, amount)

    def take(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count, unless that makes it more than `limit` within the last `expiry` seconds."""
        now = self._clock()
        hits = self._recent(key, now - expiry)
        if len(hits) + amount > limit:
            return False
        hits.extend([now] * amount)
        self._held += amount
        while self._held > self._most_hits or len(self._hits) > self._most_names:
            _, forgotten = self._hits.popitem(last=False)
            self._held -= len(forgotten)
        return True

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """The oldest moment that still counts, and how many do."""
        now = self._clock()
        hits = self._hits.get(key, ())
        first = bisect_right(hits, now - expiry)
        return (hits[first], len(hits) - first) if first < len(hits) else (now, 0)

    def _recent(self, key: str, since: float) -> list[float]:
        """What counts of a name; it is the one that asked last now."""
        hits = self._hits.setdefault(key, [])
        self._hits.move_to_end(key)
        if hits and hits[0] <= since:
            past = bisect_right(hits, since)
            del hits[:past]
            self._held -= past
        return hits
