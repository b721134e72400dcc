"""Which cases are suggested as repeats of one, and out of whose."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from linli.contracts.kinds import Kind
from linli.contracts.workflow.case import CaseState
from linli.security.permissions import Role
from linli.security.principals import Principal
from tests.support.builders import NOON, community, submitted
from workflow.cases.domain.access import Parties, seen_parties, sees
from workflow.cases.domain.case import Case
from workflow.cases.domain.erasure import erase
from workflow.cases.domain.repeats import likely_repeats
from workflow.cases.domain.submitted import open_case
from workflow.community.domain.directory import Directory

DIRECTORY = Directory(community(), 1)


def a_case(id: str, kind: Kind = Kind.REPORT, **changes: Any) -> Case:
    event = submitted(id, kind, title="3号楼2单元路灯不亮", text="晚上看不见台阶", neighbourhood="east")
    case, _ = open_case(id, event.data, DIRECTORY, NOON)  # type: ignore[arg-type]
    return replace(case, **{"state": CaseState.TRIAGE, "party": "street"} | changes)


def suggested(*others: Case) -> list[str]:
    return [case.id for case, _ in likely_repeats(a_case("asked"), others, NOON, 10)]


@pytest.mark.parametrize(
    ("state", "days_ago", "is_suggested"),
    [
        *((state, 300, True) for state in CaseState if state not in {CaseState.CLOSED, CaseState.WITHDRAWN}),
        (CaseState.CLOSED, 60, True),
        (CaseState.CLOSED, 61, False),
        (CaseState.WITHDRAWN, 0, False),
    ],
)
def test_open_cases_are_suggested_however_old_and_closed_ones_for_sixty_days(
    state: CaseState, days_ago: int, is_suggested: bool
) -> None:
    other = a_case("other", state=state, updated_at=NOON - timedelta(days=days_ago))
    assert suggested(other) == (["other"] if is_suggested else [])


def test_a_case_is_no_repeat_of_itself_and_the_kind_does_not_matter() -> None:
    assert suggested(a_case("asked"), a_case("alarm", Kind.ALARM)) == ["alarm"]


@pytest.mark.parametrize("party", ["street", "estate", "grid-1", "water-co", "gone"])
def test_a_party_chooses_among_the_cases_that_it_sees(party: str) -> None:
    who = Principal("key:1", Role.PARTY, party, "test")
    seen = seen_parties(who, DIRECTORY)
    assert seen is not None
    for responsible in ("estate", "grid-1", "street", "water-co", "gone too"):
        case = a_case("other", party=responsible)
        assert sees(who, case, DIRECTORY) == (responsible in seen)


def test_operators_and_auditors_choose_among_all_and_a_party_without_a_community_among_none() -> None:
    assert seen_parties(Principal("operator", Role.OPERATOR), DIRECTORY) is None
    assert seen_parties(Principal("key:2", Role.AUDITOR), None) is None
    assert seen_parties(Principal("key:1", Role.PARTY, "estate", "test"), None) == Parties(frozenset())


def test_what_was_erased_is_a_repeat_of_nothing() -> None:
    first, second = (erase(a_case(id), NOON)[0] for id in ("e1", "e2"))
    assert likely_repeats(first, [second], NOON, 10) == []
