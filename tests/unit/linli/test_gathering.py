"""A long list is not a crowd of requests: few are on their way at once, whatever comes of them."""

import asyncio

import pytest

from linli.gathering import AT_ONCE, few_at_once


class Asked:
    """Counts how many are under way."""

    def __init__(self) -> None:
        self.under_way = self.most = 0
        self.ended: list[int] = []

    async def __call__(self, number: int) -> int:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await asyncio.sleep(0)
            if number < 0:
                raise ValueError("below nothing")
            self.ended.append(number)
            return number * 2
        finally:
            self.under_way -= 1


async def test_few_are_on_their_way_and_the_answers_are_in_order() -> None:
    ask = Asked()
    assert await few_at_once(ask, range(50)) == [number * 2 for number in range(50)]
    assert ask.most == AT_ONCE
    assert await few_at_once(ask, range(0)) == []


async def test_of_one_that_fails_no_other_is_asked_after_it() -> None:
    ask = Asked()
    with pytest.raises(ValueError, match="below nothing"):
        await few_at_once(ask, [-1, *range(1_000)], 2)
    for _ in range(10):
        await asyncio.sleep(0)
    assert ask.under_way == 0
    assert len(ask.ended) < 20
