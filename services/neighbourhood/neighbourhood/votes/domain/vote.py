"""A vote of the owners: what it is, and what each event makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from linli.contracts.neighbourhood.votes import (
    BallotChannel,
    CountCertified,
    Effect,
    Matter,
    ProxyLodged,
    ProxyRevoked,
    ResultDeclared,
    ResultPublished,
    VoteClosed,
    VoteCount,
    VoteEvent,
    VoteNoticed,
    VoteOpened,
    VotePrepared,
    VoteState,
)
from linli.contracts.neighbourhood.votes_disputed import (
    ChallengeDismissed,
    ChallengeFiled,
    ChallengeUpheld,
    Ground,
    VoteVoided,
)
from linli.frozen import replace
from neighbourhood.digests import digest_of_json


@dataclass(frozen=True, slots=True)
class Challenge:
    owner: str
    ground: Ground
    upheld: bool | None = None
    """None while it is looked into."""


@dataclass(frozen=True, slots=True)
class Vote:
    """`version` is the number of events in its history; 0 before it is prepared."""

    id: str
    community: str
    neighbourhood: str
    state: VoteState = VoteState.PREPARED
    terms: VotePrepared | None = None
    """What is asked, of whom, by which rules, as it was prepared last. None before it is."""
    noticed: str | None = None
    """The digest of what was posted."""
    noticed_at: datetime | None = None
    opens_from: datetime | None = None
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    proxies: Mapping[str, str] = field(default_factory=dict)
    """Who votes for whom: the agent by principal."""
    certified: tuple[str, ...] = ()
    """The tellers who have found the same numbers, in order."""
    count: VoteCount | None = None
    """What they found."""
    declared_at: datetime | None = None
    post_by: datetime | None = None
    published_at: datetime | None = None
    challenge_until: datetime | None = None
    challenges: Mapping[str, Challenge] = field(default_factory=dict)
    voided: Ground | None = None
    version: int = 0

    @property
    def asked(self) -> VotePrepared:
        """Its terms, once it is prepared."""
        assert self.terms is not None, "nothing is asked yet"
        return self.terms

    @property
    def matters(self) -> tuple[Matter, ...]:
        return self.terms.matters if self.terms else ()

    @property
    def effect(self) -> Effect:
        return self.asked.effect

    def takes(self, channel: BallotChannel) -> bool:
        return self.terms is not None and channel in self.terms.channels

    def was_open(self, moment: datetime) -> bool:
        """Whether ballots were taken then. By the times that were told: nobody closes it sooner."""
        return self.opened_at is not None and self.closes_at is not None and self.opened_at <= moment < self.closes_at


def evolve(vote: Vote, event: VoteEvent) -> Vote:  # noqa: PLR0911 one event, one line
    """The vote after an event."""
    after = replace(vote, version=vote.version + 1)
    match event:
        case VotePrepared():
            # What was posted counts no more, and a letter that gave a vote away was for what it said then.
            anew = replace(after, noticed=None, noticed_at=None, opens_from=None, proxies={})
            return replace(anew, state=VoteState.PREPARED, terms=event)
        case VoteNoticed(digest=digest, opens_from=opens_from, at=at):
            return replace(after, state=VoteState.NOTICED, noticed=digest, noticed_at=at, opens_from=opens_from)
        case VoteOpened(closes_at=closes_at, at=at):
            return replace(after, state=VoteState.OPEN, opened_at=at, closes_at=closes_at)
        case ProxyLodged(principal=principal, agent=agent):
            return replace(after, proxies={**vote.proxies, principal: agent})
        case ProxyRevoked(principal=principal):
            return replace(after, proxies={who: agent for who, agent in vote.proxies.items() if who != principal})
        case VoteClosed(at=at):
            return replace(after, state=VoteState.CLOSED, closed_at=at)
        case CountCertified(count=count, by=by):
            return _certified(after, count, by)
        case ResultDeclared(post_by=post_by, at=at):
            return replace(after, state=VoteState.DECLARED, declared_at=at, post_by=post_by)
        case ResultPublished(challenge_until=until, at=at):
            return replace(after, state=VoteState.PUBLISHED, published_at=at, challenge_until=until)
        case ChallengeFiled(challenge_id=id, owner=owner, ground=ground):
            return replace(after, challenges={**vote.challenges, id: Challenge(owner, ground)})
        case ChallengeDismissed(challenge_id=id) | ChallengeUpheld(challenge_id=id):
            settled = replace(vote.challenges[id], upheld=isinstance(event, ChallengeUpheld))
            return replace(after, challenges={**vote.challenges, id: settled})
        case VoteVoided(ground=ground):
            return replace(after, state=VoteState.VOIDED, voided=ground)
    raise TypeError(f"{event.TYPE} is not of a vote")


def _certified(vote: Vote, count: VoteCount, by: str) -> Vote:
    """With a teller's numbers. Other numbers than before begin anew: a paper may have been entered meanwhile."""
    tellers = (*vote.certified, by) if count == vote.count else (by,)
    state = VoteState.COUNTED if len(tellers) >= vote.asked.certified_by else vote.state
    return replace(vote, certified=tellers, count=count, state=state)


def digest_of(terms: VotePrepared) -> str:
    """SHA-256 of all that owners are told before they vote: texts, rules, register, ways to vote. Not who wrote it."""
    told = terms.model_dump(mode="json", exclude={"at", "by"})
    return digest_of_json(told)
