"""What became of a promise, as a step of the case that invited its party: for its desk, its letters and its system.

A commitment that was heard from a case is called by the case and the place of the step in its story, so all that is
told of it leads back here. ADR 0040
"""

from collections.abc import Mapping
from datetime import datetime

from linli.contracts.neighbourhood import deliberations_settled as told
from linli.contracts.neighbourhood.deliberations_settled import CommitmentEvent
from linli.contracts.workflow.case import Became, CaseProgressed, CasePromiseHeard, CaseResolved
from linli.web.localized import Localized
from workflow.cases.domain.case import Case, Step, case_event, moved

HEARD = (
    *(told.CommitmentOffered, told.CommitmentRefused),
    *(told.CommitmentAccepted, told.CommitmentDeclined, told.CommitmentWithdrawn),
)
_BECAME: Mapping[type[CommitmentEvent], Became] = {
    told.CommitmentOffered: Became.OFFERED,
    told.CommitmentRefused: Became.REFUSED,
    told.CommitmentAccepted: Became.ACCEPTED,
    told.CommitmentDeclined: Became.DECLINED,
    told.CommitmentWithdrawn: Became.WITHDRAWN,
}


def case_of(event: CommitmentEvent) -> str:
    """The case in which it was promised; empty for a commitment that was made in the deliberation itself."""
    case, dot, place = event.commitment_id.rpartition(".")
    return case if dot and place.isdecimal() else ""


def place_of(event: CommitmentEvent) -> int:
    """Which step of the case's story it was."""
    return int(event.commitment_id.rpartition(".")[2])


def heard(case: Case, event: CommitmentEvent, made: CaseProgressed | CaseResolved, now: datetime) -> Step:
    """The case after what became of a promise was told there; its state stays."""
    after = moved(case, case.state, now)
    reason = event.reason if isinstance(event, told.CommitmentRefused) else None
    fields = {
        "promise_id": event.commitment_id,
        "promised_by": made.party,
        "became": _BECAME[type(event)],
        "reason": reason,
        "update_id": made.update_id,
        "message": _message(event),
    }
    return after, case_event(CasePromiseHeard, after, by="linli", **fields)


def _message(event: CommitmentEvent) -> str:
    match event:
        case told.CommitmentRefused():
            english = "The deliberation has not heard the promise: {why} It binds nobody, and is kept there."
            chinese = "承诺未被受理：{why}目前不产生效力；原文已保存，可由召集方重新受理。"
            said = Localized(english, chinese, why=Localized(event.why.en or event.why.zh, event.why.zh))
        case told.CommitmentAccepted():
            english = "The promise is taken up: it is an action of the task force now, due on {due}."
            said = Localized(english, "承诺已被采纳，列为专班任务，期限 {due}。", due=event.due.isoformat())
        case told.CommitmentDeclined():
            said = Localized("The promise is not taken up.", "承诺未被采纳。")
        case told.CommitmentWithdrawn():
            said = Localized("The promise is taken back.", "承诺已收回。")
        case _:
            english = "The promise stands in the record of the deliberation, and waits for an answer."
            said = Localized(english, "承诺已记入协商记录，等待答复。")
    lines = [f"{said.chinese} {said}"]
    if isinstance(event, told.CommitmentDeclined):
        lines.append(event.why)
    return "\n".join(lines)[:2_000]
