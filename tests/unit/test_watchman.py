"""Who watches alerts says of each what became of it, even where the watching itself breaks off."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from tests.monitoring.causes import Cause, Watchman, alert

PLAN = ((Cause(lambda office: office.hurt(), (alert("Slow"), alert("Full"))),),)


class Away(Exception):
    """Prometheus does not answer."""


class Town:
    """An office whose alerts fire while it is hurt; `says` is asked each time."""

    def __init__(self, says: Callable[["Town"], Sequence[dict[str, str]]]) -> None:
        self.is_hurt, self.was_hurt = False, False
        self.prometheus = SimpleNamespace(firing=self._firing)
        self._says = says

    async def _firing(self) -> Sequence[dict[str, str]]:
        return self._says(self)

    @asynccontextmanager
    async def hurt(self) -> AsyncIterator[None]:
        self.is_hurt = self.was_hurt = True
        yield
        self.is_hurt = False


def firing(town: Town) -> Sequence[dict[str, str]]:
    return [{"alertname": "Slow"}, {"alertname": "Full"}] if town.is_hurt else []


def away_from_the_start(town: Town) -> Sequence[dict[str, str]]:
    raise Away


def away_after(town: Town) -> Sequence[dict[str, str]]:
    if town.was_hurt and not town.is_hurt:
        raise Away
    return firing(town)


async def became(says: Callable[[Town], Sequence[dict[str, str]]]) -> list[BaseException | None]:
    town: Any = Town(says)
    watchman = Watchman(town, PLAN)
    try:
        async with asyncio.timeout(20):
            outcomes = (watchman.outcome(name) for name in ("Slow", "Full"))
            return await asyncio.gather(*outcomes, return_exceptions=True)
    finally:
        await watchman.close()


async def test_what_fires_and_ends_is_well() -> None:
    assert await became(firing) == [None, None]


@pytest.mark.parametrize("says", [away_from_the_start, away_after])
async def test_one_request_that_fails_fails_all_that_is_awaited(
    says: Callable[[Town], Sequence[dict[str, str]]],
) -> None:
    assert [type(each) for each in await became(says)] == [Away, Away]


async def test_an_ending_that_breaks_off_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    until = Watchman._until

    async def broken(self: Watchman, alert: Any, fires: bool, seconds: float) -> None:
        town: Any = self._office
        if town.was_hurt and not town.is_hurt:
            raise Away
        await until(self, alert, fires, seconds)

    monkeypatch.setattr(Watchman, "_until", broken)
    assert [type(each) for each in await became(firing)] == [Away, Away]
