"""Twenty filters in one request cost what twenty requests do, and leave the database to others too."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.security.rates import Rates
from linli.web.problems import Problem
from workflow.cases.api.cases import COUNTED_AT_ONCE, COUNTED_WITHIN, count
from workflow.cases.api.filters import CountedFilters

WHO = Principal("key:0123456789", Role.OPERATOR)


class Store:
    """Counts how many filters it is asked for at once; the last takes longer than there is time."""

    def __init__(self) -> None:
        self.under_way = self.most = self.asked = 0
        self.communities = SimpleNamespace(directories=self._directories)

    async def _directories(self) -> dict[str, Any]:
        return {}

    async def count_within(self, _query: Any, _at_most: int, seconds: float) -> int | None:
        assert 0 < seconds <= COUNTED_WITHIN
        self.asked = number = self.asked + 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0)
        self.under_way -= 1
        return number if number < 20 else None


def asked(rates: Rates) -> Any:
    gate = SimpleNamespace(rates=rates, origins=SimpleNamespace(of=lambda _: "203.0.113.7"))
    return SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(gate=gate)))


async def test_each_filter_counts_as_a_request_and_few_are_counted_at_once() -> None:
    store: Any = Store()
    request = asked(Rates(principals="38/minute"))
    body = CountedFilters.model_validate({"filters": [{}] * 20})
    said = await count(WHO, store, body, request)
    assert said.totals == [*range(1, 20), None], "what the database had no time for is not counted"
    assert store.most == COUNTED_AT_ONCE
    await count(WHO, store, body, request)  # with the first of each, which the gate counts, forty
    with pytest.raises(Problem) as refused:
        await count(WHO, store, body, request)
    assert refused.value.status == 429
    one = CountedFilters.model_validate({"filters": [{}]})
    assert len((await count(WHO, store, one, request)).totals) == 1, "the gate has counted it"
