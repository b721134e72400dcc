"""How a mediation ends: kept, broken, without an agreement, or because there is nothing to mediate any more."""

from datetime import date, datetime

from linli.contracts.workflow import mediation as told
from linli.contracts.workflow.mediation import NoAgreement
from linli.refusal import refused
from workflow.mediation.domain import commands
from workflow.mediation.domain.agreeing import day_of
from workflow.mediation.domain.mediation import RUNNING, Mediation, S
from workflow.mediation.domain.refusing import NOT_NOW
from workflow.mediation.domain.rules import MediationRules
from workflow.mediation.domain.telling import Decision, tell


def decide_end(mediation: Mediation, command: commands.OfTheEnd, rules: MediationRules, now: datetime) -> Decision:
    match command:
        case commands.TellVisitDue():
            if mediation.visits_on is None or day_of(now, rules) < mediation.visits_on:
                return NOT_NOW
            return (tell(told.ReturnVisitDue, mediation, command.by, number=len(mediation.agreements)),)
        case commands.RecordVisit():
            return _visited(mediation, command, day_of(now, rules))
        case commands.Escalate():
            return _escalated(mediation, command)
        case commands.End():
            return _ended(mediation, command)


def _visited(mediation: Mediation, command: commands.RecordVisit, today: date) -> Decision:
    newest, number = mediation.newest, len(mediation.agreements)
    if mediation.state is not S.IN_EFFECT or newest is None:
        return NOT_NOW
    if not command.kept:  # that it is broken may be known any day
        return (tell(told.AgreementBroken, mediation, command.by, S.BROKEN, number=number),)
    if today < newest.visit_on:
        why = "Whether it is kept is known from {day} on."
        return refused("visit_early", why, "{day} 起才能确认是否履行。", day=newest.visit_on.isoformat())
    return (tell(told.AgreementKept, mediation, command.by, S.KEPT, number=number),)


def _escalated(mediation: Mediation, command: commands.Escalate) -> Decision:
    if mediation.state not in RUNNING:
        return NOT_NOW
    if (command.why is NoAgreement.BROKEN) is not (mediation.state is S.BROKEN):
        why = "An agreement is broken where there was one, and only there."
        return refused("no_agreement_why", why, "只有达成过的协议才谈得上未履行。", "/why")
    return (tell(told.MediationEscalated, mediation, command.by, S.ESCALATED, why=command.why),)


def _ended(mediation: Mediation, command: commands.End) -> Decision:
    """What was agreed binds those who signed it, whatever becomes of the case; its return visit stays."""
    if mediation.state not in RUNNING:
        return NOT_NOW
    parties = tuple(sorted({party for party in mediation.mediators.values() if party}))
    about = {"neighbourhood": mediation.neighbourhood, "parties": parties}
    return (tell(told.MediationEnded, mediation, command.by, why=command.why, **about),)
