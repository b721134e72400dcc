"""Parties commit themselves by who may; what is taken up becomes an action; an update of a partner is heard as such."""

from datetime import timedelta

from linli.contracts.kinds import Kind
from linli.contracts.neighbourhood.actions import ActionAssigned, ActionOrigin, ComesOf
from linli.contracts.neighbourhood.deliberations_parties import MayCommit
from linli.contracts.neighbourhood.deliberations_settled import (
    CommitmentAccepted,
    CommitmentOffered,
    CommitmentRefused,
    Promise,
)
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
    assert declines.words is None and declines.command.words is None, "the reason of a return is for staff"
    assert refusal(invited, declines.command, 1) == ""


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


def test_an_update_commits_a_partner_whose_own_system_has_a_mandate() -> None:
    promised = step(cases.CaseProgressed, message=WORDING, promise=PROMISED)
    talks, [offered] = told_of(promised, OWN)
    assert isinstance(offered, CommitmentOffered) and offered.mandate_id == "w-2"
    assert talks.commitments["i-1.4"].words == digest_of_words(WORDING)
    said = heard(talks, promised, 4)
    assert said and refusal(talks, said.command) == "known_already"


def test_a_promise_that_is_not_in_order_is_kept_told_and_heard_again_once_it_is() -> None:
    promised = step(cases.CaseResolved, message=WORDING, promise=PROMISED)
    talks, [refused_] = told_of(promised)
    assert isinstance(refused_, CommitmentRefused)
    assert (refused_.reason, refused_.invitation_id, refused_.why.zh[:3]) == ("no_mandate", "i-1", "承诺人")
    assert talks.commitments["i-1.4"].state is CommitmentState.REFUSED
    said = heard(talks, promised, 4)
    assert said and refusal(talks, said.command) == "known_already", "a step that is heard twice counts once"
    again = do.HearAgain(by="street", party="street", commitment_id="i-1.4")
    assert refusal(talks, ACCEPT_KEPT) == "deliberation_state", "nobody takes up what binds nobody"
    assert refusal(talks, again) == "no_mandate"
    assert refusal(talks, replace(again, commitment_id="i-1.9")) == "unknown"
    talks, [_, offered] = told(talks, (OWN, 4), (again, 4))
    assert isinstance(offered, CommitmentOffered) and (offered.speaker, offered.by) == ("grid-co", "grid-co")
    assert talks.commitments["i-1.4"].state is CommitmentState.OFFERED
    assert refusal(talks, again) == "deliberation_state"


def test_a_promise_that_was_refused_is_taken_back_and_then_heard_no_more() -> None:
    talks, _ = told_of(step(cases.CaseProgressed, message=WORDING, promise=PROMISED))
    back = do.WithdrawCommitment(**GRID, commitment_id="i-1.4")
    assert refusal(talks, replace(back, **CLERK)) == "not_theirs"
    talks, _ = told(talks, (back, 4), (OWN, 4))
    assert talks.commitments["i-1.4"].state is CommitmentState.WITHDRAWN
    again = do.HearAgain(by="street", party="street", commitment_id="i-1.4")
    assert refusal(talks, again) == "deliberation_state" and refusal(talks, back) == "deliberation_state"


def test_promises_that_bind_nobody_do_not_fill_the_record_and_one_in_order_is_heard() -> None:
    talks, _ = told(convened(), *INVITED, (OPEN, 3))
    for n in range(4, 55):
        said = heard(talks, step(cases.CaseProgressed, message=WORDING, promise=PROMISED), n)
        assert said
        talks, [refused_] = told(talks, (said.command, 4))
    assert isinstance(refused_, CommitmentRefused) and refused_.reason == "too_many"
    assert len(talks.commitments) == 50 and "i-1.54" not in talks.commitments
    talks, _ = told(talks, (OWN, 4))
    said = heard(talks, step(cases.CaseProgressed, message=WORDING, promise=PROMISED), 60)
    assert said and isinstance(told(talks, (said.command, 4))[1][0], CommitmentOffered)


def test_what_is_promised_before_the_talks_are_open_or_for_a_day_that_is_past_is_kept_too() -> None:
    promised = step(cases.CaseProgressed, message=WORDING, promise=PROMISED)
    early = heard(after(*INVITED), promised, 4)
    assert early
    _, [refused_] = told(after(*INVITED), (early.command, 1))
    assert isinstance(refused_, CommitmentRefused) and refused_.reason == "deliberation_state"
    past = PROMISED.model_copy(update={"due": TODAY - timedelta(days=1)})
    _, [refused_] = told_of(step(cases.CaseProgressed, message=WORDING, promise=past), OWN)
    assert isinstance(refused_, CommitmentRefused) and refused_.reason == "due_passed"


PROMISED = Promise(kind=MayCommit.WORKS, due=TODAY + timedelta(days=90))
OWN = replace(GRANT, **SYSTEM, mandate_id="w-2", mandate=MAY.model_copy(update={"speaker": "grid-co"}))
ACCEPT_KEPT = replace(ACCEPT, commitment_id="i-1.4")


def told_of(step: CaseEvent, *granted: do.GrantMandate):
    """Open talks after a step of the invitation's case, and what they tell of it."""
    talks, _ = told(convened(), *INVITED, *((each, 1) for each in granted), (OPEN, 3))
    said = heard(talks, step, 4)
    assert said and isinstance(said.command, do.HearPromise) and said.words == WORDING
    return told(talks, (said.command, 4))
