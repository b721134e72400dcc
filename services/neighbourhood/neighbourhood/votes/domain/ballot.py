"""One owner's ballot in one vote. Web, paper and proxy meet here, so a second one finds the first.

What was chosen is a `Ballot`, which goes into the ballot box in the same transaction as its event; the state and the
events know its seal only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from linli.contracts.neighbourhood.ballots import (
    BallotDelivered,
    BallotEvent,
    BallotRecorded,
    BallotSpoiled,
    Choice,
    Spoilt,
)
from linli.contracts.neighbourhood.votes import BallotChannel
from linli.frozen import replace
from neighbourhood.digests import digest_of_json


@dataclass(frozen=True, slots=True)
class Ballot:
    """What lies in the box. `nonce` is random, so that nobody finds the choices by trying all there are."""

    id: str
    vote_id: str
    owner: str
    choices: Mapping[str, Choice]
    """By matter; a matter without one was left blank."""
    nonce: str
    """32 random bytes at least, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class OwnersBallot:
    """`version` is the number of events in its history."""

    vote_id: str
    owner: str
    community: str
    neighbourhood: str
    issue: int = 0
    """The paper with a code that counts; those before are worthless."""
    ballot_id: str | None = None
    """The ballot that counts; None before there is one, and after it was spoiled."""
    channel: BallotChannel | None = None
    seal: str | None = None
    spoiled: tuple[str, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class DeliverBallot:
    """A paper with a personal code goes to the owner; also one in place of a lost one."""

    by: str


@dataclass(frozen=True, slots=True)
class RecordBallot:
    """`received_at` is when it came in; a paper may be entered later. `issue` is the one whose code was used."""

    by: str
    ballot: Ballot
    channel: BallotChannel
    received_at: datetime
    issue: int | None = None
    agent: str | None = None
    scan: str | None = None


@dataclass(frozen=True, slots=True)
class SpoilBallot:
    """A teller says that the ballot does not count; so it is once another one has said the same before."""

    by: str
    second: str | None
    """Who has said so before, with a key of their own; None of the first."""
    ballot_id: str
    because: Spoilt


BallotCommand: TypeAlias = DeliverBallot | RecordBallot | SpoilBallot


def seal_of(ballot: Ballot) -> str:
    """SHA-256 over all that a ballot says, and its nonce."""
    said = {
        "id": ballot.id,
        "vote": ballot.vote_id,
        "owner": ballot.owner,
        "choices": {matter: choice.value for matter, choice in ballot.choices.items()},
        "nonce": ballot.nonce,
    }
    return digest_of_json(said)


def evolve(owners: OwnersBallot, event: BallotEvent) -> OwnersBallot:
    """The owner's ballot after an event."""
    after = replace(owners, version=owners.version + 1)
    match event:
        case BallotDelivered(issue=issue):
            return replace(after, issue=issue)
        case BallotRecorded(ballot_id=id, channel=channel, seal=seal):
            return replace(after, ballot_id=id, channel=channel, seal=seal)
        case BallotSpoiled(ballot_id=id):
            return replace(after, ballot_id=None, channel=None, seal=None, spoiled=(*owners.spoiled, id))
    raise TypeError(f"{event.TYPE} is not of a ballot")
