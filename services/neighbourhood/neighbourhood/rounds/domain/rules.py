"""What a round is held to, as a place's profile has it."""

from dataclasses import dataclass

from linli.contracts.neighbourhood.office_rules import Portion
from linli.contracts.neighbourhood.profile import Bound, RuleProfile, Switch, Term
from linli.contracts.neighbourhood.rules import Share
from linli.contracts.neighbourhood.spans import Span


@dataclass(frozen=True, slots=True)
class RoundRules:
    """How long a round is open, and how many sheets a second person reads."""

    open_for: Span
    """Full days on which households can answer."""
    sample: Share
    """This part of the sheets, rounded up."""
    sample_at_least: int
    """Sheets, where there are so many."""
    all_of_who_erred: bool
    """Where a sheet says something else than was entered, all that the same person entered are read."""

    @classmethod
    def of(cls, profile: RuleProfile) -> "RoundRules":
        """Raises `NoRule` where the profile lacks one of them."""
        return cls(
            open_for=profile.term(Term.ROUND_OPEN),
            sample=profile.portion(Portion.SHEETS_READ_AGAIN),
            sample_at_least=profile.limit(Bound.SHEETS),
            all_of_who_erred=profile.says(Switch.ALL_OF_WHO_ERRED),
        )
