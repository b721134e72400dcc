"""What partners say of their orders, and what it comes to."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from linli.contracts.kinds import Language
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.partner import Outcome, Update
from linli.frozen import replace
from tests.support.builders import NOON, altered, community
from tests.support.office import Office
from workflow.cases.domain.action import Action
from workflow.cases.domain.case import Case
from workflow.community.domain.directory import Directory
from workflow.partners.domain.orders import Order
from workflow.partners.domain.updates import judged

HERE = Directory(community(), 1)
ORDER = Order("a~water-co", "test", "water-co", "a", issued_at=NOON, updated_at=NOON, dispatch_no=2, version=3)


def said(did: str, **fields: Any) -> Update:
    data = {"update_id": "u-1", "order_id": "a~water-co", "dispatch_no": 2, "occurred_at": NOON.isoformat(), "did": did}
    return Update.model_validate_json(Update.model_validate(data | fields).model_dump_json())


@pytest.fixture
def case() -> Case:
    """With the water company, not taken on yet."""
    office = Office(HERE)
    return office.report("a", text="停水了", neighbourhood="east")


def comes_to(update: Update, case: Case, order: Order = ORDER) -> tuple[str, list[str]]:
    verdict = judged(update, order, case, HERE, NOON + timedelta(minutes=1))
    return verdict.outcome.value, [command.action.value for command in verdict.commands]


@pytest.mark.parametrize(
    ("did", "fields", "commands"),
    [
        ("accepted", {}, ["accept"]),
        ("rejected", {"message": "不在供水范围"}, ["return"]),
        ("returned", {"message": "不归我们管"}, ["return"]),
        ("en_route", {"eta": "2026-11-23T12:30:00+08:00"}, ["accept", "progress"]),
        ("progressed", {"message": "已关阀"}, ["accept", "progress"]),
        ("done", {"message": "已恢复供水"}, ["accept", "resolve"]),
    ],
)
def test_an_update_is_the_action_that_a_person_would_take(
    case: Case, did: str, fields: dict[str, Any], commands: list[str]
) -> None:
    assert comes_to(said(did, **fields), case) == ("applied", commands)


def test_what_is_taken_on_already_is_not_taken_on_again(case: Case) -> None:
    taken_on = replace(case, state=CaseState.ACCEPTED)
    assert comes_to(said("accepted"), taken_on) == ("noted", ["note"])
    assert comes_to(said("progressed", message="已关阀"), taken_on) == ("applied", ["progress"])
    assert comes_to(said("done", message="好了"), taken_on) == ("applied", ["resolve"])
    assert comes_to(said("returned", message="不归我们管"), taken_on) == ("applied", ["return"])


@pytest.mark.parametrize("state", [CaseState.RESOLVED, CaseState.CLOSED, CaseState.WITHDRAWN, CaseState.RETURNED])
def test_what_comes_late_is_noted_and_moves_nothing(case: Case, state: CaseState) -> None:
    assert comes_to(said("done", message="好了"), replace(case, state=state)) == ("noted", ["note"])


def test_what_another_party_has_now_is_noted(case: Case) -> None:
    assert comes_to(said("accepted"), replace(case, party="estate")) == ("noted", ["note"])


def test_an_earlier_dispatch_is_superseded_and_a_later_one_is_none(case: Case) -> None:
    assert comes_to(said("accepted", dispatch_no=1), case) == ("superseded", [])
    assert comes_to(said("accepted", dispatch_no=3), case) == ("unknown_order", [])


@pytest.mark.parametrize("minutes", [-6, 7, 60 * 24 * 365 * 70, -60 * 24 * 365 * 50])
def test_a_time_that_cannot_be_right_changes_nothing(case: Case, minutes: int) -> None:
    at = NOON + timedelta(minutes=minutes)
    assert comes_to(said("accepted", occurred_at=at.isoformat()), case) == ("clock_skew", [])


@pytest.mark.parametrize("minutes", [-5, 0, 6])
def test_a_clock_may_be_five_minutes_wrong(case: Case, minutes: int) -> None:
    at = NOON + timedelta(minutes=minutes)
    assert comes_to(said("accepted", occurred_at=at.isoformat()), case)[0] == "applied"


def test_the_reporter_is_told_when_somebody_comes_by_the_clock_and_language_of_the_place(case: Case) -> None:
    update = said("en_route", eta="2026-11-23T04:30:00Z", message="两人")
    *_, told = judged(update, ORDER, case, HERE, NOON).commands
    assert told.message == "预计 2026-11-23 12:30 到场。两人"
    *_, told = judged(update, ORDER, altered(case, language=Language.EN), HERE, NOON).commands
    assert told.message == "Somebody is expected at 2026-11-23 12:30.两人"


def test_all_is_done_in_the_partner_s_name(case: Case) -> None:
    verdict = judged(said("done", message="好了"), ORDER, case, HERE, NOON)
    assert {command.by for command in verdict.commands} == {"water-co"}
    assert [command.action for command in verdict.commands] == [Action.ACCEPT, Action.RESOLVE]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"did": "rejected"}, ()),
        ({"did": "done", "message": "  "}, ()),
        ({"did": "en_route"}, ()),
        ({"did": "en_route", "eta": "9999-12-31T23:59:59Z"}, ("eta",)),
        ({"did": "accepted", "eta": NOON.isoformat()}, ()),
        ({"did": "exploded"}, ("did",)),
        ({"update_id": "with space"}, ("update_id",)),
        ({"dispatch_no": 0}, ("dispatch_no",)),
        ({"dispatch_no": "1"}, ("dispatch_no",)),
        ({"occurred_at": "2026-11-23T12:00:00"}, ("occurred_at",)),
        ({"unheard": 1}, ("unheard",)),
    ],
)
def test_what_cannot_be_read_says_where(fields: dict[str, Any], where: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as refused:
        said(fields.pop("did", "accepted"), **fields)
    assert refused.value.errors()[0]["loc"] == where


def test_what_a_partner_writes_is_masked() -> None:
    assert "13800138000" not in (said("progressed", message="请拨打13800138000").message or "")


def test_each_outcome_is_told_in_both_languages(case: Case) -> None:
    for update in (said("accepted"), said("accepted", dispatch_no=1), said("accepted", dispatch_no=9)):
        verdict = judged(update, ORDER, case, HERE, NOON)
        assert verdict.text.chinese != str(verdict.text)
    assert len(Outcome) == 9
