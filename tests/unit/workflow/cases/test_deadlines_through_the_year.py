"""Deadlines as time goes: over holidays, changes of the clocks, leap days. The clock is moved, not counted on."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from linli.contracts.workflow.case import CaseEscalated, CaseReminded
from tests.support.builders import community, submitted
from workflow.cases.domain.case import Case
from workflow.cases.domain.deadlines import scheduled, tick
from workflow.cases.domain.submitted import open_case, route_case
from workflow.community.domain.directory import Directory

RULE = {
    "id": "house",
    "name": "户",
    "role": "household",
    "accept_within": "1d",
    "resolve_within": "3d",
    "working_days": True,
}
POLICY = {
    "id": "calm",
    "name": "稳",
    "within": dict.fromkeys(("building_group", "grid", "community", "subdistrict"), "1d"),
    "remind_before": "2h",
    "working_days": True,
}
EAST = {"id": "east", "name": "东院", "grid": "grid-1", "roles": {"household": "house-1"}}


def in_zone(zone: str) -> Directory:
    return Directory(
        community(rules=[RULE], escalation=[POLICY], neighbourhoods=[EAST], categories=[], timezone=zone), 1
    )


def lived_through(directory: Directory, start: datetime, steps: int) -> list[tuple[str, datetime]]:
    """A case that nobody touches: what the timer does with it, and when it does it, on the community's clock."""
    told: list[tuple[str, datetime]] = []
    with time_machine.travel(start, tick=False) as clock:
        case = _opened(directory)
        while case.due_at and len(told) < steps:
            clock.move_to(case.due_at)
            while step := tick(case, directory, datetime.now(UTC)):
                case, event = step
                told.append((_name(event), datetime.now(directory.zone)))
            case = scheduled(case, directory)
    return told


def _opened(directory: Directory) -> Case:
    event = submitted("s1", title="灯", neighbourhood="east")
    case, _ = open_case("s1", event.data, directory, datetime.now(UTC))  # type: ignore[arg-type]
    return scheduled(route_case(case, directory, datetime.now(UTC))[0], directory)


def _name(event: Any) -> str:
    match event:
        case CaseReminded():
            return f"remind {event.deadline}"
        case CaseEscalated():
            return f"up to {event.to}"
    return str(event.TYPE)


@pytest.mark.parametrize(
    ("zone", "start", "told"),
    [
        pytest.param(
            "Asia/Shanghai",
            (2025, 9, 29, 10),
            [
                ("remind accept", (2025, 9, 30, 8)),
                ("up to group-1", (2025, 9, 30, 10)),
                # National Day and the Mid-Autumn Festival, the 1st to the 8th; Saturday the 11th is worked.
                ("up to grid-1", (2025, 10, 9, 10)),
                ("remind resolve", (2025, 10, 10, 8)),
                ("up to village", (2025, 10, 10, 10)),
                ("up to street", (2025, 10, 11, 10)),
            ],
            id="over the National Day week, and a Saturday that is worked",
        ),
        pytest.param(
            "Europe/Berlin",
            (2026, 10, 22, 10),
            [
                ("remind accept", (2026, 10, 23, 8)),
                ("up to group-1", (2026, 10, 23, 10)),
                # Summer time ends on Sunday the 25th; in China, whose calendar it is, that weekend is free.
                ("up to grid-1", (2026, 10, 26, 10)),
            ],
            id="over the end of summer time the time of day stays",
        ),
        pytest.param(
            "Europe/Berlin",
            (2026, 3, 26, 10),
            [
                ("remind accept", (2026, 3, 27, 8)),
                ("up to group-1", (2026, 3, 27, 10)),
                ("up to grid-1", (2026, 3, 30, 10)),
            ],
            id="over the beginning of summer time too",
        ),
        pytest.param(
            "Asia/Shanghai",
            (2024, 2, 28, 10),
            [
                ("remind accept", (2024, 2, 29, 8)),
                ("up to group-1", (2024, 2, 29, 10)),
                ("up to grid-1", (2024, 3, 1, 10)),
                ("remind resolve", (2024, 3, 4, 8)),
            ],
            id="over a leap day",
        ),
    ],
)
def test_a_case_left_alone_goes_up_at_the_right_hour(
    zone: str, start: tuple[int, ...], told: list[tuple[str, tuple[int, ...]]]
) -> None:
    directory = in_zone(zone)
    here = ZoneInfo(zone)
    expected = [(name, datetime(*at, tzinfo=here)) for name, at in told]  # type: ignore[arg-type,misc]
    begun = datetime(*start, tzinfo=here)  # type: ignore[arg-type,misc]
    assert lived_through(directory, begun, len(expected))[: len(expected)] == expected
