"""A covenant: its versions, what was said of them, who signed which."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pydantic import TypeAdapter

from linli.contracts.neighbourhood.covenants import CovenantText, Track
from linli.contracts.neighbourhood.covenants_kept import BreachOutcome
from neighbourhood.digests import digest_of_text

_TEXT: TypeAdapter[str] = TypeAdapter(CovenantText)


class VersionState(StrEnum):
    """How far a version has come. That one is superseded follows from the day: `Covenant.in_force_on`."""

    DRAFTING = "drafting"
    COMMENTING = "commenting"
    REVIEWED = "reviewed"
    ADOPTED = "adopted"
    FILED = "filed"
    IN_FORCE = "in_force"
    ANNULLED = "annulled"  # its vote is void, and a later version has been drafted since


S = VersionState
BEING_WORKED_ON = frozenset({S.DRAFTING, S.COMMENTING, S.REVIEWED})


@dataclass(frozen=True, slots=True)
class Version:
    """One text, on its way or in force."""

    number: int
    digest: str
    drafted_by: str
    """Whose text it is now."""
    title: str = ""
    state: VersionState = S.DRAFTING
    comments_until: date | None = None
    comments: dict[str, bool] = field(default_factory=dict)
    """By id, whether each is answered."""
    commented: dict[str, int] = field(default_factory=dict)
    """By household, how many of them; counted since there is a limit."""
    returned: frozenset[str] = frozenset()
    """Digests of texts that a review has sent back."""
    vote_id: str | None = None
    adopted_on: date | None = None
    from_day: date | None = None

    @property
    def unanswered(self) -> int:
        return sum(not answered for answered in self.comments.values())


@dataclass(frozen=True, slots=True)
class Covenant:
    """`version` is the number of events in its history, `versions` are its texts by number."""

    id: str
    community: str
    neighbourhood: str
    track: Track
    versions: tuple[Version, ...] = ()
    signatures: frozenset[tuple[str, str]] = frozenset()
    """Who has signed what: the digest, and the household."""
    votes: frozenset[tuple[str, str]] = frozenset()
    """The results that it has heard, by vote and matter; none is heard twice."""
    breaches: dict[str, BreachOutcome | None] = field(default_factory=dict)
    version: int = 0

    @property
    def newest(self) -> Version | None:
        return self.versions[-1] if self.versions else None

    def by_digest(self, digest: str) -> Version | None:
        """The version that has this text now."""
        return next((each for each in reversed(self.versions) if each.digest == digest), None)

    def in_force_on(self, day: date) -> Version | None:
        """The newest of those that hold from that day or before; those before it are superseded.

        Where the vote that adopted it is void, it has never held (民法典 155), and so has superseded nothing.
        """
        held = [each for each in self.versions if each.state is S.IN_FORCE and each.from_day and each.from_day <= day]
        return held[-1] if held else None

    def may_be_signed_on(self, day: date) -> frozenset[str]:
        """Digests of what is adopted and not superseded."""
        now = self.in_force_on(day)
        first = now.number if now else 1
        adopted = (S.ADOPTED, S.FILED, S.IN_FORCE)
        return frozenset(each.digest for each in self.versions if each.state in adopted and each.number >= first)

    def signed(self, digest: str) -> int:
        """How many households have signed this text."""
        return sum(each == digest for each, _ in self.signatures)


def as_kept(text: str) -> str:
    """A text as it is kept and signed: without what nobody sees. Raises `pydantic.ValidationError`."""
    return _TEXT.validate_python(text)


def digest_of(text: str) -> str:
    """SHA-256 of a text as it is kept, in UTF-8: one changed character makes another."""
    return digest_of_text(as_kept(text))
