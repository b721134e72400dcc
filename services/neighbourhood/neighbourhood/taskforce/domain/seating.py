"""Who sits in a task force, without a gap, and what its bulletins say.

A seat that was once filled is never empty: a term that has an end is followed on that very day, and whoever leaves
without a successor has somebody stand in.
"""

from datetime import date, datetime, timedelta
from typing import TypeAlias, TypeVar

from linli.contracts.neighbourhood import taskforce as events
from neighbourhood.refusal import Refusal, refused
from neighbourhood.taskforce.domain.command import CLOCK, TaskForceCommand
from neighbourhood.taskforce.domain.force import (
    AnyForce,
    CorrectBulletin,
    FillSeat,
    FormTaskForce,
    IssueBulletin,
    TaskForce,
    Term,
    VacateSeat,
)
from neighbourhood.taskforce.domain.rules import TaskForceRules
from neighbourhood.telling import told

E = TypeVar("E", bound=events.TaskForceEvent)
ForceDecision: TypeAlias = events.TaskForceEvent | Refusal


def form(command: FormTaskForce, now: datetime) -> ForceDecision:
    """A new task force, with no seat yet."""
    new = TaskForce(command.id, command.community, command.neighbourhood)
    return _tell(events.TaskForceFormed, new, command, now, title=command.title)


def decide_force(force: TaskForce, command: AnyForce, now: datetime) -> ForceDecision:
    """The event of a command, or why it is refused."""
    match command:
        case FillSeat():
            return _filled(force, command, now)
        case VacateSeat():
            return _vacated(force, command, now)
        case IssueBulletin():
            number = len(force.bulletins) + 1
            issued = {"title": command.title, "text": command.text, "meeting_id": command.meeting_id}
            return _tell(events.BulletinIssued, force, command, now, number=number, **issued)
        case CorrectBulletin():
            if not 1 <= command.number <= len(force.bulletins):
                return refused("unknown", "There is no such bulletin.", "没有这期简报。", "/number")
            fields = {"number": command.number, "instead": command.instead, "why": command.why}
            corrigendum = force.bulletins[command.number - 1] + 1
            return _tell(events.BulletinCorrected, force, command, now, corrigendum=corrigendum, **fields)


def ending(force: TaskForce, rules: TaskForceRules, now: datetime) -> list[tuple[str, date]]:
    """The seats whose last term ends soon, or has ended, and that nobody follows; with the day of that."""
    soon = rules.place.day_of(now) + timedelta(days=rules.seat_remind_days)
    last = ((id, seat.terms[-1].until) for id, seat in sorted(force.seats.items()))
    return [(id, until) for id, until in last if until is not None and until <= soon]


def tick(force: TaskForce, rules: TaskForceRules, now: datetime) -> list[events.SeatReminded]:
    """What the clock has to say of seats; nothing once it has said it."""
    return [
        _tell(events.SeatReminded, force, CLOCK, now, seat_id=id, until=until, holder=force.seats[id].terms[-1].holder)
        for id, until in ending(force, rules, now)
        if (id, until) not in force.told
    ]


def next_look(force: TaskForce, rules: TaskForceRules) -> date | None:
    """The day on which the clock is to look again; past where it has not yet looked."""
    last = ((id, seat.terms[-1].until) for id, seat in force.seats.items())
    open_ = (until for id, until in last if until is not None and (id, until) not in force.told)
    return min((until - timedelta(days=rules.seat_remind_days) for until in open_), default=None)


def _filled(force: TaskForce, command: FillSeat, now: datetime) -> ForceDecision:
    if command.until is not None and command.until <= command.from_day:
        return refused("term_order", "A term ends after it begins.", "任期的结束应晚于开始。", "/until")
    seat = force.seats.get(command.seat_id)
    if seat is not None and seat.role is not command.role:
        return refused("other_role", "That seat is for another role.", "这个席位属于另一个角色。", "/role")
    last = seat.terms[-1] if seat else None
    if last and (refusal := _not_next(last, command.from_day)):
        return refusal
    names = ("seat_id", "role", "holder", "from_day", "until", "sits_for")
    return _tell(events.SeatFilled, force, command, now, **{name: getattr(command, name) for name in names})


def _not_next(last: Term, from_day: date) -> Refusal | None:
    """A term that has no end is ended by the next one; one that has is followed on that very day."""
    if from_day <= last.first or (last.until and from_day < last.until):
        return refused("seat_overlap", "Somebody holds the seat then.", "这个席位届时有人。", "/from_day")
    if last.until and from_day > last.until:
        return refused(
            "seat_gap",
            "Nobody would hold the seat from {day} on; begin on that day.",
            "席位从 {day} 起会空缺，请从这一天开始。",
            "/from_day",
            day=last.until.isoformat(),
        )
    return None


def _vacated(force: TaskForce, command: VacateSeat, now: datetime) -> ForceDecision:
    seat = force.seats.get(command.seat_id)
    if seat is None:
        return refused("unknown", "There is no such seat.", "没有这个席位。")
    last = seat.terms[-1]
    if command.on <= last.first or (last.until and command.on > last.until):
        return refused("seat_overlap", "Nobody leaves the seat on that day.", "这一天没有人离任。", "/on")
    if command.stands_in == last.holder:
        return refused("same_holder", "Somebody else stands in.", "代理人应是另一个人。", "/stands_in")
    names = ("seat_id", "on", "stands_in", "sits_for")
    fields = {name: getattr(command, name) for name in names}
    return _tell(events.SeatVacated, force, command, now, **fields)


def _tell(kind: type[E], force: TaskForce, command: TaskForceCommand, now: datetime, /, **fields: object) -> E:
    return told(kind, force, command, now, taskforce_id=force.id, **fields)
