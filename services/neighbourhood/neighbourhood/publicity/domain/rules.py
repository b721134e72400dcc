"""How long each kind of publicity has to hang, as a place's profile has it.

What a vote and a covenant want is told by their contexts: they count to a meeting, or from a decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from linli.contracts.neighbourhood.profile import RuleProfile, Switch, Term
from linli.contracts.neighbourhood.publicity import DayRule, Subject

_TERMS = {Subject.ROUND: Term.PUBLICITY, Subject.PLAN: Term.PLAN_NOTICE, Subject.OTHER: Term.PUBLICITY}


@dataclass(frozen=True, slots=True)
class DaysInForce:
    """The rules of a place on a day. A notice keeps the one that it was prepared with."""

    scope: str
    """Where they hold, such as `qingdao`."""
    rules: Mapping[Subject, DayRule]

    @classmethod
    def of(cls, profile: RuleProfile) -> "DaysInForce":
        """Raises `NoRule` where the profile lacks one of them."""
        unbroken = profile.says(Switch.NOTICE_UNBROKEN)
        spans = {subject: profile.term(term) for subject, term in _TERMS.items()}
        rules = {
            subject: DayRule(
                length=span.length,
                unit=span.unit,
                counting=span.counting,
                unbroken=unbroken,
                citation=span.citation,
            )
            for subject, span in spans.items()
        }
        return cls(profile.id, rules)
