"""Votes for staff: each step of one, its turnout, its count, the sheet by which an official checks it."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Id
from linli.contracts.neighbourhood.ballots import Choice
from linli.contracts.neighbourhood.permissions import (
    COUNT_BALLOTS,
    HOLD_AFFAIRS,
    READ_AFFAIRS,
    READ_PUBLIC_AFFAIRS,
)
from linli.contracts.neighbourhood.votes import VoteCount, VoteState, Weight
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.problems import Problem
from neighbourhood.affairs.office import Place
from neighbourhood.affairs.verbs import (
    ERRORS,
    AffairId,
    HandedDep,
    OnBehalf,
    Verb,
    add_verbs,
    as_answer,
    body_of,
    wish_of,
)
from neighbourhood.votes.domain import commands
from neighbourhood.votes.domain.sums import count_from, turnout_of
from neighbourhood.votes.domain.tally import CannotCount
from neighbourhood.votes.domain.vote import Vote
from neighbourhood.votes.office import Votes

routes = router(prefix="/v1/votes", tags=["votes"])
VotesDep = Annotated[Votes, given(Votes)]
AFTER_CLOSING = frozenset({VoteState.CLOSED, VoteState.COUNTED, VoteState.DECLARED, VoteState.PUBLISHED})
_ASKED = body_of(commands.PrepareVote)


class NewVote(_ASKED):  # type: ignore[valid-type, misc]  # made of the command
    """A vote and what it asks."""

    community: Slug
    neighbourhood: Slug


_MATTER = {"id": "a", "text": "在 3 号楼东侧空地建电动车棚", "legal_class": "common_parts"}
_PREPARED = {
    "snapshot": "s-2026-1",
    "matters": [_MATTER],
    "channels": ["paper", "code"],
    "tellers": ["key:a1", "key:b2"],
}


_FOUND = {
    "matter": "a",
    "approve": {"area": 168_000, "heads": 26},
    "oppose": {"area": 36_000, "heads": 6},
    "abstain": {"area": 12_000, "heads": 2},
}


class Turnout(Record):
    """How many have voted so far. What they chose nobody is told before the vote has closed."""

    state: VoteState
    electorate: Weight
    turnout: Weight


class MatterFound(Record):
    """What a teller has counted by hand."""

    matter: Id
    approve: Weight
    oppose: Weight
    abstain: Weight

    @property
    def marks(self) -> dict[Choice, Weight]:
        return {Choice.APPROVE: self.approve, Choice.OPPOSE: self.oppose, Choice.ABSTAIN: self.abstain}


class Certified(OnBehalf):
    """A teller's numbers: of every matter, as they stand on the teller's sheet."""

    matters: Annotated[list[MatterFound], Field(max_length=commands.MATTERS_AT_MOST, examples=[[_FOUND]])]


class Text(Record):
    """A matter's text, as it was posted."""

    matter: Id
    text: str


@routes.post("", dependencies=[needs(HOLD_AFFAIRS)], response_model=Vote, status_code=201, responses=problems(*ERRORS))
async def prepare(
    new: Annotated[NewVote, Field(examples=[{"community": "fushan-road", "neighbourhood": "yard-3", **_PREPARED}])],
    handed: HandedDep,
    votes: VotesDep,
) -> Any:
    """Begin a vote: what it asks, of which frozen register, by which ways, who counts."""
    id, place = str(uuid7()), Place(new.community, new.neighbourhood)
    wish = wish_of(commands.PrepareVote, new)
    what = ["vote", new.model_dump(mode="json")]
    blank = Vote(id, place.community, place.neighbourhood)
    return await handed.once(votes, what, lambda asked: votes.begin(id, place, wish, asked, blank), status=201)


@routes.get("", dependencies=[needs(READ_AFFAIRS)], response_model=list[Vote])
async def listing(who: Who, votes: VotesDep, community: Slug, neighbourhood: Slug) -> Any:
    """A neighbourhood's votes, as `GET /v1/votes/{id}` shows each."""
    return [votes.as_seen(each, who) for each in await votes.of_place(who, Place(community, neighbourhood))]


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], response_model=Vote, responses=problems(404))
async def view(id: AffairId, who: Who, votes: VotesDep) -> Any:
    """How a vote stands. `count` is null before it is declared, but for who holds the vote and for its tellers, of whom
    the next does not see what the first has found. `proxies` is empty, and challenges are without their owners, for
    who neither holds it nor counts."""
    vote = votes.as_seen(await votes.seen(id, who), who)
    return as_answer(votes.stories.written.dump_json(vote), vote.version)


@routes.get("/{id}/matters", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def matters(id: AffairId, who: Who, votes: VotesDep) -> list[Text]:
    """What is asked, in words."""
    texts = await votes.matters(await votes.seen(id, who))
    return [Text(matter=matter, text=text) for matter, text in texts.items()]


@routes.get("/{id}/turnout", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def turnout(id: AffairId, who: Who, votes: VotesDep) -> Turnout:
    """How many have voted, while they do."""
    vote = await votes.seen(id, who)
    snapshot = await votes.snapshots.one(vote.asked.snapshot_id)
    found = turnout_of(await votes.box.sums(id))
    return Turnout(state=vote.state, electorate=snapshot.whole(), turnout=found)


@routes.get("/{id}/count", dependencies=[needs(READ_AFFAIRS)], responses=problems(403, 404, 409))
async def count(
    id: AffairId,
    who: Who,
    votes: VotesDep,
    anew: Annotated[bool, Query(description="Count every ballot again from the events and the box")] = False,
) -> VoteCount:
    """What the ballots come to, once the vote has closed; from the sums that were kept, or counted anew.

    For its tellers and who holds the vote: everybody else reads what was declared.
    """
    vote = await votes.counted_by(id, who)
    if vote.state not in AFTER_CLOSING:
        raise Problem("not_allowed", 409, "There is no count before the vote has closed.", reason="still-open")
    snapshot = await votes.snapshots.one(vote.asked.snapshot_id)
    if not anew:
        return count_from(vote, snapshot, await votes.box.sums(id))
    try:
        return await votes.box.recount(vote, snapshot)
    except CannotCount as error:
        raise Problem("not_allowed", 409, str(error), reason="cannot-count") from None


@routes.post("/{id}:certify", dependencies=[needs(COUNT_BALLOTS)], response_model=Vote, responses=problems(*ERRORS))
async def certify(id: AffairId, found: Certified, handed: HandedDep, votes: VotesDep) -> Any:
    """A teller says what they have found. Two who find the same as the machine make it the count."""
    wish = wish_of(commands.CertifyCount, found, by_the_office=False, also=found.matters)
    what = ["certify", id, found.model_dump(mode="json")]

    def shown(vote: Vote) -> Mapping[str, Any]:
        return votes.whole(votes.as_seen(vote, handed.who))

    return await handed.once(votes, what, lambda asked: votes.take(id, wish, asked), shown)


add_verbs(
    routes,
    Votes,
    Vote,
    [
        Verb("prepare", commands.PrepareVote, HOLD_AFFAIRS, _PREPARED),
        Verb("notice", commands.PostNotice, HOLD_AFFAIRS),
        Verb(
            "open",
            commands.OpenVote,
            HOLD_AFFAIRS,
            {"closes_at": "2026-03-24T18:00:00+08:00"},
            without=frozenset({"texts"}),
        ),
        Verb(
            "lodge_proxy",
            commands.LodgeProxy,
            HOLD_AFFAIRS,
            {"principal": "o-01", "agent": "o-02", "letter": "0" * 64},
            without=frozenset({"principal_voted"}),
        ),
        Verb(
            "revoke_proxy",
            commands.RevokeProxy,
            HOLD_AFFAIRS,
            {"principal": "o-01"},
            without=frozenset({"principal_voted"}),
        ),
        Verb("close", commands.CloseVote, HOLD_AFFAIRS),
        Verb("declare", commands.DeclareResult, HOLD_AFFAIRS),
        Verb("publish", commands.PublishResult, HOLD_AFFAIRS),
        Verb(
            "challenge",
            commands.FileChallenge,
            HOLD_AFFAIRS,
            {"challenge_id": "c-1", "owner": "o-01", "ground": "procedure", "document": "0" * 64},
        ),
        Verb(
            "settle_challenge",
            commands.SettleChallenge,
            HOLD_AFFAIRS,
            {"challenge_id": "c-1", "upheld": False, "document": "0" * 64},
        ),
        Verb("void", commands.VoidVote, HOLD_AFFAIRS, {"ground": "procedure", "document": "0" * 64}),
    ],
)
