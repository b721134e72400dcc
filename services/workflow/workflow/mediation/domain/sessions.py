"""When people meet, and that they have said what they have to say."""

from datetime import datetime, timedelta

from linli.contracts.workflow import mediation as told
from linli.refusal import refused
from workflow.mediation.domain import commands
from workflow.mediation.domain.mediation import RUNNING, Mediation
from workflow.mediation.domain.people import nobody_to_meet
from workflow.mediation.domain.refusing import NO_SESSION, NOBODY, NOT_NOW
from workflow.mediation.domain.telling import Decision, tell

MOST_SESSIONS = 50
MOST_STATEMENTS = 20
"""Of each who takes part: whoever talks without end leaves the others their say."""
FURTHEST = timedelta(days=365)


def decide_sessions(mediation: Mediation, command: commands.OfSessions, now: datetime) -> Decision:
    if mediation.state not in RUNNING:
        return NOT_NOW
    match command:
        case commands.CallSession():
            return _called(mediation, command, now)
        case commands.WriteDownSession():
            return _held(mediation, command, now)
        case commands.CancelSession():
            return _cancelled(mediation, command)
        case commands.KeepStatement():
            return _kept(mediation, command)


def _cancelled(mediation: Mediation, command: commands.CancelSession) -> Decision:
    if not _to_come(mediation, command.session):
        return NO_SESSION
    return (tell(told.SessionCancelled, mediation, command.by, session=command.session),)


def _kept(mediation: Mediation, command: commands.KeepStatement) -> Decision:
    if command.whose not in mediation.participants:
        return NOBODY
    if mediation.said.get(command.whose, 0) >= MOST_STATEMENTS:
        english, chinese = "No more than {most} statements of one are kept.", "每位参加人的陈述不超过 {most} 份。"
        return refused("too_many", english, chinese, most=MOST_STATEMENTS)
    kept = {"statement": command.statement, "whose": command.whose}
    return (tell(told.StatementKept, mediation, command.by, **kept),)


def _called(mediation: Mediation, command: commands.CallSession, now: datetime) -> Decision:
    if (nobody := nobody_to_meet(mediation)) is not None:
        return nobody
    if not now <= command.starts_at <= now + FURTHEST:
        why = "A session is called for a time to come, within a year."
        return refused("session_time", why, "调解会的时间要在以后一年之内。", "/starts_at")
    if len(mediation.sessions) >= MOST_SESSIONS:
        return refused("too_many", "There are too many sessions.", "调解会次数太多。")
    fields = {"starts_at": command.starts_at, "online": command.online, "venue": command.venue}
    return (tell(told.SessionCalled, mediation, command.by, session=len(mediation.sessions) + 1, **fields),)


def _held(mediation: Mediation, command: commands.WriteDownSession, now: datetime) -> Decision:
    if command.session is not None and not _to_come(mediation, command.session):
        return NO_SESSION
    if not now - FURTHEST <= command.held_at <= now:
        why = "A session was within the last year, and is not yet to come."
        return refused("session_time", why, "召开时间要在过去一年之内，不能是以后。", "/held_at")
    if not command.came <= mediation.participants:
        return NOBODY
    if not command.came & mediation.mediators.keys():
        return refused("no_mediator", "No mediator was there.", "没有调解员到场。", "/came")
    if command.session is None and len(mediation.sessions) >= MOST_SESSIONS:
        return refused("too_many", "There are too many sessions.", "调解会次数太多。")
    there = len(command.came & mediation.concerned.keys())
    number = command.session or len(mediation.sessions) + 1
    fields = {"held_at": command.held_at, "came": there, "concerned": len(mediation.concerned)}
    return (tell(told.SessionHeld, mediation, command.by, session=number, **fields),)


def _to_come(mediation: Mediation, number: int) -> bool:
    return 1 <= number <= len(mediation.sessions) and mediation.sessions[number - 1].to_come
