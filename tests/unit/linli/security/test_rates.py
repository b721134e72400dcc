"""How often somebody may ask."""

from typing import Any

import pytest
import time_machine

from linli.contracts.intake.permissions import SUBMIT
from linli.contracts.workflow.permissions import TRACK
from linli.security.auth import cost_of
from linli.security.permissions import Role
from linli.security.principals import ANYBODY, Principal
from linli.security.rates import Rates, SlidingWindows
from linli.web.problems import Problem

KEY, FILE_KEY = Principal("key:0123456789", Role.PARTY), Principal("operator", Role.OPERATOR)


async def admitted(rates: Rates, times: int, who: Principal = ANYBODY, **more: Any) -> int:
    """How many of so many requests are let through."""
    asked = {"permission": SUBMIT, "origin": "203.0.113.7"} | more
    passed = 0
    for _ in range(times):
        try:
            await rates.admit(who, **asked)
        except Problem as problem:
            assert (problem.status, problem.slug) == (429, "too_many_requests")
        else:
            passed += 1
    return passed


async def test_a_resident_is_counted_by_address_and_what_they_send_apart_from_what_they_read() -> None:
    rates = Rates(submissions="3/minute", residents="5/minute")
    assert await admitted(rates, 9) == 3
    assert await admitted(rates, 9, permission=TRACK) == 5
    assert await admitted(rates, 9, origin="203.0.113.8") == 3


async def test_a_key_is_counted_by_itself_wherever_it_is_used_and_a_file_s_key_is_free_unless_it_is_limited() -> None:
    rates = Rates(principals="4/minute")
    assert await admitted(rates, 2, KEY) + await admitted(rates, 9, KEY, origin="203.0.113.8") == 4
    assert await admitted(rates, 500, FILE_KEY) == 500
    assert await admitted(Rates(file_keys="2/minute"), 9, FILE_KEY) == 2


async def test_a_long_page_counts_as_so_many_requests_as_short_ones_would_take() -> None:
    assert [cost_of(limit) for limit in ("", "1", "50", "51", "500", "99999", "x", "-5")] == [1, 1, 1, 2, 10, 10, 1, 1]
    assert await admitted(Rates(principals="25/minute"), 9, KEY, cost=10) == 2
    assert await admitted(Rates(principals="5/minute"), 9, KEY, cost=10) == 1, "never less than one"


async def test_the_window_moves_and_the_answer_says_when_there_is_room_again() -> None:
    now = 1_000.0
    rates = Rates(lambda: now, submissions="2/minute")
    assert await admitted(rates, 1) == 1
    now += 40
    assert await admitted(rates, 1) == 1
    with pytest.raises(Problem) as refused:
        await rates.admit(ANYBODY, SUBMIT, "203.0.113.7")
    assert refused.value.headers["Retry-After"] == "20"
    assert refused.value.headers["RateLimit"] == '"submissions";r=0;t=20'
    now += 20
    assert await admitted(rates, 9) == 1, "the first is a minute ago, the second is not"


async def test_a_clock_that_is_set_back_shuts_nobody_out() -> None:
    rates = Rates(submissions="2/minute")
    with time_machine.travel("2026-11-24T08:00:00Z") as clock:
        assert await admitted(rates, 9) == 2
        clock.shift(-7_200)
        with pytest.raises(Problem) as refused:
            await rates.admit(ANYBODY, SUBMIT, "203.0.113.7")
    assert int(refused.value.headers["Retry-After"]) <= 60


async def test_who_has_shown_too_many_wrong_codes_is_not_told_about_another() -> None:
    rates = Rates(guesses="3/minute")
    for _ in range(3):
        await rates.may_guess("203.0.113.7")
        await rates.guessed("203.0.113.7")
    with pytest.raises(Problem, match="too_many_requests"):
        await rates.may_guess("203.0.113.7")
    await rates.may_guess("203.0.113.8")


async def test_the_memory_has_a_bound_and_who_asked_the_longest_ago_is_forgotten() -> None:
    windows = SlidingWindows(most_hits=100, most_names=10)
    for n in range(1_000):
        assert await windows.acquire_entry(f"2001:db8:0:{n:x}::/64", 60, 60)
    assert len(windows._hits) == 10
    for n in range(1_000):
        await windows.acquire_entry(f"{n % 5}", 60, 60)
    assert sum(map(len, windows._hits.values())) == windows._held <= 100
