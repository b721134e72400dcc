"""What a company says of an outage, and what it comes to."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from linli.contracts.workflow.outage import Cause, OutageState, Utility
from linli.contracts.workflow.outage_report import OutageDid, OutageReport
from linli.contracts.workflow.partner import Outcome
from linli.frozen import replace
from tests.support.builders import NOON, community, square
from tests.support.outages import somewhere, told
from workflow.community.domain.directory import Directory
from workflow.outages.domain.outage import Outage
from workflow.outages.domain.reports import Judged, due, judged

CATEGORIES = [{"id": "water", "name": "供水"}, {"id": "water.outage", "name": "停水"}]
HERE = Directory(community(categories=CATEGORIES, rules=[]), 1)
HOUR = timedelta(hours=1)


def comes_to(
    report: OutageReport, outage: Outage | None = None, party: str = "water-co", now: datetime = NOON
) -> Judged:
    return judged(report, "test", party, outage, HERE, now)


def declared(**said: Any) -> Outage:
    after = comes_to(told("declared", **said)).after
    assert after
    return after


def test_what_is_declared_is_what_the_company_deals_in_since_it_says_so() -> None:
    outage = declared(cause="works")
    facts = outage.facts
    assert (facts.utility, facts.category, facts.cause) == (Utility.WATER, "water.outage", Cause.WORKS)
    assert (facts.starts_at, facts.until, facts.touches, outage.version) == (NOON, None, ("east",), 1)
    assert comes_to(told("declared"), party="estate").pointer == "/utility"
    assert comes_to(told("declared", utility="heating"), party="estate").after


def test_a_polygon_touches_the_neighbourhoods_whose_outline_it_reaches_into() -> None:
    over_both = {"polygon": square(120.39, 36.09, 0.015)}
    assert declared(area=over_both).facts.touches == ("east",), "of west no outline is known"
    assert declared(area={"polygon": square(121, 37)}).facts.touches == ()


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"area": somewhere("east", "nowhere")}, "/area/neighbourhoods/1"),
        ({"area": somewhere("nowhere", buildings=("3号楼",))}, "/area/buildings/0/neighbourhood"),
        ({"area": {"polygon": {"coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1]]]}}}, "/area/polygon"),
        ({"category": "gardening"}, "/category"),
        ({"until": NOON.isoformat()}, "/until"),
        ({"until": "2099-01-01T00:00:00Z"}, "/until"),
        ({"starts_at": "2099-01-01T00:00:00Z", "planned": True}, "/starts_at"),
        ({"starts_at": (NOON + HOUR).isoformat()}, "/starts_at"),
        ({"starts_at": "2001-01-01T00:00:00Z"}, "/starts_at"),
    ],
)
def test_what_cannot_be_right_says_where(said: dict[str, Any], pointer: str) -> None:
    verdict = comes_to(told("declared", **said))
    assert (verdict.outcome, verdict.pointer, verdict.after) == (Outcome.INVALID, pointer, None)
    assert verdict.text.chinese != str(verdict.text)


@pytest.mark.parametrize("years", [-56, -1, 1, 73])
def test_a_wrong_clock_changes_nothing(years: int) -> None:
    at = NOON.replace(year=NOON.year + years)
    for outage in (None, declared()):
        assert comes_to(told("declared", "w-1", at), outage).outcome is Outcome.CLOCK_SKEW


@pytest.mark.parametrize("did", [did for did in OutageDid if did is not OutageDid.DECLARED])
def test_what_was_never_declared_is_unknown_and_what_is_over_stays_so(did: OutageDid) -> None:
    assert comes_to(told(did)).outcome is Outcome.UNKNOWN_OUTAGE
    for end in ("restored", "cancelled"):
        over = comes_to(told(end), declared()).after
        assert comes_to(told(did), over).outcome is Outcome.NOTED
    assert comes_to(told("declared"), declared()).outcome is Outcome.NOTED


def test_what_says_nothing_new_is_noted() -> None:
    outage = declared(until=(NOON + 9 * HOUR).isoformat())
    assert comes_to(told("extended"), outage).outcome is Outcome.NOTED
    assert comes_to(told("area_changed", area=somewhere("east")), outage).outcome is Outcome.NOTED
    assert comes_to(told("extended", confidence="low"), outage).outcome is Outcome.APPLIED


def test_the_company_is_asked_once_of_each_estimate() -> None:
    outage = declared(until=(NOON + HOUR).isoformat())
    assert due(outage).due_at == NOON + HOUR

    asked = replace(outage, asked_for=NOON + HOUR)
    assert due(asked).due_at is None
    moved = comes_to(told("extended"), asked).after
    assert moved
    assert due(moved).due_at == NOON + 9 * HOUR


@pytest.mark.parametrize(
    "said",
    [
        {"did": "exploded"},
        {"did": "extended"},
        {"did": "declared"},
        {"did": "restored", "until": "2026-11-29T18:00:00+08:00"},
        {"did": "declared", "area": {}},
        {"did": "declared", "area": {"polygon": {"coordinates": []}}},
        {"did": "declared", "area": {"polygon": {"coordinates": [[[200, 0], [1, 1], [1, 0]]]}}},
        {"did": "declared", "area": {"polygon": {"coordinates": [[[0, 0]] * 1_002]}}},
        {"did": "declared", "area": somewhere("east"), "customers_affected": -1},
        {"did": "declared", "area": somewhere("east"), "planned": "yes"},
        {"did": "restored", "occurred_at": "2026-01-01T00:00:00"},
        {"did": "restored", "report_id": "a/b"},
        {"did": "restored", "outage_id": ""},
        {"did": "restored", "unheard": 1},
    ],
)
def test_what_is_no_report_is_refused(said: dict[str, Any]) -> None:
    whole = {"report_id": "r", "outage_id": "w", "occurred_at": NOON.isoformat()}
    with pytest.raises(ValidationError):
        OutageReport.model_validate(whole | said)


def test_what_a_company_writes_is_masked() -> None:
    assert "13800138000" not in (told("restored", message="请拨打13800138000").message or "")
    named = told("declared", area=somewhere("east", buildings=("王 13800138000",))).area
    assert named
    assert "13800138000" not in named.buildings[0].name


STORY = [told(did, "w-1", NOON + timedelta(minutes=at)) for at, did in enumerate(OutageDid)][:5]
"""All up to the restoration, one a minute."""


@given(st.permutations(STORY), st.data())
def test_in_whatever_order_they_come_the_newest_counts_and_an_end_is_the_end(
    reports: list[OutageReport], data: st.DataObject
) -> None:
    """What came before it was declared comes again, as its receipt asks for."""
    outage: Outage | None = None
    later = NOON + HOUR
    waiting, applied = list(reports), list[OutageReport]()
    while waiting:
        again = []
        for report in waiting:
            verdict = comes_to(report, outage, now=later)
            if verdict.outcome is Outcome.UNKNOWN_OUTAGE:
                again.append(report)
            elif verdict.after:
                assert verdict.after.version == (outage.version if outage else 0) + 1
                outage = verdict.after
                applied.append(report)
            if data.draw(st.booleans()) and outage:
                assert comes_to(report, outage, now=later).outcome is not Outcome.INVALID
        assert again != waiting, "it was declared by now"
        waiting = again
    assert outage
    assert [each.occurred_at for each in applied] == sorted(each.occurred_at for each in applied)
    assert (outage.state, outage.said_at) == (OutageState.RESTORED, STORY[-1].occurred_at)
    assert applied[0].did is OutageDid.DECLARED and applied[-1].did is OutageDid.RESTORED
