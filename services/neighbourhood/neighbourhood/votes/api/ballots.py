"""Ballots: printed with a code, cast by it, entered from paper, put aside by two tellers, listed."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query, Request
from pydantic import AwareDatetime, Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.ballots import Choice, Spoilt
from linli.contracts.neighbourhood.permissions import (
    ANSWER_BY_CODE,
    COUNT_BALLOTS,
    DELIVER_BALLOTS,
    READ_PUBLIC_AFFAIRS,
)
from linli.contracts.neighbourhood.votes import BallotChannel, Effect, VoteState
from linli.security.audited import about
from linli.security.auth import Who, forbidden, needs
from linli.security.principals import Principal
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.idempotency import IdempotencyKey
from linli.web.localized import Localized
from linli.web.problems import Problem, unknown_code
from neighbourhood.affairs.codes import in_groups
from neighbourhood.affairs.verbs import AffairId
from neighbourhood.votes.box import Aside
from neighbourhood.votes.casting import NO_BALLOT, Casting
from neighbourhood.votes.codes import Codes
from neighbourhood.votes.domain.ballot import OwnersBallot
from neighbourhood.votes.domain.lists import Known, masked_door, public_list, tellers_list
from neighbourhood.votes.domain.snapshot import Snapshot
from neighbourhood.votes.domain.sums import area_in
from neighbourhood.votes.domain.vote import Vote
from neighbourhood.votes.office import Votes
from neighbourhood.votes.people import People
from neighbourhood.votes.registers import UNITS_AT_MOST

routes = router(prefix="/v1/votes", tags=["ballots"])
by_code = router(prefix="/v1/ballots", tags=["ballots"])
VotesDep = Annotated[Votes, given(Votes)]
CastingDep = Annotated[Casting, given(Casting)]
PeopleDep = Annotated[People, given(People)]
CodesDep = Annotated[Codes, given(Codes)]
Code = Annotated[str, Path(max_length=40, pattern=r"^[0-9A-Za-z -]+$", examples=["K7PM-2XQ9-HT4C-WB6E"])]
AT_ONCE = 500
"""Owners that get their papers in one call: a building."""
A_PAGE = 200
Limit = Annotated[int, Query(ge=1, le=1_000, description="So many at most")]
Choices = Annotated[dict[Id, Choice], Field(min_length=1, max_length=20)]


class Delivered(Record):
    """Who gets a paper now: those of a stairwell, or some."""

    stairwell: Id | None = Field(None, examples=["s-0af31c9b2d"])
    owners: Annotated[list[Id], Field(max_length=AT_ONCE)] = Field([], examples=[["o-01"]])


class Paper(Record):
    """What is printed for an owner. The code is told here once; whoever loses it gets another paper."""

    owner: Id
    doors: list[str]
    code: str


class OnBallot(Record):
    """A matter on an owner's ballot."""

    matter: Id
    text: str
    area: int = Field(description="How much the owner weighs in it, in hundredths of a ㎡")


class OwnersView(Record):
    """What an owner sees behind their code."""

    vote: Id
    state: VoteState
    effect: Effect
    closes_at: datetime | None
    doors: list[str]
    matters: list[OnBallot]
    voted: bool
    ballot: Id | None


class Marked(Record):
    """What an owner chooses. A matter that is left out is left blank, and silence is no vote."""

    choices: Choices = Field(examples=[{"a": "approve", "b": "oppose"}])


class Entered(Record):
    """A paper that a clerk enters, with its scan."""

    owner: Id = Field(examples=["o-01"])
    choices: Choices = Field(examples=[{"a": "approve"}])
    received_at: AwareDatetime = Field(description="When it went into the box", examples=["2026-03-20T10:00:00+08:00"])
    scan: Digest = Field(examples=["0" * 64])
    agent: Id | None = Field(None, description="Who voted for the owner, by proxy")


class PutAside(Record):
    """A ballot that does not count, as its tellers agree: each of them says so with a key of their own."""

    ballot_id: Id = Field(examples=["0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"])
    owner: Id = Field(examples=["o-01"])
    because: Spoilt
    second: Id | None = Field(
        None, deprecated=True, description="Has no effect: the other teller says the same with their own key"
    )


class OwnersSide(Record):
    """How an owner's ballot stands; nothing of what was chosen."""

    vote_id: Id
    owner: Id
    community: Slug
    neighbourhood: Slug
    issue: int
    ballot_id: Id | None
    """The ballot that counts."""
    channel: BallotChannel | None
    seal: Digest | None
    spoiled: tuple[Id, ...]
    version: int
    waits_for_another: Id | None
    """The teller who has said that it does not count; it does until another one says the same."""


class Receipt(Record):
    """That a ballot is in the box. The seal stands in the public list: with it the owner sees that it was counted."""

    ballot: Id
    seal: Digest
    channel: BallotChannel


class PublicLine(Record):
    """A unit, as the public sees it: that it took part, and never what it chose."""

    door: str
    owner: str
    area: int
    took_part: bool


class TellersLine(Record):
    """An owner, as the tellers see them. Personal data."""

    doors: list[str]
    owner: str
    area: int
    channel: BallotChannel | None
    ballot: Id | None
    choices: dict[Id, Choice]


@routes.post(
    "/{id}/ballots:deliver", dependencies=[needs(DELIVER_BALLOTS)], responses=problems(400, 403, 404, 409, 422)
)
async def deliver(
    id: AffairId, to: Delivered, who: Who, votes: VotesDep, casting: CastingDep, people: PeopleDep
) -> list[Paper]:
    """Make papers with personal codes for a stairwell, or for some owners. A further one ends the code before it."""
    vote = await votes.led(id, who)
    snapshot = await votes.snapshots.one(vote.asked.snapshot_id)
    owners = whom(to, snapshot)
    codes = await casting.deliver(id, owners, who.id)
    known = await people.known(await votes.snapshots.register_of(snapshot.id), owners)
    return [
        Paper(
            owner=owner,
            doors=[known.doors.get(entry.unit, "") for entry in snapshot.owned[owner]],
            code=in_groups(code),
        )
        for owner, code in codes.items()
    ]


@by_code.get("/{code}", dependencies=[needs(ANSWER_BY_CODE)], responses=problems(404, 409))
async def show(code: Code, votes: VotesDep, codes: CodesDep, people: PeopleDep) -> OwnersView:
    """An owner's ballot: what is asked, until when, whether they have voted."""
    whose = (await codes.whose([code])).get(code)
    if whose is None:
        raise unknown_code(NO_BALLOT)
    vote = await votes.stories.one(whose.vote)
    assert vote is not None, "a code is of a vote"
    [owners] = await votes.box.owners(vote, [whose.owner])
    if owners.issue != whose.issue:
        raise Problem(
            "not_allowed",
            409,
            Localized("This code counts no more: another paper was printed.", "该投票码已失效：已另发新票。"),
            reason="old-code",
        )
    snapshot = await votes.snapshots.one(vote.asked.snapshot_id)
    texts = await votes.matters(vote)
    known = await people.known(await votes.snapshots.register_of(snapshot.id), [whose.owner])
    weighs = {matter.id: area_in(snapshot, matter, whose.owner) for matter in vote.matters}
    return OwnersView(
        vote=vote.id,
        state=vote.state,
        effect=vote.effect,
        closes_at=vote.closes_at,
        doors=[masked_door(known.doors.get(entry.unit, "")) for entry in snapshot.owned[whose.owner]],
        matters=[OnBallot(matter=id, text=texts[id], area=area) for id, area in weighs.items() if area],
        voted=owners.ballot_id is not None,
        ballot=owners.ballot_id,
    )


@by_code.post("/{code}", dependencies=[needs(ANSWER_BY_CODE)], status_code=201, responses=problems(404, 409, 422))
async def vote_by_code(code: Code, marked: Marked, casting: CastingDep, key: IdempotencyKey = None) -> Receipt:
    """Vote. It takes effect once: a second ballot of the same owner is refused, whichever way it comes."""
    repeated = f"{code}\t{key}\t{sorted(marked.choices.items())}" if key else None
    cast = casting.made(marked.choices, BallotChannel.CODE, repeated, code=code)
    return _receipt(await casting.hand_in(cast))


@routes.post(
    "/{id}/ballots", dependencies=[needs(COUNT_BALLOTS)], status_code=201, responses=problems(403, 404, 409, 422)
)
async def enter(
    id: AffairId, entered: Entered, who: Who, votes: VotesDep, casting: CastingDep, key: IdempotencyKey = None
) -> Receipt:
    """Enter a paper, or one that somebody cast by proxy."""
    await votes.counted_by(id, who)
    channel = BallotChannel.PROXY if entered.agent else BallotChannel.PAPER
    repeated = f"{id}\t{entered.owner}\t{key}\t{sorted(entered.choices.items())}\t{entered.scan}" if key else None
    known: dict[str, Any] = {"vote": id, "owner": entered.owner, "by": who.id, "received_at": entered.received_at}
    cast = casting.made(entered.choices, channel, repeated, **known, agent=entered.agent, scan=entered.scan)
    return _receipt(await casting.hand_in(cast))


@routes.post("/{id}/ballots:spoil", dependencies=[needs(COUNT_BALLOTS)], responses=problems(403, 404, 409, 422))
async def spoil(id: AffairId, aside: PutAside, who: Who, votes: VotesDep, casting: CastingDep) -> OwnersSide:
    """Say that a ballot does not count. It is put aside once two tellers have said so with the same reason, each with
    their own key; while the vote is open its owner may then vote anew."""
    await votes.seen(id, who)
    owners, waits = await casting.spoil(id, aside.owner, aside.ballot_id, Aside(who.id, aside.because))
    return OwnersSide(**asdict(owners), waits_for_another=waits)


@routes.get("/{id}/list", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def list_for_all(
    id: AffairId,
    who: Who,
    votes: VotesDep,
    people: PeopleDep,
    after: Annotated[int, Query(ge=0, le=UNITS_AT_MOST, description="Behind so many of its units")] = 0,
    limit: Limit = A_PAGE,
) -> list[PublicLine]:
    """Which units took part, masked: what hangs on the notice board. Nothing of what they chose. Where it is as long as
    `limit`, it may go on: ask for what is behind as many more."""
    vote = await votes.seen(id, who)
    snapshot = await votes.snapshots.one(vote.asked.snapshot_id)
    entries = snapshot.entries[after : after + limit]
    owners = {entry.owner for entry in entries}
    known = await people.known(await votes.snapshots.register_of(snapshot.id), owners)
    lines = public_list(snapshot, known, await votes.box.voted(id, owners), entries)
    return [PublicLine(**line._asdict()) for line in lines]


@routes.get("/{id}/seals", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def seals(
    id: AffairId,
    who: Who,
    votes: VotesDep,
    seal: Annotated[Digest | None, Query(description="Only this one, if it is there: is my ballot in the box?")] = None,
    after: Annotated[Digest | None, Query(description="Behind this one: the last of the page before")] = None,
    limit: Limit = A_PAGE,
) -> list[Digest]:
    """The seals of the ballots in the box, sorted: an owner finds their own, and nobody finds anybody else's."""
    await votes.seen(id, who)
    return await votes.box.seals(id, limit, after or "", seal)


@routes.get("/{id}/ballots", dependencies=[needs(COUNT_BALLOTS)], responses=problems(404, 409))
async def list_for_tellers(
    id: AffairId, request: Request, who: Who, votes: VotesDep, people: PeopleDep,
    names: Annotated[bool, Query(description="With doors and names")] = True,
) -> list[TellersLine]:  # fmt: skip
    """Who chose what, once the vote has closed: for its tellers, and each look stands in the audit log."""
    vote = await votes.seen(id, who)
    only_for_tellers(vote, who)
    about(request, [id], "tellers_list")
    snapshot = await votes.snapshots.one(vote.asked.snapshot_id)
    known = await people.known(await votes.snapshots.register_of(snapshot.id)) if names else Known({}, {})
    lines = tellers_list(snapshot, known, await votes.box.ballots_of(id), await votes.box.opened(id))
    return [
        TellersLine(
            doors=list(line.doors), owner=line.owner, area=line.area, channel=line.channel, ballot=line.ballot_id,
            choices=dict(line.choices),
        )
        for line in lines
    ]  # fmt: skip


def whom(to: Delivered, snapshot: Snapshot) -> list[str]:
    """The owners that get papers. Raises 422 for none, and for more than are printed at a time."""
    of_stairwell = {entry.owner for entry in snapshot.entries if to.stairwell in {None, entry.stairwell}}
    owners = list(to.owners) or sorted(of_stairwell)
    if not owners or len(owners) > AT_ONCE:
        said = Localized(
            "Papers are made for 1 to {most} owners at a time: name a stairwell, or some of them.",
            "一次为 1 至 {most} 名业主制票：请指明单元，或指明业主。",
            most=AT_ONCE,
        )
        raise Problem("invalid", 422, said, reason="how_many")
    return owners


def only_for_tellers(vote: Vote, who: Principal) -> None:
    """Raises 409 before it has closed, 403 for who counts nothing there."""
    if vote.state in {VoteState.PREPARED, VoteState.NOTICED, VoteState.OPEN}:
        early = Localized("Nobody sees a ballot before the vote has closed.", "投票截止前任何人不得查看表决票。")
        raise Problem("not_allowed", 409, early, reason="still-open")
    if who.id not in vote.asked.tellers:
        only = Localized("Only its tellers see who chose what.", "只有本次计票人可以查看。")
        raise forbidden(only, "no teller")


def _receipt(owners: OwnersBallot) -> Receipt:
    assert owners.ballot_id and owners.seal and owners.channel, "it is in the box"
    return Receipt(ballot=owners.ballot_id, seal=owners.seal, channel=owners.channel)
