"""What was asked of neighbourhood, and what it answered."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

Choices = tuple[tuple[str, str], ...]
"""Matter and choice, sorted."""


def choices_of(said: Mapping[str, str]) -> Choices:
    return tuple(sorted(said.items()))


@dataclass(slots=True)
class Owner:
    """One owner in one vote, however often and whichever way they vote."""

    vote: str
    owner: str
    area: int
    code: str = ""
    offered: set[Choices] = field(default_factory=set)
    """What was handed in, answered or not."""
    receipts: dict[str, Choices] = field(default_factory=dict)
    """Ballot → what was on it, for each that a 201 has named; one, if all is well."""
    answered_at: float = 0.0
    """Monotonic, of the first receipt."""

    @property
    def story(self) -> str:
        return f"{self.vote}~{self.owner}"


@dataclass(slots=True)
class Household:
    """One household in the round."""

    round: str
    household: str
    building: str
    code: str
    text: str
    """What it answers, and nobody else does."""
    answered_at: float = 0.0

    @property
    def story(self) -> str:
        return f"{self.round}~~{self.household}"


@dataclass(slots=True)
class Entry:
    """A record of works. `name` stands in its event, and in no other."""

    package: str
    name: str
    answered_at: float = 0.0


@dataclass(slots=True)
class AffairsLedger:
    """Everything that was asked of neighbourhood and answered."""

    owners: dict[str, Owner] = field(default_factory=dict)
    """By story; those whose paper was answered."""
    households: dict[str, Household] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)
    """Packages that were answered with 201, all of the demands."""
    demands: set[str] = field(default_factory=set)
    """Submissions that the plan cites: their cases are not the load's."""
    acknowledged: int = 0
    latest: float = 0.0
    """Monotonic, of the newest acknowledgement."""

    def took(self, what: Owner | Household | Entry) -> None:
        """It was acknowledged; once more changes nothing."""
        if not what.answered_at:
            what.answered_at = self.latest = time.monotonic()
            self.acknowledged += 1

    def receipt(self, owner: Owner, ballot: str, choices: Choices) -> None:
        owner.receipts[ballot] = choices
        self.took(owner)
