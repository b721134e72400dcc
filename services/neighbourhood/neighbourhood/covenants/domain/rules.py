"""Who adopts which covenant, and how long comments are taken, as a place's profile has it."""

from collections.abc import Mapping
from dataclasses import dataclass

from linli.contracts.neighbourhood.covenants import Adopter, Track
from linli.contracts.neighbourhood.office_rules import Portion, PortionRule
from linli.contracts.neighbourhood.profile import NoRule, RuleProfile, Term
from linli.contracts.neighbourhood.spans import Span
from neighbourhood.profiles.days import Place


@dataclass(frozen=True, slots=True)
class TrackRule:
    """What holds for one kind of covenant."""

    adopter: Adopter
    legal_class: str
    """As which the vote's officer has to have recorded the matter."""
    comments: Span
    """For which comments are taken, at the least."""
    filing: Span | None
    """After the adoption; None where no rule sets a last day."""


@dataclass(frozen=True, slots=True)
class AssemblyRule:
    """When a residents' assembly can decide, and what it has decided."""

    present: PortionRule
    """Of the households on its list."""
    agree: PortionRule
    """Of those present."""


@dataclass(frozen=True, slots=True)
class CovenantRules:
    """What holds in a place."""

    scope: str
    place: Place
    tracks: Mapping[Track, TrackRule]
    sound_like_fines: tuple[str, ...]
    """Words for which a reviewer has to say why they are no fine."""
    assembly: AssemblyRule | None = None
    """None where nothing says when an assembly decides: then none does."""

    @classmethod
    def of(cls, profile: RuleProfile, place: Place) -> "CovenantRules":
        """Raises `NoRule` where the profile says nothing of comments or fines."""
        if profile.fines is None:
            raise NoRule.of(profile.id, "fines")
        comments = profile.term(Term.COVENANT_COMMENTS)
        filing = next((each for each in profile.days if each.term is Term.COVENANT_FILED), None)
        tracks = {each.track: TrackRule(each.adopter, each.legal_class, comments, filing) for each in profile.adoptions}
        portions = {each.portion: each for each in profile.portions}
        present, agree = portions.get(Portion.ASSEMBLY_PRESENT), portions.get(Portion.ASSEMBLY_AGREES)
        assembly = AssemblyRule(present, agree) if present and agree else None
        return cls(profile.id, place, tracks, profile.fines.words, assembly)
