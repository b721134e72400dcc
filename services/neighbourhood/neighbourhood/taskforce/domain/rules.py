"""The numbers by which a task force works, as a place's profile has them. No law sets most of them."""

from dataclasses import dataclass

from linli.contracts.neighbourhood.office_rules import Duty, Ending, Portion
from linli.contracts.neighbourhood.profile import RuleProfile, Term
from linli.contracts.neighbourhood.rules import Share
from linli.contracts.neighbourhood.spans import Span
from linli.contracts.neighbourhood.taskforce import SeatRole
from neighbourhood.profiles.days import Place


@dataclass(frozen=True, slots=True)
class TaskForceRules:
    """What holds in a place."""

    scope: str
    place: Place
    notice: Span
    """Full days between the day on which a meeting is called and that on which it is held."""
    quorum: Share
    """Of the seats that are filled on the day."""
    confirmed_by: frozenset[SeatRole]
    """Whose seats confirm minutes."""
    remind_days: tuple[int, ...]
    """Before an action's last day."""
    seat_remind_days: int
    """Before a term ends that nobody follows."""

    @classmethod
    def of(cls, profile: RuleProfile, place: Place) -> "TaskForceRules":
        """Raises `NoRule` where the profile lacks one of them."""
        return cls(
            scope=profile.id,
            place=place,
            notice=profile.term(Term.TASKFORCE_CALLED),
            quorum=profile.portion(Portion.SEATS_PRESENT),
            confirmed_by=frozenset(SeatRole(role) for role in profile.bound_to(Duty.CONFIRM_MINUTES)),
            remind_days=profile.remind_before(Ending.ACTION),
            seat_remind_days=max(profile.remind_before(Ending.SEAT)),
        )
