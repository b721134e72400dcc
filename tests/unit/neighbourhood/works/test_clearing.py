"""Illegal structures: found, noticed, appealed, cleared, looked at again."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.contracts.base import tolerant
from linli.contracts.neighbourhood.clearing import ClearingEvent, StructureCleared
from neighbourhood.refusal import Refusal
from neighbourhood.works.domain.clearing import (
    AnyClearing,
    AppealClearing,
    CheckClearing,
    Clearing,
    ClearingState,
    ClearStructure,
    DecideAppeal,
    FindStructure,
    NoticeClearing,
    evolve_clearing,
)
from neighbourhood.works.domain.clearing_deciding import decide_clearing, find
from tests.support.qingdao import WORKS
from tests.unit.neighbourhood.works.site import AFTER, BEFORE

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
OFFICE: dict[str, Any] = {"by": "p-1", "party": "subdistrict"}
SQUAD: dict[str, Any] = {"by": "p-2", "party": "squad"}
OCCUPIER: dict[str, Any] = {"by": "h-7", "party": None}
FOUND = FindStructure(
    **OFFICE, id="c-1", community="fushan", neighbourhood="n-1", what="棚屋", place="3号楼北侧", photos=BEFORE
)
NOTICE = NoticeClearing(**OFFICE, notice="c" * 64, remove_by=(NOW + 15 * DAY).date())
APPEAL = AppealClearing(**OCCUPIER, on=(NOW + 10 * DAY).date())
FORCED = ClearStructure(**SQUAD, voluntary=False, before=BEFORE, after=AFTER)
VOLUNTARY = ClearStructure(**OCCUPIER, voluntary=True, before=BEFORE, after=AFTER)
CLEAN = CheckClearing(**OFFICE, clean=True, photos=AFTER)


def found() -> Clearing:
    event = find(FOUND, NOW)
    assert not isinstance(event, Refusal)
    return evolve_clearing(None, event)


def after(clearing: Clearing, *steps: tuple[AnyClearing, int]) -> Clearing:
    for command, days in steps:
        event = decide_clearing(clearing, command, WORKS, NOW + days * DAY)
        assert not isinstance(event, Refusal), event
        clearing = evolve_clearing(clearing, event)
    return clearing


def refusal(clearing: Clearing, command: AnyClearing, days: int = 0) -> str:
    outcome = decide_clearing(clearing, command, WORKS, NOW + days * DAY)
    return outcome.slug if isinstance(outcome, Refusal) else ""


def test_nothing_is_removed_by_force_before_its_notice_and_the_time_for_an_appeal() -> None:
    assert refusal(found(), FORCED, 100) == "appeal_open"
    noticed = after(found(), (NOTICE, 0))
    assert refusal(noticed, FORCED, 60) == "appeal_open"
    assert refusal(noticed, FORCED, 61) == ""
    assert refusal(noticed, VOLUNTARY, 1) == ""


def test_an_appeal_holds_it_until_it_is_decided() -> None:
    appealed = after(found(), (NOTICE, 0), (APPEAL, 12))
    assert refusal(appealed, FORCED, 200) == "appeal_open"
    turned_down = after(appealed, (DecideAppeal(**OFFICE, upheld=False, why="无许可"), 14))
    assert refusal(turned_down, FORCED, 14) == "time_to_remove"
    assert refusal(turned_down, FORCED, 16) == ""
    assert refusal(turned_down, APPEAL, 16) == "appeal_decided"
    upheld = after(appealed, (DecideAppeal(**OFFICE, upheld=True, why="有许可"), 14))
    assert upheld.state is ClearingState.STAYS and refusal(upheld, FORCED, 100) == "clearing_state"


def test_an_appeal_that_was_made_in_time_may_be_recorded_later() -> None:
    noticed = after(found(), (NOTICE, 0))
    assert refusal(noticed, APPEAL, 70) == ""
    assert refusal(noticed, AppealClearing(**OCCUPIER, on=(NOW + 61 * DAY).date()), 70) == "appeal_late"


def test_whoever_cleared_it_does_not_check_it() -> None:
    cleared = after(found(), (NOTICE, 0), (FORCED, 61))
    assert refusal(cleared, CheckClearing(**SQUAD, clean=True, photos=AFTER), 62) == "checker_cleared_it"
    other_of_the_squad = CheckClearing(by="p-9", party="squad", clean=True, photos=AFTER)
    assert refusal(cleared, other_of_the_squad, 62) == "checker_cleared_it"
    assert after(cleared, (CLEAN, 62)).state is ClearingState.CHECKED


def test_a_second_look_may_find_that_it_stands_again_and_a_new_notice_is_owed() -> None:
    checked = after(found(), (NOTICE, 0), (FORCED, 61), (CLEAN, 62), (CLEAN, 90))
    assert checked.looks == 2
    again = after(checked, (CheckClearing(**OFFICE, clean=False, photos=BEFORE), 120))
    assert again.state is ClearingState.FOUND and refusal(again, FORCED, 121) == "appeal_open"
    assert (
        refusal(
            after(again, (NoticeClearing(**OFFICE, notice="d" * 64, remove_by=(NOW + 140 * DAY).date()), 121)),
            FORCED,
            150,
        )
        == "appeal_open"
    )


TRIED = (NOTICE, APPEAL, FORCED, VOLUNTARY, CLEAN, DecideAppeal(**OFFICE, upheld=False, why="无许可"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TRIED), st.integers(0, 9)), max_size=30))
def test_the_events_make_the_state_and_force_waits_for_appeals(steps: list[tuple[AnyClearing, int]]) -> None:
    first = find(FOUND, NOW)
    assert not isinstance(first, Refusal)
    told: list[ClearingEvent] = [first]
    clearing, now = evolve_clearing(None, first), NOW
    for command, days in steps:
        now += days * DAY
        event = decide_clearing(clearing, command, WORKS, now)
        if isinstance(event, Refusal):
            continue
        if isinstance(event, StructureCleared) and not event.voluntary:
            assert clearing.state is ClearingState.NOTICED and clearing.appeal_by
            assert clearing.appeal_decided or now.date() > clearing.appeal_by
        told.append(event)
        clearing = evolve_clearing(clearing, event)
    again: Clearing | None = None
    for event in told:
        read = tolerant(type(event), event.model_dump_json(exclude_none=True).encode())
        assert isinstance(read, ClearingEvent)
        again = evolve_clearing(again, read)
    assert again == clearing and clearing.version == len(told)
