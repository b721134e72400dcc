"""A node over time: whoever asks for much waits for it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.web.problems import Problem
from portal.topology.domain.sample import Sample
from portal.topology.given import Topology
from portal.topology.views import HistoryView
from tests.support.builders import NOON
from tests.support.topology import CONTRACTS, EVERY, looks, sample


class Slow:
    """Stands for the store: it has some samples, and gives them when it is let."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def samples(self, since: datetime, until: datetime, least: timedelta) -> AsyncIterator[Sample]:
        await self.go.wait()
        for each in looks(sample, 3):
            yield each


async def test_one_person_has_two_looks_under_way_and_others_have_theirs() -> None:
    store: Any = Slow()
    nothing: Any = None
    found = Topology(store, nothing, CONTRACTS, lambda: NOON, "Asia/Shanghai")

    def ask(who: str) -> asyncio.Task[HistoryView]:
        return asyncio.create_task(found.history(who, "group:linli.notify", NOON, NOON + 10 * EVERY))

    asked = [ask("operator"), ask("operator"), ask("auditor")]
    await asyncio.sleep(0)
    with pytest.raises(Problem) as refused:
        await ask("operator")
    assert refused.value.status == 429
    store.go.set()
    assert [len(each.points) for each in await asyncio.gather(*asked)] == [3, 3, 3]
    assert len((await ask("operator")).points) == 3
