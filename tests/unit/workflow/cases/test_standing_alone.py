"""A case that has no family takes the short way, and what is told of it is what the long way would tell."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from tests.support.builders import NOON, community, submitted, withdrawn
from workflow.cases.domain import cascade as cascading
from workflow.cases.domain import merging, splitting
from workflow.cases.domain.action import Action, Command, PartWanted
from workflow.cases.domain.cascade import cascade, decide
from workflow.cases.domain.case import Case, Step
from workflow.cases.handlers import apply
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory

DIRECTORY = Directory(community(), 1)
FAMILIES = {module.__file__ for module in (cascading, merging, splitting)}
LIFT = {"category": "facilities.lift", "neighbourhood": "east"}


def a_unit(*cases: Case) -> UnitOfWork:
    return UnitOfWork(cases, {"test": DIRECTORY}, NOON)


def applied(unit: UnitOfWork, *events: Envelope[Event]) -> UnitOfWork:
    for event in events:
        apply(event, unit, {"test": DIRECTORY}, NOON)
    return unit


def of_families(do: Callable[[], object]) -> set[str]:
    """The functions of family logic that are called on the way."""
    called: set[str] = set()

    def look(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename in FAMILIES:
            called.add(frame.f_code.co_qualname)

    sys.setprofile(look)
    try:
        do()
    finally:
        sys.setprofile(None)
    return called


def test_a_new_case_is_opened_routed_withdrawn_and_told_without_a_call_into_the_logic_of_families() -> None:
    unit = a_unit()
    assert of_families(lambda: applied(unit, submitted("a", **LIFT), withdrawn("a")).changes()) == set()
    told = [(event.sequence, event.type) for event in unit.events_of("a")]
    steps = ["opened", "dispatched", "withdrawn"]
    assert told == [(place, f"linli.case.{step}.v1") for place, step in enumerate(steps, 1)]


def test_what_follows_a_case_hears_of_its_steps_all_the_same() -> None:
    unit = applied(a_unit(), submitted("a", **LIFT), submitted("b", **LIFT))
    merge = decide(unit.cases["b"], Command(Action.MERGE, into="a"), unit.cases, DIRECTORY, NOON)
    assert of_families(lambda: unit.take(merge)) >= {"cascade"}
    assert [event.type.split(".")[2] for event in unit.events_of("a")] == ["opened", "dispatched", "joined"]
    applied(unit, withdrawn("b"))
    assert unit.cases["b"].alone and unit.cases["a"].alone
    assert [event.type.split(".")[2] for event in unit.events_of("a")][-1] == "parted"


@pytest.mark.parametrize(
    "command",
    [
        Command(Action.ACCEPT),
        Command(Action.RETURN, message="不归我们管"),
        Command(Action.REASSIGN, party="water-co"),
        Command(Action.RESOLVE, message="修好了"),
        Command(Action.CORRECT, message="是停水", correction={"category": "water", "title": "停水"}, reroute=True),
        Command(Action.CORRECT, message="东门", correction={"place": "东门"}),
        Command(Action.SPLIT, parts=(PartWanted("p1", "estate", "梯"), PartWanted("p2", "water-co", "水"))),
    ],
    ids=lambda command: f"{command.action}{'_rerouted' if command.reroute else ''}",
)
def test_both_ways_tell_the_same_of_a_case(command: Command) -> None:
    unit = applied(a_unit(), submitted("a", **LIFT))
    if command.action is Action.RESOLVE:
        unit.take(decide(unit.cases["a"], Command(Action.ACCEPT), unit.cases, DIRECTORY, NOON))
    before = dict(unit.cases)
    step: Step = decide(unit.cases["a"], command, unit.cases, DIRECTORY, NOON)
    already = len(unit.events_of("a"))
    unit.take(step)
    long_way = cascade(step, before, DIRECTORY, NOON)
    assert [event.data for event in unit.events_of("a")[already:]] == [
        event for case, event in long_way if case.id == "a"
    ]
    assert unit.cases == before | {case.id: case for case, _ in long_way}
