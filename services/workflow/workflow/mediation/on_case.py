"""What the course of a mediation means for its case: steps that a person could take there, with the reason.

The case's life stays its own. Where it does not allow a step (it has been taken back, it follows another) nothing is
done with it, and the mediation goes its way.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog

from linli.contracts.kinds import Kind
from linli.contracts.workflow import mediation as told
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.mediation import MediationEvent, NoAgreement
from linli.refusal import Refusal, refused
from linli.web.localized import Localized
from workflow.cases.domain.action import Action, Command, NotAllowed
from workflow.cases.domain.cascade import decide
from workflow.cases.domain.case import BEING_DEALT_WITH, Case
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory
from workflow.mediation.telling_reporter import in_language, told_to_reporter

log = structlog.get_logger()

_UNAGREED = {
    NoAgreement.DECLINED: Localized("Mediation: one side does not want it.", "调解：一方不愿调解，请上级处理。"),
    NoAgreement.NOT_AGREED: Localized("Mediation: no agreement was reached.", "调解：未达成协议，请上级处理。"),
    NoAgreement.BROKEN: Localized("Mediation: the agreement is not kept.", "调解：协议未履行，请上级处理。"),
}


def why_not(case: Case) -> Refusal | None:
    """Why a case cannot be mediated; None if it can."""
    if case.about.kind is not Kind.DISPUTE:
        return refused("no_dispute", "Only a dispute is mediated.", "只有纠纷可以调解。")
    if case.root != case.id:
        english, chinese = "It follows {head}; that one is mediated.", "它已并入 {head}，请在那里调解。"
        return refused("follows", english, chinese, head=case.root)
    if case.state not in BEING_DEALT_WITH:
        return refused("not_open", "The case is not being dealt with.", "事项现在不在办理中，不能调解。")
    return None


def taken_back(case: Case) -> bool:
    """Whether its reporter has taken a dispute back, so that there is nothing to mediate any more."""
    return case.about.kind is Kind.DISPUTE and case.state is CaseState.WITHDRAWN


def follow(
    unit: UnitOfWork, case_id: str, events: Sequence[MediationEvent], directory: Directory, now: datetime
) -> None:
    """Take the steps that follow for the case."""
    for event in events:
        case = unit.cases[case_id]
        if (step := told_to_reporter(case, event, directory, now)) is not None:
            unit.take(step)
        for command in _commands(case, event, directory):
            try:
                unit.take(decide(unit.cases[case_id], command, unit.cases, directory, now))
            except NotAllowed as error:
                log.info("case_stays", correlationid=case_id, action=command.action, why=str(error.args[0]))
                break


def _commands(case: Case, event: MediationEvent, directory: Directory) -> list[Command]:
    above = directory.above(directory.responsible(case.party)).id
    match event:
        case told.AgreementInEffect():
            # Who mediates to the end has taken it on.
            taken_on = [Command(Action.ACCEPT)] if case.state is CaseState.DISPATCHED else []
            return [*taken_on, Command(Action.RESOLVE, message=_agreed(case, event))]
        case told.AgreementKept():
            return [Command(Action.CLOSE, by=above, message=in_language(case.language, _KEPT))]
        case told.AgreementBroken():
            return [Command(Action.REOPEN, by=above, message=in_language(case.language, _BROKEN))]
        case told.MediationEscalated():
            return [Command(Action.RETURN, message=in_language(case.language, _UNAGREED[event.why]))]
        case _:
            return []


_KEPT = Localized("The return visit found the agreement kept.", "回访：调解协议已履行。")
_BROKEN = Localized("The agreement of the mediation is not kept.", "回访：调解协议未履行。")


def _agreed(case: Case, event: told.AgreementInEffect) -> str:
    dates = {"visit": event.visit_on.isoformat(), "court": event.confirm_until.isoformat()}
    return in_language(
        case.language,
        Localized(
            "Those concerned have agreed in mediation. A return visit is on {visit}; until {court} they can ask the "
            "court together to confirm the agreement.",
            "经调解，各方已达成协议并签署。回访日期：{visit}；如需司法确认，各方可在 {court} 之前共同向法院申请。",
            **dates,
        ),
    )
