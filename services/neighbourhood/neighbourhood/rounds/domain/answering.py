"""What a command on a household's answer comes to: events, or a refusal.

Two answers of one household meet in one aggregate, whichever way they come, so one of them is refused.
"""

from datetime import datetime
from typing import TypeAlias

from linli.contracts.neighbourhood import responses as events
from linli.contracts.neighbourhood.responses import ResponseChannel, ResponseEvent
from linli.contracts.neighbourhood.rounds import RoundStage
from neighbourhood.refusal import Refusal, refused
from neighbourhood.rounds.domain.checking import differing
from neighbourhood.rounds.domain.household_commands import (
    CheckSheet,
    Code,
    Command,
    CorrectSheet,
    EraseWords,
    Invite,
    Raise,
    RecordAnswers,
    Sheet,
    Withdraw,
)
from neighbourhood.rounds.domain.questions import answers_fault, says_something
from neighbourhood.rounds.domain.response import Response, Said, id_of
from neighbourhood.rounds.domain.round import Round

Decision: TypeAlias = tuple[ResponseEvent, ...] | Refusal
READ_AGAIN = {RoundStage.OPEN, RoundStage.CLOSED}
"""When a sheet can be compared: until the count."""
_NO_ANSWER = refused("not_answered", "The household has no answer that counts.", "该户没有有效答卷。")


def decide(response: Response | None, command: Command, round: Round, now: datetime) -> Decision:
    """The events of a command on the answer of a household to that round."""
    if isinstance(command, Invite):
        return _invited(response, command, round, now)
    if response is None:
        english = "The household has no letter of this round."
        return refused("not_invited", english, "该户不在本次征集名单中。")
    match command:
        case RecordAnswers() | Withdraw():
            return _own(response, command, round, now)
        case CheckSheet() | CorrectSheet():
            return _second_person(response, command, round, now)
        case Raise():
            return _raised(response, command, round, now)
        case EraseWords():
            return () if response.erased else (events.ResponseErased(**_of(response, command.by, now)),)


def _invited(response: Response | None, command: Invite, round: Round, now: datetime) -> Decision:
    if round.stage not in {RoundStage.DRAFT, RoundStage.OPEN}:
        return refused("round_closed", "The round is closed.", "征集已截止。")
    if response is not None and response.code_hash == command.code_hash:
        return ()
    return (
        events.ResponseInvited(
            response_id=id_of(round.id, command.household),
            round_id=round.id,
            household=command.household,
            at=now,
            by=command.by,
            community=round.community,
            neighbourhood=round.neighbourhood,
            building=command.building,
            code_hash=command.code_hash,
        ),
    )


def _own(response: Response, command: RecordAnswers | Withdraw, round: Round, now: datetime) -> Decision:
    if isinstance(command.proof, Code) and command.proof.code_hash != response.code_hash:
        english = "This code is not valid any more; the newest letter has the one that is."
        return refused("code_invalid", english, "此码已失效，请使用最近一封信上的码。")
    if not round.takes_answers(now):
        return refused("round_not_open", "The round takes no answers now.", "现在不在征集期内。")
    if isinstance(command, Withdraw):
        scan = _scan(command.proof)
        gone = events.ResponseWithdrawn(**_of(response, command.by, now), scan=scan)
        return (gone,) if response.counts else _NO_ANSWER
    return _recorded(response, command, round, now)


def _recorded(response: Response, command: RecordAnswers, round: Round, now: datetime) -> Decision:
    if response.erased:
        return refused("erased", "What the household wrote was erased.", "该户的答卷内容已按申请删除。")
    answers = tuple(each for each in command.answers if says_something(each))
    if response.said is Said.ANSWERED:
        if (answers, _scan(command.proof)) == (response.answers, response.scan):
            return ()  # said once more, by whoever did not hear that it had come
        english = "The household has answered already; take that back first."
        return refused("answered_already", english, "该户已提交答卷；如需修改，请先撤回。")
    if command.digest != round.digest:
        return refused("other_questions", "Other questions were answered.", "答的不是本次问卷。", "/digest")
    if fault := answers_fault(round.questions, answers):
        return fault
    scan = _scan(command.proof)
    channel = ResponseChannel.PAPER if scan else ResponseChannel.ONLINE
    who = _of(response, command.by, now)
    return (events.ResponseRecorded(**who, channel=channel, digest=command.digest, answers=answers, scan=scan),)


def _second_person(response: Response, command: CheckSheet | CorrectSheet, round: Round, now: datetime) -> Decision:
    if not response.on_paper:
        return refused("no_sheet", "The household has no sheet that counts.", "该户没有有效的纸质答卷。")
    if round.stage not in READ_AGAIN or response.erased:
        return refused("counted_already", "It cannot be changed any more.", "已汇总或已删除，不能再改。")
    answers = tuple(each for each in command.answers if says_something(each))
    if fault := answers_fault(round.questions, answers):
        return fault
    who = _of(response, command.by, now)
    if isinstance(command, CorrectSheet):
        return _not_to_correct(response, command) or (events.ResponseCorrected(**who, answers=answers),)
    if command.by == (response.corrected_by or response.entered_by) or response.differs:
        english = "Who typed in what stands there is not who checks it; what was found to differ is put right first."
        return refused("cannot_check", english, "录入或更正的人不能复核自己填的内容；已发现的不一致应先更正。")
    return (events.ResponseChecked(**who, differs=differing(response.answers, answers)),)


def _not_to_correct(response: Response, command: CorrectSheet) -> Refusal | None:
    if not response.differs:
        return refused("nothing_differs", "Nobody found a difference.", "没有发现不一致之处。")
    if command.by == response.entered_by:
        english = "Who entered a sheet is not who puts it right."
        return refused("cannot_correct", english, "录入人不能更正自己录入的答卷，请由他人更正。")
    return None


def _raised(response: Response, command: Raise, round: Round, now: datetime) -> Decision:
    """Once the round is closed: until then the household may take back what it wrote."""
    if response.raised.get(command.question) == command.demand:
        return ()
    if round.stage is not RoundStage.CLOSED:
        return refused("round_not_closed", "The round is not closed, or counted.", "征集未截止，或已汇总。")
    if command.question not in {each.question for each in response.to_raise}:
        english = "The household has not consented to a demand of it, or there is one."
        return refused("no_consent", english, "该户未同意转为需求，或已转过。", "/question")
    who = _of(response, command.by, now)
    return (events.ResponseDemandRaised(**who, question=command.question, demand=command.demand),)


def _scan(proof: Code | Sheet) -> str | None:
    return proof.scan if isinstance(proof, Sheet) else None


def _of(response: Response, by: str, now: datetime) -> dict[str, object]:
    about = {"response_id": response.id, "round_id": response.round_id, "household": response.household}
    return {**about, "at": now, "by": by}
