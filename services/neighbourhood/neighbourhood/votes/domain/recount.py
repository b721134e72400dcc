"""A recount: the same numbers from the events and the box, or an alarm. 重新计票"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from linli.contracts.neighbourhood.ballots import BallotEvent
from linli.contracts.neighbourhood.votes import VoteCount
from neighbourhood.votes.domain.ballot import Ballot, OwnersBallot, evolve, seal_of
from neighbourhood.votes.domain.snapshot import Snapshot
from neighbourhood.votes.domain.tally import CannotCount, Cast, tally
from neighbourhood.votes.domain.vote import Vote


class Told(NamedTuple):
    """An event of a ballot, with its number in its story."""

    sequence: int
    event: BallotEvent


def recount(vote: Vote, snapshot: Snapshot, told: Iterable[Told], box: Mapping[str, Ballot]) -> VoteCount:
    """What the events and the box (by ballot) come to; the events in any order, each as often as it was delivered.

    Raises `CannotCount` where a ballot is missing, was changed, or events are missing; and where the register is not
    the one that was frozen.
    """
    return count_of(vote, snapshot, replayed(told), box)


def count_of(vote: Vote, snapshot: Snapshot, ballots: Iterable[OwnersBallot], box: Mapping[str, Ballot]) -> VoteCount:
    """The same from the state: what the pages and the tellers count by."""
    if snapshot.sha256 != vote.asked.snapshot or not snapshot.is_intact():
        raise CannotCount("Another register than the frozen one", snapshot.id)
    cast, spoiled = [], 0
    for owners in ballots:
        if owners.vote_id != vote.id:
            raise CannotCount("A ballot of another vote", owners.vote_id)
        spoiled += len(owners.spoiled)
        if owners.ballot_id is not None and owners.channel is not None:
            cast.append(Cast(owners.owner, owners.channel, _opened(owners, box).choices))
    return tally(snapshot, cast, vote.matters, vote.asked.abstention_takes_part, spoiled)


def replayed(told: Iterable[Told]) -> Iterable[OwnersBallot]:
    """Each owner's ballot, by its events. Raises `CannotCount` where one is missing."""
    stories: dict[str, dict[int, BallotEvent]] = {}
    for sequence, event in told:
        if stories.setdefault(event.story, {}).setdefault(sequence, event) != event:
            raise CannotCount("Two events have one number", event.story)
    for story, events in stories.items():
        if sorted(events) != [*range(1, len(events) + 1)]:
            raise CannotCount("An event is missing", story)
        first = events[1]
        owners = OwnersBallot(first.vote_id, first.owner, first.community, first.neighbourhood)
        for sequence in sorted(events):
            owners = evolve(owners, events[sequence])
        yield owners


def _opened(owners: OwnersBallot, box: Mapping[str, Ballot]) -> Ballot:
    ballot = box.get(owners.ballot_id or "")
    if ballot is None:
        raise CannotCount("Not in the box", owners.ballot_id or "")
    if seal_of(ballot) != owners.seal:
        raise CannotCount("Not as it was cast", ballot.id)
    return ballot
