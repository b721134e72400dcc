"""A case's relatives: its head and followers, its whole and parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from linli.contracts.workflow.case import CaseState
from linli.frozen import replace


@dataclass(frozen=True, slots=True)
class Family:
    """A case's place in its family, which has only two levels."""

    merged_into: str | None = None
    """The case that it follows, because both are about one matter."""
    followers: tuple[str, ...] = ()
    """The cases that follow this one."""
    had_state: CaseState | None = None
    """How it stood before it was merged, and who had it: there it goes back to when that is undone."""
    had_party: str | None = None
    withdrawn_at: datetime | None = None
    """When its reporter took it back while it went on, for others wait for it too."""
    part_of: str | None = None
    """The case that it was split from."""
    parts: tuple[str, ...] = ()
    """The cases that it was split into."""


ALONE = Family()


def following(family: Family, head: str, state: CaseState, party: str | None) -> Family:
    """It follows another from now on, and what followed it does too; it goes back to this state and party."""
    return replace(family, merged_into=head, followers=(), had_state=state, had_party=party)


def passed_to(family: Family, head: str) -> Family:
    """What it followed follows another now, and so does it."""
    return replace(family, merged_into=head)


def gone_from(family: Family) -> Family:
    """It has ended while it followed another; where it stood before stays known."""
    return replace(family, merged_into=None)


def on_its_own(family: Family) -> Family:
    """It follows no other any more."""
    return replace(family, merged_into=None, had_state=None, had_party=None)


def followed_by(family: Family, ids: Iterable[str]) -> Family:
    return replace(family, followers=(*family.followers, *ids))


def left_by(family: Family, id: str) -> Family:
    return replace(family, followers=tuple(each for each in family.followers if each != id))


def split_into(family: Family, ids: Iterable[str]) -> Family:
    return replace(family, parts=(*family.parts, *ids))


def going_on_for_others(family: Family, now: datetime) -> Family:
    """Its own reporter has taken it back."""
    return replace(family, withdrawn_at=family.withdrawn_at or now)
