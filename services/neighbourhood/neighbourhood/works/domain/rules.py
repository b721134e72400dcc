"""The numbers by which works are accepted and cleared, as a place's profile has them."""

from collections.abc import Mapping
from dataclasses import dataclass

from linli.contracts.neighbourhood.office_rules import Duty, Ending, HeatingSeason, WarrantyTerm
from linli.contracts.neighbourhood.profile import Bound, NoRule, RuleProfile, Switch, Term
from linli.contracts.neighbourhood.spans import Span
from linli.contracts.neighbourhood.works import SiteRole, Trade
from linli.contracts.neighbourhood.works_accepted import WorksDuty
from neighbourhood.profiles.days import Place


@dataclass(frozen=True, slots=True)
class WorksRules:
    """What holds in a place."""

    scope: str
    place: Place
    signatories: frozenset[SiteRole]
    """Who must sign an acceptance, all of them."""
    gate: int
    """So many residents' representatives at least are asked; 0: none need be."""
    filing: Span
    """Within which an acceptance is filed."""
    handover_after_filing: bool
    registration: Span
    """Of a lift, after it begins to run, which it does with the handover."""
    warranties: Mapping[Trade, WarrantyTerm]
    season: HeatingSeason
    remind_days: tuple[int, ...]
    """Before a warranty ends, the longest first."""
    duty_days: Mapping[WorksDuty, tuple[int, ...]]
    """Before the last day of a duty, the longest first."""
    appeal: Span
    """From the notice to whoever has an illegal structure."""

    @classmethod
    def of(cls, profile: RuleProfile, place: Place) -> "WorksRules":
        """Raises `NoRule` where the profile lacks one of them; a trade that it has no warranty of is none of them."""
        if profile.heating is None:
            raise NoRule.of(profile.id, "heating")
        return cls(
            scope=profile.id,
            place=place,
            signatories=frozenset(SiteRole(role) for role in profile.bound_to(Duty.SIGN_ACCEPTANCE)),
            gate=profile.limit(Bound.GATE),
            filing=profile.term(Term.ACCEPTANCE_FILED),
            handover_after_filing=profile.says(Switch.HANDOVER_AFTER_FILING),
            registration=profile.term(Term.LIFT_REGISTERED),
            warranties={each.work: each for each in profile.warranties},
            season=profile.heating,
            remind_days=profile.remind_before(Ending.WARRANTY),
            duty_days={
                WorksDuty.FILING: profile.remind_before(Ending.FILING),
                WorksDuty.LIFTS: profile.remind_before(Ending.LIFTS),
            },
            appeal=profile.term(Term.CLEARING_APPEAL),
        )
