"""A task force: its seats, each held by somebody on every day since it was first filled, and its bulletins."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, TypeAlias

from pydantic import Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood import taskforce as events
from linli.contracts.neighbourhood.affairs import Id
from linli.contracts.neighbourhood.placed import Title, Words
from linli.contracts.neighbourhood.taskforce import BulletinText, SeatRole
from linli.frozen import replace
from neighbourhood.taskforce.domain.command import TaskForceCommand


@dataclass(frozen=True, slots=True)
class Term:
    """From `first` (included) to `until` (not included)."""

    holder: str
    first: date
    until: date | None
    stands_in: bool = False
    sits_for: str | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """Its terms follow one another: each begins on the day on which the one before it ends."""

    role: SeatRole
    terms: tuple[Term, ...] = ()

    def holder_on(self, day: date) -> str | None:
        term = self.term_on(day)
        return term.holder if term else None

    def term_on(self, day: date) -> Term | None:
        for term in reversed(self.terms):
            if term.first <= day:
                return term if term.until is None or day < term.until else None
        return None


@dataclass(frozen=True, slots=True)
class TaskForce:
    """`version` is the number of events in its history."""

    id: str
    community: str
    neighbourhood: str
    seats: dict[str, Seat] = field(default_factory=dict)
    bulletins: tuple[int, ...] = ()
    """How many corrigenda each has, in the order of their numbers."""
    version: int = 0
    title: str = ""
    told: frozenset[tuple[str, date]] = frozenset()
    """Of which seats it was said that their term ends, on which day."""

    def held_on(self, day: date) -> dict[str, str]:
        """The holders of the seats that are filled on a day, by seat."""
        return {id: holder for id, seat in self.seats.items() if (holder := seat.holder_on(day))}

    def parties_on(self, day: date) -> tuple[str, ...]:
        """For which parties somebody sits there on a day."""
        terms = [term for seat in self.seats.values() if (term := seat.term_on(day))]
        return tuple(sorted({term.sits_for for term in terms if term.sits_for}))


@dataclass(frozen=True, slots=True)
class FormTaskForce(TaskForceCommand):
    """A new task force, with no seat yet."""

    id: Id
    community: Slug
    neighbourhood: Slug
    title: Title


@dataclass(frozen=True, slots=True)
class FillSeat(TaskForceCommand):
    """Of a new seat, or the next term of one; `until` is the first day on which the holder has it no more."""

    seat_id: Id
    role: SeatRole
    holder: Id
    from_day: date
    until: date | None = None
    sits_for: Slug | None = None
    """The party that hears of meetings; None of a resident."""


@dataclass(frozen=True, slots=True)
class VacateSeat(TaskForceCommand):
    """A holder leaves before the term is over; somebody stands in."""

    seat_id: Id
    on: date
    stands_in: Id
    sits_for: Slug | None = None
    """The party of who stands in."""


@dataclass(frozen=True, slots=True)
class IssueBulletin(TaskForceCommand):
    """Tell everybody. Nothing of it is changed afterwards."""

    title: Title
    text: BulletinText
    meeting_id: Id | None = None


@dataclass(frozen=True, slots=True)
class CorrectBulletin(TaskForceCommand):
    """Say beside a bulletin what it should have said."""

    number: Annotated[int, Field(ge=1, le=10_000)]
    instead: Words
    why: Words


AnyForce: TypeAlias = FillSeat | VacateSeat | IssueBulletin | CorrectBulletin


def evolve_force(force: TaskForce | None, event: events.TaskForceEvent) -> TaskForce:
    """The first event forms it; every other one needs a task force."""
    if force is None:
        assert isinstance(event, events.TaskForceFormed), f"{event.TYPE} of a task force that nobody has formed"
        return TaskForce(event.taskforce_id, event.community, event.neighbourhood, version=1, title=event.title)
    after = replace(force, version=force.version + 1)
    match event:
        case events.SeatFilled():
            seat = force.seats.get(event.seat_id) or Seat(event.role)
            term = Term(event.holder, event.from_day, event.until, sits_for=event.sits_for)
            after = replace(after, seats=force.seats | {event.seat_id: _followed(seat, term)})
        case events.SeatVacated():
            term = Term(event.stands_in, event.on, None, stands_in=True, sits_for=event.sits_for)
            after = replace(after, seats=force.seats | {event.seat_id: _followed(force.seats[event.seat_id], term)})
        case events.SeatReminded():
            after = replace(after, told=force.told | {(event.seat_id, event.until)})
        case events.BulletinIssued():
            after = replace(after, bulletins=(*force.bulletins, 0))
        case events.BulletinCorrected():
            counts = enumerate(force.bulletins, 1)
            corrected = tuple(event.corrigendum if number == event.number else count for number, count in counts)
            after = replace(after, bulletins=corrected)
    return after


def _followed(seat: Seat, term: Term) -> Seat:
    *before, last = seat.terms or (None,)
    ended = () if last is None else (replace(last, until=term.first),)
    return replace(seat, terms=(*(each for each in before if each), *ended, term))
