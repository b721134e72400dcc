"""What causes an alert, and who watches that it fires while the cause lasts and ends after."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpx2
import structlog

from tests.monitoring.office import Office
from tests.support.services import until

log = structlog.get_logger()

FIRES_WITHIN = 150.0
"""Seconds. The slowest waits for figures that are a minute and a half old."""
ENDS_WITHIN = 200.0
"""Seconds. What looks back an hour looks back two minutes here."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert with labels that it has at least; with one label less it could be another cause's."""

    name: str
    labels: dict[str, str]

    def is_among(self, firing: Sequence[dict[str, str]]) -> bool:
        wanted = {"alertname": self.name} | self.labels
        return any(wanted.items() <= labels.items() for labels in firing)


def alert(name: str, **labels: str) -> Alert:
    return Alert(name, labels)


@dataclass(frozen=True, slots=True)
class Cause:
    """`begin` causes the alerts; leaving its block takes the cause away."""

    begin: Callable[[Any], AbstractAsyncContextManager[None]]
    alerts: tuple[Alert, ...]
    lingers: bool = False
    """It looks back for long. What comes next in the track need not wait until it has ended."""


Track: TypeAlias = tuple[Cause, ...]
"""Causes that come one after another."""
Plan: TypeAlias = tuple[Track, ...]
"""Tracks that one office bears side by side: none takes from another what it needs."""


def names(*plans: Plan) -> list[str]:
    """The alerts that are caused, in order."""
    return [each.name for plan in plans for track in plan for cause in track for each in cause.alerts]


class Watchman:
    """Lets all happen that a plan says, and knows of each alert what became of it."""

    def __init__(self, office: Office, plan: Plan) -> None:
        self._office = office
        self._outcomes: dict[str, asyncio.Future[None]] = {
            name: asyncio.get_running_loop().create_future() for name in names(plan)
        }
        self._firing: list[dict[str, str]] | None = None
        """None: nobody has looked yet."""
        self._endings = set[asyncio.Task[None]]()
        self._tasks = [self._begun(self._look())]
        self._tasks += [self._begun(self._go_through(track)) for track in plan]

    async def outcome(self, name: str) -> None:
        """Raises AssertionError when the alert did not fire, or did not end."""
        await self._outcomes[name]

    async def close(self) -> None:
        tasks = [*self._tasks, *self._endings]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in self._outcomes.values():
            if outcome.done():
                outcome.exception()  # nobody asked for this one: it was not among the tests that were chosen

    def _begun(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Where it breaks off, nothing that is still awaited can be known."""
        task = asyncio.create_task(work)
        task.add_done_callback(self._broken_off)
        return task

    def _broken_off(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            for outcome in self._outcomes.values():
                if not outcome.done():
                    outcome.set_exception(error)

    async def _look(self) -> None:
        """A question that is not answered is asked again: the machine has more to do than to watch."""
        while True:
            with contextlib.suppress(httpx2.TransportError):
                self._firing = await self._office.prometheus.firing()
            await asyncio.sleep(0.3)

    async def _go_through(self, track: Track) -> None:
        for cause in track:
            try:
                await asyncio.gather(*(self._until(each, False, ENDS_WITHIN) for each in cause.alerts))
                begun = time.monotonic()
                async with cause.begin(self._office):
                    fired = [each for each in cause.alerts if await self._fires(each, begun)]
            except Exception as error:
                self._failed(cause, error)
                continue
            ending = self._begun(self._ending(fired))
            self._endings.add(ending)
            if not cause.lingers:
                await ending

    async def _fires(self, alert: Alert, begun: float) -> bool:
        try:
            await self._until(alert, True, FIRES_WITHIN)
        except AssertionError as error:
            self._outcomes[alert.name].set_exception(error)
            return False
        log.info("fires", alert=alert.name, seconds=round(time.monotonic() - begun, 1))
        return True

    async def _ending(self, alerts: Sequence[Alert]) -> None:
        taken_away = time.monotonic()
        for each in alerts:
            try:
                await self._until(each, False, ENDS_WITHIN)
            except AssertionError as error:
                self._outcomes[each.name].set_exception(error)
                continue
            log.info("ended", alert=each.name, seconds=round(time.monotonic() - taken_away, 1))
            self._outcomes[each.name].set_result(None)

    async def _until(self, alert: Alert, fires: bool, seconds: float) -> None:
        async def so() -> bool:
            return self._firing is not None and alert.is_among(self._firing) is fires

        try:
            await until(so, seconds)
        except AssertionError:
            said = [f"{each['state']} {each['labels']}" for each in await self._office.prometheus.alerts()]
            word = "fire" if fires else "end"
            raise AssertionError(f"{alert.name} {alert.labels} does not {word}; there is {said}") from None

    def _failed(self, cause: Cause, error: Exception) -> None:
        for each in cause.alerts:
            if not self._outcomes[each.name].done():
                self._outcomes[each.name].set_exception(error)
