"""Parties commit themselves by who may; what is taken up becomes an action; an update of a partner is heard as such."""

from datetime import timedelta

from linli.contracts.kinds import Kind
from linli.contracts.neighbourhood.actions import ActionAssigned, ActionOrigin, ComesOf
from linli.contracts.neighbourhood.deliberations_parties import MayCommit
from linli.contracts.neighbourhood.deliberations_settled import CommitmentAccepted, Promise
from linli.contracts.workflow import case as cases
from linli.contracts.workflow.case import CaseEvent, CaseState
from linli.frozen import replace
from neighbourhood.deliberations.domain import commands as do
from neighbourhood.deliberations.domain.deliberation import CommitmentState, digest_of_words
from neighbourhood.deliberations.domain.hearing import heard
from neighbourhood.profiles import qingdao
from neighbourhood.taskforce.domain.action import AssignAction
from neighbourhood.taskforce.domain.action_deciding import assign
from neighbourhood.taskforce.domain.rules import TaskForceRules
from tests.unit.neighbourhood.deliberations.hall import (
    ACCEPT,
    CLERK,
    COMMITTED,
    CONCLUDED,
    CONVENE,
    DAY,
    DRAFT,
    GRANT,
    GRID,
    GRID_CO,
    INVITE,
    INVITED,
    MAY,
    OFFER,
    OPEN,
    OPENED,
    PUBLISH,
    QINGDAO,
    SYSTEM,
    TALKED,
    TODAY,
    WORDING,
    after,
    convened,
    home,
    in_room,
    refusal,
    told,
)

MONEY = replace(OFFER, promise=Promise(kind=MayCommit.MONEY, due=TODAY + 9 * DAY, fen=500_000))


def test_only_who_has_a_mandate_commits_a_party() -> None:
    talks = after(*TALKED)
    assert refusal(talks, replace(OFFER, by="p-other", speaker="p-other")) == "no_mandate"
    assert refusal(talks, replace(OFFER, by="p-other")) == "not_the_speaker"
    assert refusal(talks, replace(OFFER, by="h-1", party=None, voice=home(1), speaker="h-1")) == "not_a_party"
    assert refusal(talks, OFFER) == ""


def test_a_mandate_holds_for_what_it_says_and_as_long_as_it_says() -> None:
    talks = after(*TALKED)
    permit = Promise(kind=MayCommit.PERMIT, due=TODAY + 9 * DAY)
    assert refusal(talks, replace(OFFER, promise=permit)) == "no_mandate"
    assert refusal(talks, MONEY) == ""
    assert refusal(talks, replace(MONEY, promise=MONEY.promise.model_copy(update={"fen": 500_001}))) == "no_mandate"
    assert refusal(talks, replace(MONEY, promise=MONEY.promise.model_copy(update={"fen": None}))) == "sum_missing"
    assert refusal(talks, OFFER, 30) == ""
    assert refusal(talks, OFFER, 31) == "no_mandate"
    revoked = after(*TALKED, (do.RevokeMandate(**GRID, mandate_id="w-1"), 4))
    assert refusal(revoked, OFFER) == "no_mandate"


def test_a_commitment_has_a_day_that_is_not_past() -> None:
    yesterday = Promise(kind=MayCommit.WORKS, due=TODAY + 3 * DAY)
    assert refusal(after(*TALKED), replace(OFFER, promise=yesterday)) == "due_passed"
    assert refusal(after(*TALKED), replace(OFFER, promise=yesterday), 3) == ""


def test_in_a_room_the_clerk_enters_what_the_one_who_may_has_said_there() -> None:
    talks = after(*TALKED)
    entered = replace(OFFER, **in_room(GRID_CO))
    assert refusal(talks, entered) == ""
    assert refusal(talks, replace(entered, speaker="p-other")) == "not_the_speaker"


def test_who_enters_anothers_mandate_has_its_letter() -> None:
    entered = do.GrantMandate(**CLERK, mandate_id="w-1", of="grid-co", mandate=MAY)
    assert refusal(after(*INVITED[:2]), entered, 1) == "letter_missing"
    assert refusal(after(*INVITED[:2]), replace(entered, letter="f" * 64), 1) == ""
    assert refusal(after(*INVITED[:2]), GRANT, 31) == "due_passed"
    assert refusal(convened(), GRANT, 1) == "not_invited"


def test_another_takes_it_up_and_the_party_may_take_it_back_until_then() -> None:
    offered = after(*TALKED, (OFFER, 4))
    assert refusal(offered, replace(ACCEPT, **GRID)) == "their_own"
    back = do.WithdrawCommitment(**GRID, commitment_id="c-1")
    assert refusal(offered, replace(back, **CLERK)) == "not_theirs"
    assert after(*TALKED, (OFFER, 4), (back, 4)).commitments["c-1"].state is CommitmentState.WITHDRAWN
    assert refusal(after(*COMMITTED), back) == "deliberation_state"
    assert refusal(after(*COMMITTED), ACCEPT) == "deliberation_state"


def test_every_commitment_has_its_answer_before_the_outcome_is_published() -> None:
    talks = after(*TALKED, (OFFER, 4), (DRAFT, 4), (CONCLUDED[-1][0], 6))
    assert refusal(talks, PUBLISH, 6) == "commitments_open"
    assert refusal(told(talks, (ACCEPT, 6))[0], PUBLISH, 6) == ""


def test_what_is_taken_up_has_all_that_an_action_needs() -> None:
    _, events = told(convened(), *COMMITTED)
    taken = events[-1]
    assert isinstance(taken, CommitmentAccepted) and taken.words_digest == digest_of_words(WORDING)
    command = AssignAction(
        by="linli",
        party=None,
        id=f"{taken.commitment_id}.action",
        taskforce_id=taken.taskforce_id,
        community=taken.community,
        neighbourhood=taken.neighbourhood,
        comes_of=ComesOf(origin=ActionOrigin.COMMITMENT, id=taken.commitment_id),
        what=WORDING,
        owner=taken.owner,
        due=taken.due,
    )
    action = assign(command, TaskForceRules.of(qingdao.QINGDAO, QINGDAO.place), taken.at)
    assert isinstance(action, ActionAssigned) and (action.owner, action.due) == ("grid-co", TODAY + 90 * DAY)
    assert taken.concerns == CONVENE.concerns


def test_where_no_task_force_convened_it_whoever_takes_it_up_names_one() -> None:
    talks, _ = told(convened(replace(CONVENE, taskforce_id=None)), *TALKED, (OFFER, 4))
    assert refusal(talks, ACCEPT) == "no_taskforce"
    assert refusal(talks, replace(ACCEPT, taskforce_id="t-2")) == ""


def step(kind: type[CaseEvent], **fields: object) -> CaseEvent:
    """A step of the case that the invitation brought."""
    about = {"case_id": "i-1", "community": "fushan", "kind": Kind.DEMAND, "title": INVITE.title}
    by = {"state": CaseState.ACCEPTED, "party": "grid-co", "by": "grid-co"}
    return kind.model_validate(about | by | fields)


def test_an_invitation_is_answered_by_the_steps_of_its_case() -> None:
    invited = after((INVITE, 0))
    comes = heard(invited, step(cases.CaseAccepted), 3)
    assert comes and isinstance(comes.command, do.AnswerInvitation) and comes.command.comes
    assert told(invited, (comes.command, 1))[0].invitations["i-1"].comes
    back = step(cases.CaseReturned, returned_by="grid-co", party="street", reason="不归我司", state=CaseState.RETURNED)
    declines = heard(invited, back, 3)
    assert declines and isinstance(declines.command, do.AnswerInvitation) and not declines.command.comes
    assert declines.words == "不归我司" and refusal(invited, declines.command, 1) == ""


def test_steps_of_other_cases_and_of_other_parties_are_not_heard() -> None:
    invited = after((INVITE, 0))
    for event in (
        step(cases.CaseAccepted, case_id="x-1"),
        step(cases.CaseAccepted, party="water-co"),
        step(cases.CaseAccepted, merged_into="x-2"),
        step(cases.CaseProgressed),
        step(cases.CaseNoted, message="内部备注"),
    ):
        assert heard(invited, event, 3) is None


def test_what_a_partner_tells_is_a_statement_of_its_and_is_known_when_it_comes_again() -> None:
    talks = after(*OPENED)
    said = heard(talks, step(cases.CaseProgressed, message="下周勘察"), 4)
    assert said and isinstance(said.command, do.MakeStatement) and said.words == "下周勘察"
    talks, _ = told(talks, (said.command, 4))
    assert refusal(talks, said.command) == "known_already"


def test_an_update_commits_a_partner_whose_own_system_has_a_mandate_and_no_other() -> None:
    promise = Promise(kind=MayCommit.WORKS, due=TODAY + timedelta(days=90))
    step_of_it = step(cases.CaseProgressed, message=WORDING)
    talks = after(*OPENED)
    said = heard(talks, step_of_it, 4, promise)
    assert said and isinstance(said.command, do.OfferCommitment)
    assert refusal(talks, said.command) == "no_mandate"
    own = replace(GRANT, **SYSTEM, mandate_id="w-2", mandate=MAY.model_copy(update={"speaker": "grid-co"}))
    talks, _ = told(convened(), *INVITED, (own, 1), (OPEN, 3), (said.command, 4))
    assert talks.commitments["i-1.4"].words == digest_of_words(WORDING)
