"""Requests that come together share an insert, and each learns the outcome of its own."""

import asyncio

import pytest

from intake.submissions.store import Clash
from linli.storage.group_commit import GroupCommit, Limits
from linli.web.problems import Problem
from tests.support.shelf import Shelf


def group_commit(shelf: Shelf, **limits: float) -> GroupCommit[str]:
    return GroupCommit(shelf.insert, len, lambda together, seconds: None, Limits(**limits))  # type: ignore[arg-type]


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_one_alone_goes_at_once() -> None:
    shelf = Shelf()
    assert await group_commit(shelf).admit(["a"]) == [None]
    assert shelf.inserts == [["a"]]


async def test_what_wakes_up_together_goes_together() -> None:
    shelf = Shelf()
    desk = group_commit(shelf)
    assert await asyncio.gather(*(desk.admit([f"{n}"]) for n in range(50))) == [[None]] * 50
    assert [len(insert) for insert in shelf.inserts] == [50]


async def test_what_comes_meanwhile_waits_for_the_next_and_no_more_than_two_are_under_way() -> None:
    shelf = Shelf()
    desk = group_commit(shelf)
    shelf.gate.clear()
    waiting = []
    for name in "abcdef":
        waiting.append(asyncio.create_task(desk.admit([name])))
        await turns()
    assert shelf.inserts == [["a"], ["b"]]
    shelf.gate.set()
    await asyncio.gather(*waiting)
    assert shelf.inserts == [["a"], ["b"], ["c", "d", "e", "f"]]


async def test_a_clash_is_the_clashing_ones_alone() -> None:
    shelf = Shelf()
    outcomes = await asyncio.gather(*(group_commit(shelf).admit([item]) for item in ("a=1", "b=1")))
    again = await group_commit(shelf).admit(["c=1", "a=2", "d=1"])
    assert outcomes == [[None], [None]]
    assert [type(outcome) for outcome in again] == [type(None), Clash, type(None)]
    assert shelf.there == {"a": "a=1", "b": "b=1", "c": "c=1", "d": "d=1"}


async def test_when_the_insert_fails_all_that_shared_it_are_told_and_the_next_goes_on() -> None:
    shelf = Shelf()
    desk = group_commit(shelf)
    shelf.broken = ConnectionError("away")
    outcomes = await asyncio.gather(*(desk.admit([name]) for name in "abc"), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ConnectionError] * 3
    shelf.broken = None
    assert await desk.admit(["a"]) == [None]


async def test_a_caller_that_goes_away_breaks_nothing_for_the_others() -> None:
    shelf = Shelf()
    desk = group_commit(shelf, in_flight=1)
    shelf.gate.clear()
    going, staying = (asyncio.create_task(desk.admit([name])) for name in ("in flight", "with it"))
    await turns()
    queued, behind = (asyncio.create_task(desk.admit([name])) for name in ("queued", "behind it"))
    await turns()
    going.cancel()
    queued.cancel()
    await turns()
    shelf.gate.set()
    assert list(await asyncio.gather(staying, behind)) == [[None], [None]]
    assert set(shelf.there) == {"in flight", "with it", "behind it"}


async def test_an_insert_holds_no_more_than_the_limits() -> None:
    shelf = Shelf()
    await group_commit(shelf, together=3).admit(list("abcdefgh"))
    assert [len(insert) for insert in shelf.inserts] == [3, 3, 2]
    heavy = Shelf()
    await group_commit(heavy, together_weight=10).admit(["a" * 8, "b" * 8, "c", "d" * 99])
    assert [len(insert) for insert in heavy.inserts] == [1, 2, 1]


async def test_too_many_that_wait_are_sent_away_with_a_time_to_come_back() -> None:
    shelf = Shelf()
    desk = group_commit(shelf, in_flight=1, waiting=3)
    shelf.gate.clear()
    waiting = [asyncio.create_task(desk.admit(["first"]))]
    await turns()
    waiting += [asyncio.create_task(desk.admit([name])) for name in "abc"]
    await turns()
    with pytest.raises(Problem) as refused:
        await desk.admit(["one too many"])
    assert (refused.value.status, refused.value.slug) == (503, "overloaded")
    assert "Retry-After" in refused.value.headers
    shelf.gate.set()
    await asyncio.gather(*waiting)
    assert await desk.admit(["later"]) == [None]


async def test_nobody_waits_for_ever() -> None:
    shelf = Shelf()
    shelf.gate.clear()
    desk = group_commit(shelf, seconds=0.05)
    with pytest.raises(TimeoutError):
        await desk.admit(["a"])
    shelf.gate.set()
    assert await desk.admit(["b"]) == [None]


async def test_whoever_waits_too_long_is_told_so_and_what_was_under_way_goes_on() -> None:
    shelf = Shelf()
    desk = group_commit(shelf, patience=0.05, in_flight=1)
    shelf.gate.clear()
    under_way = asyncio.create_task(desk.admit(["under way"]))
    await turns()
    queued = asyncio.create_task(desk.admit(["queued"]))
    outcomes = await asyncio.gather(under_way, queued, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [TimeoutError, TimeoutError]
    shelf.gate.set()
    assert await desk.admit(["next"]) == [None]
    assert shelf.inserts == [["under way"], ["next"]]
