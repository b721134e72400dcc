"""Who is told of a step: the parties whose turn it is."""

from datetime import timedelta

import pytest

from linli.contracts.neighbourhood.works import PackageEvent, Trade
from neighbourhood.refusal import Refusal
from neighbourhood.works.domain import commands as do
from neighbourhood.works.domain.deciding import AnyCommand, decide, tick
from tests.support.qingdao import WORKS
from tests.unit.neighbourhood.works.site import (
    ACCEPTED,
    CLIENT,
    CONVENED,
    DEFECT_OPEN,
    FILED,
    HIDDEN_PASSED,
    NOW,
    RECTIFIED,
    SHED,
    SUPERVISOR,
    TODAY,
    after,
    opened,
)

HAND_OVER = do.HandOver(**CLIENT, to="property-co", facilities=(SHED,))
FAILED = do.FailHiddenWork(**SUPERVISOR, hidden_id="z-1", why="搭接不足")
RETURNED = do.ReturnRectification(**SUPERVISOR, defect_id="f-1", why="仍渗水", due=TODAY + timedelta(days=3))
EYES = ("supervisor-co", "subdistrict")


@pytest.mark.parametrize(
    ("before", "command", "asks"),
    [
        ((), HIDDEN_PASSED[0], EYES),
        (HIDDEN_PASSED[:1], FAILED, ("builder-co",)),
        (HIDDEN_PASSED[:1], HIDDEN_PASSED[1], ()),
        (DEFECT_OPEN[:1], DEFECT_OPEN[1], EYES),
        (DEFECT_OPEN, RECTIFIED[0], ("builder-co",)),
        ((*DEFECT_OPEN, RECTIFIED[0]), RECTIFIED[1], EYES),
        ((*DEFECT_OPEN, *RECTIFIED[:2]), RETURNED, ("builder-co",)),
        (CONVENED[:1], CONVENED[1], ("subdistrict",)),
        (CONVENED[:2], CONVENED[2], ("subdistrict", "institute", "builder-co", "supervisor-co")),
        (FILED, HAND_OVER, ("property-co",)),
    ],
)
def test_a_step_asks_those_who_have_the_next_one(
    before: tuple[AnyCommand, ...], command: AnyCommand, asks: tuple[str, ...]
) -> None:
    event = decide(after(opened(), *before), command, WORKS, NOW)
    assert not isinstance(event, Refusal) and event.asks == asks


def test_a_warranty_is_told_to_who_has_it_now_and_a_filing_to_the_client() -> None:
    package = after(opened(trades=(Trade.ELECTRICS,)), *ACCEPTED)
    assert package.file_by

    def told(of: object, days: int) -> list[PackageEvent]:
        return list(tick(of, WORKS, NOW + timedelta(days=days)))  # type: ignore[arg-type]

    [filing] = told(package, (package.file_by - TODAY).days)
    assert filing.asks == ("subdistrict",)
    days = (package.warranties[0].until - TODAY).days
    [ending] = told(after(opened(trades=(Trade.ELECTRICS,)), *FILED, HAND_OVER), days)
    assert ending.asks == ("property-co",)
