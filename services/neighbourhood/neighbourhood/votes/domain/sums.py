"""The sums of a vote while it goes on: what each ballot adds, and what they come to. Integers, added in any order."""

from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

from linli.contracts.neighbourhood.ballots import Choice
from linli.contracts.neighbourhood.votes import BallotChannel, Matter, MatterCount, VoteCount, Weight
from neighbourhood.votes.domain.ballot import Ballot
from neighbourhood.votes.domain.snapshot import Snapshot, weighed
from neighbourhood.votes.domain.tally import passes
from neighbourhood.votes.domain.vote import Vote

Sums: TypeAlias = Mapping[str, int]
"""By name: `turnout:area`, `code:heads`, `0:approve:area` of the first matter, `spoiled`."""


def added(vote: Vote, snapshot: Snapshot, ballot: Ballot, channel: BallotChannel) -> Sums:
    """What a ballot adds."""
    area = snapshot.areas[ballot.owner]
    found = Counter(_weight("turnout", area)) + Counter(_weight(channel.value, area))
    for at, matter in enumerate(vote.matters):
        if choice := ballot.choices.get(matter.id):
            found += Counter(_weight(f"{at}:{choice.value}", area_in(snapshot, matter, ballot.owner)))
    return dict(found)


def taken_away(vote: Vote, snapshot: Snapshot, ballot: Ballot, channel: BallotChannel) -> Sums:
    """What a spoiled ballot takes with it."""
    return {name: -number for name, number in added(vote, snapshot, ballot, channel).items()} | {"spoiled": 1}


def together(*sums: Sums) -> Sums:
    total: dict[str, int] = {}
    for each in sums:
        for name, number in each.items():
            total[name] = total.get(name, 0) + number
    return total


def turnout_of(sums: Sums) -> Weight:
    """How many have voted."""
    return _read(sums, "turnout")


def count_from(vote: Vote, snapshot: Snapshot, sums: Sums) -> VoteCount:
    """The count that the sums come to: what a recount of all ballots has to find as well."""
    return VoteCount(
        snapshot=snapshot.sha256,
        electorate=snapshot.whole(),
        turnout=turnout_of(sums),
        by_channel={each: _read(sums, each.value) for each in sorted(BallotChannel) if sums.get(f"{each.value}:heads")},
        spoiled=sums.get("spoiled", 0),
        matters=tuple(_matter(vote, snapshot, sums, at, matter) for at, matter in enumerate(vote.matters)),
    )


def area_in(snapshot: Snapshot, matter: Matter, owner: str) -> int:
    """How much an owner weighs in a matter."""
    if matter.units is None:
        return snapshot.areas[owner]
    units = frozenset(matter.units)
    return sum(entry.area for entry in snapshot.owned[owner] if entry.unit in units)


def _matter(vote: Vote, snapshot: Snapshot, sums: Sums, at: int, matter: Matter) -> MatterCount:
    areas = snapshot.areas_in(None if matter.units is None else frozenset(matter.units))
    said = {choice: _read(sums, f"{at}:{choice.value}") for choice in Choice}
    return passes(matter, weighed(areas.values()), said, vote.asked.abstention_takes_part)


def _weight(name: str, area: int) -> dict[str, int]:
    return {f"{name}:area": area, f"{name}:heads": 1}


def _read(sums: Sums, name: str) -> Weight:
    return Weight(area=sums.get(f"{name}:area", 0), heads=sums.get(f"{name}:heads", 0))
