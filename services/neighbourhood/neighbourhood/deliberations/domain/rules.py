"""The numbers by which a deliberation is held, as a place's profile has them. No law sets them."""

from dataclasses import dataclass

from linli.contracts.neighbourhood.profile import RuleProfile, Term
from linli.contracts.neighbourhood.spans import Span
from neighbourhood.profiles.days import Place


@dataclass(frozen=True, slots=True)
class DeliberationRules:
    """What holds in a place."""

    scope: str
    place: Place
    notice: Span
    """Full days between the day on which it is convened and its first."""
    dissent: Span
    """Full days for which the text of an outcome lies open before it is concluded."""

    @classmethod
    def of(cls, profile: RuleProfile, place: Place) -> "DeliberationRules":
        """Raises `NoRule` where the profile lacks one of them."""
        called, open_ = profile.term(Term.DELIBERATION_CALLED), profile.term(Term.OUTCOME_OPEN)
        return cls(scope=profile.id, place=place, notice=called, dissent=open_)
