"""Lists of who has a vote: masked for the public, with names for the tellers.

No article promises a secret ballot to owners: tellers see who chose what, as they would with papers, and each look
leaves an audit entry at the edge. The public sees that a unit took part, and never what it chose.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from linli.contracts.neighbourhood.ballots import Choice
from linli.contracts.neighbourhood.register import Entry
from linli.contracts.neighbourhood.votes import BallotChannel
from neighbourhood.votes.domain.ballot import Ballot, OwnersBallot
from neighbourhood.votes.domain.snapshot import Snapshot

_LAST_FIGURES = re.compile(r"[0-9A-Za-z一-鿿]{1,2}(?=\D*$)")


class Known(NamedTuple):
    """What is kept beside the register: never in an event."""

    doors: Mapping[str, str]
    """By unit, such as `3号楼1单元402`."""
    names: Mapping[str, str]
    """By owner."""


class PublicLine(NamedTuple):
    """`area` in hundredths of a ㎡."""

    door: str
    owner: str
    area: int
    took_part: bool


class TellersLine(NamedTuple):
    """An owner with all units; without a ballot, the last three are empty."""

    doors: tuple[str, ...]
    owner: str
    area: int
    channel: BallotChannel | None
    ballot_id: str | None
    choices: Mapping[str, Choice]


def public_list(
    snapshot: Snapshot, known: Known, voted: Collection[str], some: Iterable[Entry] | None = None
) -> Iterator[PublicLine]:
    """A line for each unit, or for some; one that is not known by its door is told by nothing but its area."""
    for entry in snapshot.entries if some is None else some:
        door, name = known.doors.get(entry.unit, ""), known.names.get(entry.owner, "")
        yield PublicLine(masked_door(door), masked_name(name), entry.area, entry.owner in voted)


def tellers_list(
    snapshot: Snapshot, known: Known, ballots: Mapping[str, OwnersBallot], box: Mapping[str, Ballot]
) -> Iterator[TellersLine]:
    """`ballots` by owner, `box` by ballot."""
    for owner, entries in snapshot.owned.items():
        owners = ballots.get(owner)
        cast = box.get(owners.ballot_id) if owners and owners.ballot_id else None
        yield TellersLine(
            doors=tuple(known.doors.get(entry.unit, entry.unit) for entry in entries),
            owner=known.names.get(owner, owner),
            area=snapshot.areas[owner],
            channel=owners.channel if owners else None,
            ballot_id=cast.id if cast else None,
            choices=cast.choices if cast else {},
        )


def masked_name(name: str) -> str:
    """`王秀英` is `王**`; of several, each."""
    return "、".join(each[0] + "*" * max(len(each) - 1, 1) for each in re.split(r"[、,，;；\s]+", name) if each)


def masked_door(door: str) -> str:
    """`3号楼1单元402` is `3号楼1单元4**`: which floor, and not whose door."""
    return _LAST_FIGURES.sub(lambda found: "*" * len(found[0]), door)
