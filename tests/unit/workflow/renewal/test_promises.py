"""What became of a promise is told in the case that invited its party, and so to the partner's system."""

from datetime import date, timedelta
from typing import Any

import pytest

from linli.contracts.neighbourhood import deliberations_settled as told
from linli.contracts.neighbourhood.deliberations_settled import CommitmentEvent, Promise
from linli.contracts.workflow.case import Became, CaseProgressed, CaseResolved, CaseState
from linli.contracts.workflow.order import OrderPromiseHeard
from linli.contracts.workflow.partner import Outcome, Update
from linli.frozen import replace
from tests.support.builders import NOON, community
from tests.unit.workflow.renewal.test_invitations import DIRECTORY, invitation
from workflow.cases.domain.acting import act
from workflow.cases.domain.action import Action, Command, NoInvitation
from workflow.cases.domain.case import Case
from workflow.community.domain.directory import Directory
from workflow.partners.domain.orders import Order, concerned, ordered
from workflow.partners.domain.updates import judged
from workflow.partners.receiving import REMEMBERED
from workflow.renewal.invitations import invited
from workflow.renewal.promises import case_of, heard, place_of

ORDER = Order("i-1~water-co", "test", "water-co", "i-1", issued_at=NOON, updated_at=NOON, dispatch_no=1, version=1)
PROMISE = {"kind": "works", "due": "2027-06-30"}
PLACE = {"community": "test", "neighbourhood": "east", "at": NOON, "by": "key:a1", "deliberation_id": "b-1"}


def case() -> Case:
    *_, (after, _) = invited(invitation(), DIRECTORY, NOON)
    return after


def update(**changes: Any) -> Update:
    said = {"update_id": "u-1", "order_id": ORDER.id, "dispatch_no": 1, "occurred_at": NOON, "did": "progressed"}
    return Update.model_validate(said | {"message": "六月底前迁移水表井。", "promise": PROMISE} | changes)


def made(update_id: str | None = "u-1") -> CaseProgressed | CaseResolved:
    """The step of the case by which it was promised."""
    accepted, _ = act(case(), Command(Action.ACCEPT), DIRECTORY, NOON)
    promise = Promise.model_validate(PROMISE)
    command = Command(Action.PROGRESS, message="六月底前。", promise=promise, update_id=update_id)
    _, event = act(accepted, command, DIRECTORY, NOON)
    assert isinstance(event, CaseProgressed) and event.promise == promise
    return event


def test_an_update_that_promises_takes_the_invitation_on_and_says_what() -> None:
    verdict = judged(update(), ORDER, case(), DIRECTORY, NOON)
    assert verdict.outcome is Outcome.APPLIED
    accept, progress = verdict.commands
    assert (accept.action, progress.action, progress.update_id) == (Action.ACCEPT, Action.PROGRESS, "u-1")
    assert progress.promise and progress.promise.due == date(2027, 6, 30)


def test_nobody_promises_anything_in_another_case() -> None:
    other = replace(case(), invites_to=None)
    verdict = judged(update(), ORDER, other, DIRECTORY, NOON)
    assert (verdict.outcome, verdict.pointer, verdict.commands) == (Outcome.INVALID, "/promise", ())
    with pytest.raises(NoInvitation):
        act(
            replace(other, state=CaseState.ACCEPTED),
            Command(Action.RESOLVE, message="好", promise=Promise.model_validate(PROMISE)),
            DIRECTORY,
            NOON,
        )


@pytest.mark.parametrize(
    ("order", "stands"),
    [
        (ORDER, replace(case(), state=CaseState.RESOLVED)),
        (ORDER, replace(case(), state=CaseState.WITHDRAWN)),
        (ORDER, replace(case(), state=CaseState.RETURNED, party="street")),
        (replace(ORDER, dispatch_no=2), case()),
    ],
)
def test_a_promise_that_cannot_be_applied_is_no_note_and_may_be_sent_again(order: Order, stands: Case) -> None:
    verdict = judged(update(), order, stands, DIRECTORY, NOON)
    assert (verdict.outcome, verdict.pointer, verdict.commands) == (Outcome.INVALID, "/promise", ())
    assert verdict.outcome not in REMEMBERED and verdict.text.chinese
    plain = judged(update(promise=None), order, stands, DIRECTORY, NOON)
    assert plain.outcome in {Outcome.NOTED, Outcome.SUPERSEDED}


@pytest.mark.parametrize("changes", [{"did": "accepted"}, {"message": None}, {"did": "returned"}])
def test_a_promise_is_said_in_words_and_with_what_was_or_will_be_done(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="promise"):
        update(**changes)


SAID = {"voice": {"kind": "party", "id": "water-co"}, "words_digest": "0" * 64}
REFUSED = {"invitation_id": "i-1", "said": SAID, "speaker": "water-co", "promise": PROMISE, "reason": "no_mandate"}
REFUSED |= {"why": {"zh": "没有授权。", "en": "There is no mandate."}}
TAKEN = {"owner": "water-co", "due": "2027-06-30", "words_digest": "0" * 64, "mandate_id": "m", "taskforce_id": "t"}
OFFERED = {"said": SAID, "speaker": "water-co", "mandate_id": "m", "promise": PROMISE}


@pytest.mark.parametrize(
    ("kind", "fields", "became", "says"),
    [
        (told.CommitmentOffered, OFFERED, Became.OFFERED, "等待答复"),
        (told.CommitmentRefused, REFUSED, Became.REFUSED, "没有授权。"),
        (told.CommitmentAccepted, TAKEN, Became.ACCEPTED, "2027-06-30"),
        (told.CommitmentDeclined, {"why": "太晚了"}, Became.DECLINED, "太晚了"),
        (told.CommitmentWithdrawn, {}, Became.WITHDRAWN, "已收回"),
    ],
)
def test_the_partner_hears_what_became_of_it(
    kind: type[CommitmentEvent], fields: dict[str, Any], became: Became, says: str
) -> None:
    event = kind.model_validate(PLACE | {"commitment_id": "i-1.4"} | fields)
    assert (case_of(event), place_of(event)) == ("i-1", 4)
    before = case()
    after, step = heard(before, event, made(), NOON + timedelta(days=1))
    assert (after.state, after.version) == (before.state, before.version + 1)
    assert concerned([step], frozenset({"water-co"})) and not concerned([step], frozenset({"estate"}))
    [(order, said)] = ordered(after, [step], {ORDER.id: ORDER}, {"water-co"}, NOON)
    assert isinstance(said, OrderPromiseHeard) and order.version == 2
    assert (said.became, said.promise_id, said.update_id) == (became, "i-1.4", "u-1")
    assert says in said.message and said.reason == ("no_mandate" if became is Became.REFUSED else None)


def test_a_commitment_that_was_made_in_the_deliberation_itself_is_of_no_case() -> None:
    id = "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"
    event = told.CommitmentWithdrawn.model_validate(PLACE | {"commitment_id": id})
    assert case_of(event) == ""


def test_an_order_says_that_it_invites() -> None:
    issued = [event for _, event in invited(invitation(), Directory(community(), 1), NOON)]
    [(_, order)] = ordered(case(), issued[1:], {}, {"water-co"}, NOON)
    assert getattr(order, "invites_to", None) == "b-1"
