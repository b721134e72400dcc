"""What everybody is shown, as workflow has it: asked for once for all who look, and no oftener than its share allows.

Nothing is asked about a place that there is not, so whoever makes addresses up costs no call.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from linli.web.problems import Problem, not_found
from portal.addresses import at, nothing_here
from portal.services import Caller, Services, unavailable

log = structlog.get_logger()

KEPT = 10.0
"""Seconds in which nothing is asked again, also where there was nothing."""
LAST = 900.0
"""Seconds for which the last answer is told while there is no newer one."""
ANEW = 120
AT_MOST = 240
"""Calls in a minute: with so many an answer that is known is not asked for anew, with so many nothing is asked.

Workflow counts them all as one resident's, who has 300 (`LINLI_RATE_RESIDENTS`). The page of a neighbourhood is three
questions of its community and two of its own, each asked six times a minute at most. Eight neighbourhoods that all
the world looks at are 114 calls a minute, and ten seconds new. Where it is more, they are asked in turn as people
come: of a hundred neighbourhoods, 203 questions, each answer is about 100 seconds old. What has never been asked for,
or long ago, has the other 120: the first looks at sixty neighbourhoods in one minute. Two portals ask anew 240 times
together.
"""
MOST_KEPT = 2_000
MOST_OUTAGES = 200
"""As many as workflow lists."""
_FOR_ALL = Caller(None, "127.0.0.1")
"""Who asks on everybody's behalf."""


@dataclass(frozen=True, slots=True)
class _Known:
    answer: Any
    """None: workflow knows of nothing there."""
    since: float
    asked: float
    """When it was asked for last, with success or without."""

    def told(self) -> Any:
        if self.answer is None:
            raise nothing_here()
        return self.answer


class Public:
    """Asks workflow. Raises `Problem` as it does: a fault is told, and never taken for an empty list."""

    def __init__(self, services: Services, clock: Callable[[], float] = time.monotonic) -> None:
        self._services, self._clock = services, clock
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Task[Any]] = {}
        self._calls: deque[float] = deque()

    async def communities(self) -> list[dict[str, Any]]:
        """Those that take submissions: `id`, `name`, `name_en`."""
        items: list[dict[str, Any]] = (await self._ask("/v1/services"))["items"]
        return items

    async def categories(self, community: str) -> list[dict[str, Any]]:
        """What it offers: `code`, `kind`, `name`, `group` … Raises 404."""
        await self._community(community)
        items: list[dict[str, Any]] = (await self._ask(at("/v1/services/{id}", id=community)))["items"]
        return items

    async def places(self, community: str) -> dict[str, Any]:
        """Its neighbourhoods with their outlines. Raises 404."""
        await self._community(community)
        found: dict[str, Any] = await self._ask(at("/v1/neighbourhoods/{id}", id=community))
        return found

    async def neighbourhood(self, community: str, neighbourhood: str) -> dict[str, Any]:
        """Its figures and announcements. Raises 404."""
        await self._place(community, neighbourhood)
        path = at("/v1/neighbourhoods/{community}/{id}", community=community, id=neighbourhood)
        found: dict[str, Any] = await self._ask(path)
        return found

    async def requests(self, community: str, neighbourhood: str, most: int) -> list[dict[str, Any]]:
        """The newest of its reports and demands. Raises 404."""
        await self._place(community, neighbourhood)
        asked: dict[str, str | int] = {"community": community, "neighbourhood": neighbourhood, "limit": most}
        items: list[dict[str, Any]] = (await self._ask("/v1/requests", asked))["items"]
        return items

    async def outages(self, community: str, neighbourhood: str) -> list[dict[str, Any]]:
        """What is off there, and what is planned to be: of a whole community by one call. Raises 404."""
        await self._place(community, neighbourhood)
        items: list[dict[str, Any]] = (await self._ask("/v1/outages", {"community": community}))["items"]
        if len(items) >= MOST_OUTAGES:  # there may be more of this one
            asked = {"community": community, "neighbourhood": neighbourhood}
            items = (await self._ask("/v1/outages", asked))["items"]
        return [each for each in items if neighbourhood in each["neighbourhoods"]]

    async def _community(self, id: str) -> None:
        if all(each["id"] != id for each in await self.communities()):
            raise not_found("community")

    async def _place(self, community: str, id: str) -> None:
        if all(each["id"] != id for each in (await self.places(community))["items"]):
            raise not_found("neighbourhood")

    async def _ask(self, path: str, params: Mapping[str, str | int] | None = None) -> Any:
        """What workflow says to anybody; those who ask meanwhile wait for the same answer."""
        key = f"{path}?{sorted((params or {}).items())}"
        now = self._clock()
        last = self._last(key, now)
        if last is not None and now - last.asked < KEPT:
            return last.told()
        if (asking := self._asking.get(key)) is None:
            if not self._may_ask(now, anew=last is not None):
                if last is None:
                    raise unavailable()
                return last.told()
            asking = self._asking[key] = asyncio.create_task(self._answered(key, path, params, now))
            asking.add_done_callback(lambda task: self._done(key, task))
        return await asyncio.shield(asking)

    def _last(self, key: str, now: float) -> _Known | None:
        known = self._known.get(key)
        return known if known is not None and now - known.since < LAST else None

    def _may_ask(self, now: float, *, anew: bool) -> bool:
        """Whether one more call is within the share; counts it."""
        while self._calls and self._calls[0] <= now - 60:
            self._calls.popleft()
        if len(self._calls) >= (ANEW if anew else AT_MOST):
            return False
        self._calls.append(now)
        return True

    async def _answered(self, key: str, path: str, params: Mapping[str, str | int] | None, asked: float) -> Any:
        try:
            found = _Known(await self._services.read(path, _FOR_ALL, params), asked, asked)
        except Problem as problem:
            if problem.status >= 500 and asked in self._calls:  # where nobody answered nobody has counted it
                self._calls.remove(asked)
            last = self._last(key, asked)
            if problem.status == 404:
                found = _Known(None, asked, asked)
            elif last is None or (problem.status < 500 and problem.status != 429):
                raise
            else:
                log.info("told_the_last", slug=problem.slug)
                found = replace(last, asked=asked)
        self._known.pop(key, None)
        while len(self._known) >= MOST_KEPT:
            del self._known[next(iter(self._known))]  # of all the one that was asked for the longest ago
        self._known[key] = found
        return found.told()

    def _done(self, key: str, task: asyncio.Task[Any]) -> None:
        self._asking.pop(key, None)
        if not task.cancelled():
            task.exception()  # whoever waited for it may have gone
