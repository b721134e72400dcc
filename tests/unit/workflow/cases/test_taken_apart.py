"""A case is taken apart once for all that it is compared with, and anew when something has happened to it."""

from dataclasses import replace
from datetime import timedelta

from linli.contracts.workflow.case import CaseState
from tests.support.builders import NOON, community, submitted
from workflow.cases.domain.case import Case
from workflow.cases.domain.repeats import likely_repeats, matter_of
from workflow.cases.domain.submitted import open_case
from workflow.cases.taken_apart import KEPT_FOR, TakenApart
from workflow.community.domain.directory import Directory

DIRECTORY = Directory(community(), 1)
TITLES = ("3号楼2单元路灯不亮", "三号楼路灯坏了", "5号楼路灯不亮", "电梯停运", "路灯一直不亮，晚上看不见")


def a_case(number: int) -> Case:
    neighbourhood = ("east", "west", None)[number % 3]
    event = submitted(f"c{number}", title=TITLES[number % len(TITLES)], neighbourhood=neighbourhood)
    case, _ = open_case(f"c{number}", event.data, DIRECTORY, NOON + timedelta(days=number))  # type: ignore[arg-type]
    return replace(case, state=CaseState.TRIAGE)


def test_with_what_was_taken_apart_before_the_same_is_found() -> None:
    known, cases = TakenApart(), [a_case(number) for number in range(40)]
    for case in cases:
        for _ in range(2):
            assert likely_repeats(case, cases, NOON, 10, known.matter) == likely_repeats(case, cases, NOON, 10)


def test_a_case_is_taken_apart_once_until_something_happens_to_it_or_some_time_has_passed() -> None:
    now = 0.0
    known, case = TakenApart(lambda: now), a_case(0)
    first = known.matter(case)
    assert known.matter(replace(case)) is first
    changed = replace(case, version=case.version + 1, text="现在亮了")
    assert known.matter(changed) == matter_of(changed) != first
    second = known.matter(changed)
    now = KEPT_FOR
    assert known.matter(changed) is not second


def test_few_are_remembered_and_none_for_long() -> None:
    now = 0.0
    known = TakenApart(lambda: now, 3)
    for number in range(10):
        known.matter(a_case(number))
    assert list(known._kept) == ["c7", "c8", "c9"]
    now = KEPT_FOR
    known.matter(a_case(1))
    assert list(known._kept) == ["c1"], "what was erased meanwhile is nowhere"
