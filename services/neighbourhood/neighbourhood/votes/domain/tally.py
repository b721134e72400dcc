"""Counting: by area and by heads, in whole numbers. The same function counts once, recounts, and is counted against.

Silence is nothing: who has no ballot, or marked nothing on a matter, takes no part in it. An abstention takes part if
the vote's rules say so. Of a spoiled ballot nothing counts.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from linli.contracts.neighbourhood.ballots import Choice
from linli.contracts.neighbourhood.rules import Base, MatterRule, Share
from linli.contracts.neighbourhood.votes import BallotChannel, Matter, MatterCount, VoteCount, Weight
from neighbourhood.votes.domain.snapshot import Snapshot, weighed


class CannotCount(Exception):
    """What lies there cannot be counted, and no number is better than a wrong one. `of` is a ballot, or an owner."""

    def __init__(self, why: str, of: str) -> None:
        super().__init__(f"{why}: {of}")
        self.of = of


class Cast(NamedTuple):
    """A ballot as it is counted."""

    owner: str
    channel: BallotChannel
    choices: Mapping[str, Choice]
    """By matter; a matter without one was left blank."""


def tally(
    snapshot: Snapshot,
    cast: Iterable[Cast],
    matters: Iterable[Matter],
    abstention_takes_part: bool,
    spoiled: int = 0,
) -> VoteCount:
    """What the ballots come to. Raises `CannotCount` of two ballots of one owner, and of who is in no register."""
    areas = snapshot.areas
    by_owner: dict[str, Cast] = {}
    for ballot in cast:
        if ballot.owner not in areas:
            raise CannotCount("Not in the frozen register", ballot.owner)
        if ballot.owner in by_owner:
            raise CannotCount("Two ballots of one owner", ballot.owner)
        by_owner[ballot.owner] = ballot
    channels = {each.channel for each in by_owner.values()}
    return VoteCount(
        snapshot=snapshot.sha256,
        electorate=weighed(areas.values()),
        turnout=turnout(snapshot, by_owner),
        by_channel={
            channel: turnout(snapshot, (owner for owner, each in by_owner.items() if each.channel is channel))
            for channel in sorted(channels)
        },
        spoiled=spoiled,
        matters=tuple(_counted(matter, snapshot, by_owner, abstention_takes_part) for matter in matters),
    )


def turnout(snapshot: Snapshot, voted: Iterable[str]) -> Weight:
    """How many have voted: all that may be told while a vote is open."""
    areas = snapshot.areas
    return weighed([areas[owner] for owner in voted])


def _counted(matter: Matter, snapshot: Snapshot, cast: Mapping[str, Cast], abstention_takes_part: bool) -> MatterCount:
    areas = snapshot.areas_in(None if matter.units is None else frozenset(matter.units))
    marked: dict[Choice, list[int]] = {choice: [] for choice in Choice}
    for owner, area in areas.items():
        if owner in cast and (choice := cast[owner].choices.get(matter.id)):
            marked[choice].append(area)
    said = {choice: weighed(theirs) for choice, theirs in marked.items()}
    return passes(matter, weighed(areas.values()), said, abstention_takes_part)


def passes(
    matter: Matter, electorate: Weight, said: Mapping[Choice, Weight], abstention_takes_part: bool
) -> MatterCount:
    """What came of a matter by what was marked on it."""
    approve, oppose, abstain = (said[each] for each in (Choice.APPROVE, Choice.OPPOSE, Choice.ABSTAIN))
    took_part = approve + oppose + (abstain if abstention_takes_part else Weight())
    quorum = matter.rule.quorum is None or both(matter.rule.quorum, took_part, electorate)
    return MatterCount(
        matter=matter.id,
        electorate=electorate,
        took_part=took_part,
        approve=approve,
        oppose=oppose,
        abstain=abstain,
        quorum=quorum,
        passed=quorum and both(matter.rule.approval, approve, base_of(matter.rule, took_part, electorate)),
    )


def base_of(rule: MatterRule, took_part: Weight, electorate: Weight) -> Weight:
    """Of whom consent is a share."""
    return electorate if rule.base is Base.ALL else took_part


def both(share: Share, part: Weight, whole: Weight) -> bool:
    """Whether a share is met by area, and by heads as well: neither makes up for the other."""
    return share.met(part.area, whole.area) and share.met(part.heads, whole.heads)
