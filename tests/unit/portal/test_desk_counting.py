"""The desk's numbers: one question for all of a page, once for a crowd, and never one party's for another."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.desk import words
from portal.desk.counting import COUNTED_TO, GOOD_FOR, Counting

SIGNED_OUT = Problem("unauthorised", 401, Localized("This key does not count.", "该密钥无效。"))
WORDS = Localized("q: write a word.", "q：请写一个词。")
ALL, LATE = {"sort": "updated"}, {"overdue": True}


def clerk(party: str | None, *permissions: str) -> Any:
    return SimpleNamespace(role="party", community="test", party=party, permissions=frozenset(permissions))


class Workflow:
    """Counts for each party as many as its name has letters, and one more each time; `let_go` first, where said."""

    def __init__(self) -> None:
        self.asked: list[list[Any]] = []
        self.refuses: set[str] = set()
        self.wrong: list[Any] = []
        self.names_the_wrong = True
        self.let_go: asyncio.Event | None = None
        self.totals: list[Any] | None = None

    async def send(self, to: str, path: str, body: Any, caller: str) -> Any:
        assert (to, path, body["at_most"]) == ("workflow", "/v1/cases:count", COUNTED_TO + 1)
        self.asked.append(body["filters"])
        if self.let_go:
            await self.let_go.wait()
        if caller in self.refuses:
            raise SIGNED_OUT
        if wrong := [place for place, each in enumerate(body["filters"]) if each in self.wrong]:
            field = f"filters.{wrong[0]}.q" if self.names_the_wrong else "q"
            raise Problem("invalid", 422, WORDS, errors=[{"field": field, "message": "write a word"}])
        return {"totals": self.totals or [len(caller) * 100 + len(self.asked)] * len(body["filters"])}


class Desk:
    """Clerks who are named by their parties, and a clock."""

    def __init__(self) -> None:
        self.workflow, self.time = Workflow(), 100.0
        services: Any = self.workflow
        self.counting = Counting(services, lambda: self.time)

    async def sees(self, party: str, *filters: Any, key: str | None = None) -> list[int]:
        caller: Any = key or party
        return await self.counting.totals(filters, clerk(party), caller)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_all_that_a_page_shows_is_one_question_and_twenty_are_a_full_one(desk: Desk) -> None:
    assert await desk.sees("estate", ALL, LATE, ALL) == [601, 601, 601]
    assert desk.workflow.asked == [[ALL, LATE]]
    await desk.sees("estate", *({"party": f"p{n}"} for n in range(41)))
    assert [len(filters) for filters in desk.workflow.asked[1:]] == [20, 20, 1]


async def test_a_number_is_good_for_a_few_seconds_for_whoever_has_the_same_rights(desk: Desk) -> None:
    assert await desk.sees("estate", ALL) == [601]
    assert await desk.sees("estate", ALL, key="a colleague's") == [601]
    desk.time += GOOD_FOR + 0.1
    assert await desk.sees("estate", ALL) == [602]


async def test_one_party_s_numbers_are_never_another_s(desk: Desk) -> None:
    assert await desk.sees("estate", ALL) == [601]
    assert await desk.sees("gas", ALL) == [302]
    less: Any = "less"
    assert await desk.counting.totals([ALL], clerk("estate", "cases:read"), less) == [403], "nor of other rights"
    assert await desk.sees("estate", ALL) == [601]


async def test_a_crowd_asks_once_and_who_is_alone_signed_out_is_alone_told_so(desk: Desk) -> None:
    desk.workflow.let_go = asyncio.Event()
    desk.workflow.refuses = {"ended"}
    first = asyncio.create_task(desk.sees("estate", ALL, key="ended"))
    await asyncio.sleep(0)
    others = [asyncio.create_task(desk.sees("estate", ALL)) for _ in range(3)]
    stranger = asyncio.create_task(desk.sees("gas", ALL))
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(desk.workflow.asked) == 2, "the others wait for the first; another party does not"
    desk.workflow.let_go.set()
    with pytest.raises(Problem):
        await first
    assert {tuple(await each) for each in others} <= {(603,), (604,), (605,)}
    assert await stranger == [302]


@pytest.mark.parametrize("named", [True, False], ids=["named", "by an earlier version, which names none"])
async def test_one_filter_that_cannot_be_counted_takes_no_other_s_number(desk: Desk, named: bool) -> None:
    desk.workflow.names_the_wrong = named
    bad: Any = {"q": "x"}
    desk.workflow.wrong = [bad]
    others: list[Any] = [{"party": f"p{n}"} for n in range(15)]
    found = await desk.sees("estate", *others[:7], bad, *others[7:])
    assert [place for place, number in enumerate(found) if number is None] == [7]
    asked = len(desk.workflow.asked)
    assert asked == 2 or not named
    desk.time += GOOD_FOR + 0.1
    assert (await desk.sees("estate", bad, *others))[0] is None
    assert (await desk.sees("gas", bad, ALL))[0] is None
    assert len(desk.workflow.asked) == asked + 2, "it is asked for no more"
    caller: Any = "estate"
    with pytest.raises(Problem, match="write a word"):
        await desk.counting.allow(bad, caller)


async def test_what_workflow_had_no_time_to_count_has_no_number(desk: Desk) -> None:
    desk.workflow.totals = [7, None]
    assert await desk.sees("estate", ALL, LATE) == [7, None]
    assert words.number(None) == "?"


def test_a_large_number_says_that_it_was_counted_no_further() -> None:
    assert [words.number(each) for each in (0, COUNTED_TO, COUNTED_TO + 1)] == ["0", "1000", "1000+"]
