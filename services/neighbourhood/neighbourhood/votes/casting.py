"""Taking ballots: those that come in together are one transaction, so a burst waits for the disk once.

Each takes effect once: an owner has one ballot in a vote, whichever way it came, and of fifty that come at once one
counts.
"""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from uuid_utils import UUID, uuid7

from linli.application.kit import Kit
from linli.contracts.neighbourhood.ballots import BallotEvent, Choice
from linli.contracts.neighbourhood.votes import BallotChannel
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from linli.storage.group_commit import Limits
from linli.web.localized import Localized
from linli.web.problems import Problem, not_found, unknown_code
from neighbourhood.affairs.codes import new_code
from neighbourhood.affairs.problems import problem_of
from neighbourhood.affairs.stories import Happened
from neighbourhood.affairs.together import Together
from neighbourhood.refusal import Refusal, refused
from neighbourhood.votes.box import Aside, Box
from neighbourhood.votes.codes import CodeOf, Codes
from neighbourhood.votes.domain.ballot import (
    Ballot,
    BallotCommand,
    DeliverBallot,
    OwnersBallot,
    RecordBallot,
    SpoilBallot,
    evolve,
)
from neighbourhood.votes.domain.snapshot import Snapshot
from neighbourhood.votes.domain.sums import Sums, added, taken_away, together
from neighbourhood.votes.domain.vote import Vote
from neighbourhood.votes.domain.voting import decide
from neighbourhood.votes.office import Votes

log = structlog.get_logger()
TAKEN = Counter("linli_ballots_taken_total", "Ballots in the box", ["channel"])
TOGETHER = Histogram("linli_ballots_together", "Ballots in one transaction", buckets=(1, 2, 5, 10, 20, 50, 100, 200))
SECONDS = Histogram("linli_ballots_seconds", "Time until ballots are on the disks of a majority")
NO_BALLOT = Localized("There is no ballot of this code.", "没有这个投票码对应的表决票。")
_ANOTHER_REASON = (
    "another-reason",
    "The other teller has given another reason: agree on one first.",
    "另一名计票人填写的理由不同，请先商定一致。",
)
LIMITS = Limits(together=200, in_flight=1, waiting=2_000)
"""One transaction at a time in a process: two would write to the same sums, and one of them run again."""


@dataclass(slots=True, eq=False)
class Cast:
    """A ballot that somebody hands in, and what has become of it."""

    choices: Mapping[str, Choice]
    id: str
    nonce: str
    channel: BallotChannel
    vote: str | None = None
    owner: str | None = None
    code: str | None = None
    """In place of vote and owner."""
    by: str | None = None
    """Who enters a paper; None: the owner."""
    received_at: datetime | None = None
    agent: str | None = None
    scan: str | None = None
    issue: int | None = None
    taken: OwnersBallot | None = None


@dataclass(slots=True)
class _Under:
    """One vote, while ballots of it are taken."""

    vote: Vote
    snapshot: Snapshot
    owners: dict[str, OwnersBallot]
    before: dict[str, OwnersBallot]
    events: dict[str, list[BallotEvent]] = field(default_factory=dict)
    cast: list[Ballot] = field(default_factory=list)
    sums: Sums = field(default_factory=dict)


class Casting:
    """Takes ballots, by code and on paper."""

    def __init__(self, kit: Kit[Any], votes: Votes, box: Box, codes: Codes, key: str) -> None:
        self._transactions: Transactions = kit.transactions
        self._now, self._votes, self._box, self._codes, self._key = kit.clock.now, votes, box, codes, key.encode()
        self._together = Together[Cast](kit.transactions, self._take, _measure, LIMITS, _taken)

    def made(
        self, choices: Mapping[str, Choice], channel: BallotChannel, repeated_by: str | None, **known: Any
    ) -> Cast:
        """A ballot; the same request again makes the same one, so it is found in the box and not refused."""
        if repeated_by is None:
            return Cast(choices, str(uuid7()), secrets.token_hex(32), channel, **known)
        seed = hmac.new(self._key, repeated_by.encode(), sha256)
        nonce = hmac.new(self._key, seed.digest() + b"nonce", sha256).hexdigest()
        return Cast(choices, str(UUID(bytes=seed.digest()[:16])), nonce, channel, **known)

    async def hand_in(self, cast: Cast) -> OwnersBallot:
        """The owner's side after it. Raises 404 for a code that there is not, 409, 422."""
        await self._together.hand_in(cast)
        assert cast.taken is not None, "a ballot is taken or refused"
        return cast.taken

    async def _take(
        self, ballots: Sequence[Cast], failures: dict[int, Exception], session: mongo.Session
    ) -> list[Unsent]:
        now = self._now()
        await self._find(ballots, failures, session)
        under = await self._under([each for at, each in enumerate(ballots) if at not in failures], session)
        for at, each in enumerate(ballots):
            if at not in failures and (why := _one(each, under, now)):
                failures[at] = why
        happened = [each for vote in under.values() for each in _happened(vote)]
        cast = [each for vote in under.values() for each in vote.cast]
        return await self._box.take(happened, cast, {id: vote.sums for id, vote in under.items()}, now, session)

    async def _find(self, ballots: Sequence[Cast], failures: dict[int, Exception], session: mongo.Session) -> None:
        """Whose ballots they are that came by a code."""
        whose = await self._codes.whose({each.code for each in ballots if each.code}, session)
        for at, each in enumerate(ballots):
            if each.code is not None:
                if (found := whose.get(each.code)) is None:
                    failures[at] = unknown_code(NO_BALLOT)
                else:
                    each.vote, each.owner, each.issue = found

    async def _under(self, ballots: Sequence[Cast], session: mongo.Session) -> dict[str, _Under]:
        votes = await self._votes.stories.load({str(each.vote) for each in ballots}, session)
        under = {}
        for id, vote in votes.items():
            under[id] = _Under(vote, await self._votes.snapshots.one(vote.asked.snapshot_id, session), {}, {})
        wanted = sorted({(each.vote, str(each.owner)) for each in ballots if each.vote in votes})
        for id, side in await self._box.sides([(votes[id], owner) for id, owner in wanted], session):
            under[id].owners[side.owner] = under[id].before[side.owner] = side
        return under

    # Papers ----------------------------------------------------------------------------------------------------------

    async def deliver(self, vote_id: str, owners: Sequence[str], by: str) -> dict[str, str]:
        """A personal code for each owner, which is told here and nowhere again; those from before count no more.

        Raises 404, 409.
        """
        codes = {owner: new_code() for owner in owners}

        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            under = await self._of(vote_id, owners, session)
            for owner in owners:
                if (why := _decided(owner, DeliverBallot(by), under, self._now())) is not None:
                    raise why
            kept = {codes[owner]: CodeOf(vote_id, owner, under.owners[owner].issue) for owner in owners}
            await self._codes.keep(kept, session)
            return None, await self._box.take(_happened(under), [], {}, self._now(), session)

        await self._transactions.run(work)
        log.info("ballots_delivered", correlationid=vote_id, owners=len(owners))
        return codes

    # What tellers do with one ----------------------------------------------------------------------------------------

    async def spoil(self, vote_id: str, owner: str, ballot: str, said: Aside) -> tuple[OwnersBallot, str | None]:
        """Say that a ballot does not count; the answer has who said so, where it waits for another teller.

        Once two have, each with their own key, it is put aside. Raises 404, 409, 422.
        """

        async def work(session: mongo.Session) -> tuple[tuple[OwnersBallot, str | None], list[Unsent]]:
            under = await self._of(vote_id, [owner], session)
            owners = under.owners[owner]
            counts = owners.ballot_id == ballot
            kept, first = await self._box.one(ballot, session), await self._box.aside(ballot, session)
            other = first if first is not None and first.by != said.by else None
            if kept is not None and owners.channel is not None and counts:
                under.sums = taken_away(under.vote, under.snapshot, kept, owners.channel)
            command = SpoilBallot(said.by, other.by if other else None, ballot, said.because)
            if (why := _decided(owner, command, under, self._now())) is not None:
                raise why
            if other is not None and counts and other.because is not said.because:
                raise problem_of(refused(*_ANOTHER_REASON, "/because"))
            if not under.events:
                if counts:
                    await self._box.say_aside(ballot, said, session)
                return (owners, said.by if counts else None), []
            unsent = await self._box.take(_happened(under), [], {vote_id: under.sums}, self._now(), session)
            return (under.owners[owner], None), unsent

        return await self._transactions.run(work)

    async def _of(self, vote_id: str, wanted: Sequence[str], session: mongo.Session) -> _Under:
        vote = await self._votes.stories.one(vote_id, session)
        if vote is None:
            raise not_found("affair")
        snapshot = await self._votes.snapshots.one(vote.asked.snapshot_id, session)
        owners = {each.owner: each for each in await self._box.owners(vote, wanted, session)}
        return _Under(vote, snapshot, owners, dict(owners))


def _one(cast: Cast, under: Mapping[str, _Under], now: datetime) -> Exception | None:
    """Let one ballot take effect on what those before it in the batch have left; or why it cannot."""
    vote = under.get(str(cast.vote))
    if vote is None:
        return not_found("ballot")
    owner = str(cast.owner)
    ballot = Ballot(cast.id, vote.vote.id, owner, cast.choices, cast.nonce)
    by, received_at = cast.by or owner, cast.received_at or now
    command = RecordBallot(by, ballot, cast.channel, received_at, cast.issue, cast.agent, cast.scan)
    before = len(vote.events.get(owner, ()))
    if (why := _decided(owner, command, vote, now)) is not None:
        return why
    if len(vote.events.get(owner, ())) > before:
        vote.cast.append(ballot)
        vote.sums = together(vote.sums, added(vote.vote, vote.snapshot, ballot, cast.channel))
    cast.taken = vote.owners[owner]
    return None


def _decided(owner: str, command: BallotCommand, under: _Under, now: datetime) -> Problem | None:
    decided = decide(under.owners[owner], command, under.vote, under.snapshot, now)
    if isinstance(decided, Refusal):
        return problem_of(decided)
    for event in decided:
        under.owners[owner] = evolve(under.owners[owner], event)
        under.events.setdefault(owner, []).append(event)
    return None


def _happened(under: _Under) -> list[Happened[OwnersBallot]]:
    return [
        Happened(under.before[owner] if under.before[owner].version else None, under.owners[owner], events)
        for owner, events in under.events.items()
    ]


def _taken(cast: Cast) -> None:
    TAKEN.labels(cast.channel).inc()


def _measure(together: int, seconds: float) -> None:
    TOGETHER.observe(together)
    SECONDS.observe(seconds)
