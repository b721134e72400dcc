"""What is printed of a vote: ballots for a stairwell, the sheet by which a count is checked, lists, the result."""

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Request, Response

from linli.contracts.neighbourhood.permissions import (
    COUNT_BALLOTS,
    DELIVER_BALLOTS,
    READ_AFFAIRS,
    READ_PUBLIC_AFFAIRS,
)
from linli.security.audited import about
from linli.security.auth import Who, caller_of, needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem
from neighbourhood.affairs.verbs import AffairId
from neighbourhood.papers.ballots import BallotPapers, OwnersPaper, ballots
from neighbourhood.papers.count_sheet import count_sheet
from neighbourhood.papers.document import Document, as_sheet
from neighbourhood.papers.matters import MatterText, Texts
from neighbourhood.papers.press import Press
from neighbourhood.papers.register_lists import public_register, tellers_register
from neighbourhood.papers.result_notice import PostedResult, result_notice
from neighbourhood.papers.sheet import Sheet
from neighbourhood.papers.text import Both
from neighbourhood.papers.vote_notice import PostedVote, vote_notice
from neighbourhood.papers.word import MEDIA_TYPE, docx_of
from neighbourhood.votes.api.ballots import CastingDep, Delivered, PeopleDep, only_for_tellers, whom
from neighbourhood.votes.api.votes import VotesDep
from neighbourhood.votes.domain.lists import public_list, tellers_list
from neighbourhood.votes.domain.sheet import COUNTED, ResultSheet, result_sheet
from neighbourhood.votes.domain.vote import Vote
from neighbourhood.votes.office import Votes

routes = router(prefix="/v1/votes", tags=["papers"])
PressDep = Annotated[Press, given(Press)]
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}, "description": "A PDF"}}
NOTICE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}, MEDIA_TYPE: {}}, "description": "A PDF or a DOCX"}
}
TITLE_LENGTH = 40
"""Characters of a matter's text that name it."""


@routes.post(
    "/{id}/ballots:print", dependencies=[needs(DELIVER_BALLOTS)], responses=PDF | problems(403, 404, 409, 422, 503)
)
async def printed(
    id: AffairId, to: Delivered, who: Who, votes: VotesDep, casting: CastingDep, people: PeopleDep, press: PressDep
) -> Response:
    """Papers for a stairwell, ready to print: to each owner the matters, a personal code and a ballot to sign.

    Printing them again makes new codes, and those before count no more.
    """
    vote = await votes.led(id, who)
    directory = votes.communities.place(vote.community, vote.neighbourhood)
    snapshot = await votes.snapshots.one(vote.asked.snapshot_id)
    owners = whom(to, snapshot)
    codes = await casting.deliver(id, owners, who.id)
    known = await people.known(await votes.snapshots.register_of(snapshot.id), owners)
    assert vote.noticed and vote.opens_from, "ballots go out once it is posted"
    place = directory.neighbourhoods[vote.neighbourhood].name
    office = directory.parties[directory.community.triage].name
    papers = tuple(
        OwnersPaper(
            doors=tuple(known.doors.get(entry.unit, "") for entry in snapshot.owned[owner]),
            units=frozenset(entry.unit for entry in snapshot.owned[owner]),
            area=snapshot.areas[owner],
            code=code,
            link=f"{votes.residents_url}/ballot/{code}",
        )
        for owner, code in codes.items()
    )
    of = BallotPapers(
        title=_title(place),
        neighbourhood=Both(place),
        office=Both(office),
        address=votes.residents_url,
        matters=vote.matters,
        texts=await _texts(votes, vote),
        channels=vote.asked.channels,
        effect=vote.effect,
        abstention_takes_part=vote.asked.abstention_takes_part,
        opens_from=vote.opened_at or vote.opens_from,
        closes_at=vote.closes_at or vote.opens_from,
        zone=directory.zone,
        digest=vote.noticed,
        owners=papers,
        printed_at=votes.now(),
    )
    return await _pdf(press, ballots(of), who.id)


class NoticeAs(StrEnum):
    """In which form a notice is printed."""

    PDF = "pdf"
    DOCX = "docx"


@routes.get("/{id}/notice", dependencies=[needs(READ_AFFAIRS)], responses=NOTICE | problems(404, 503))
async def notice(
    id: AffairId,
    who: Who,
    votes: VotesDep,
    press: PressDep,
    form: Annotated[
        NoticeAs, Query(alias="as", description="`docx` to look it over in an office's program")
    ] = NoticeAs.PDF,
) -> Response:
    """What hangs before a vote: the matters in words, what each needs and by which article, who counts, the register.

    Its hash at the foot is that of the notice that is posted, as long as nothing was prepared anew since.
    """
    vote = await votes.seen(id, who)
    directory = votes.communities.place(vote.community, vote.neighbourhood)
    posted = PostedVote(
        title=_title(_place(votes, vote)),
        texts=await _texts(votes, vote),
        opens_from=vote.opened_at or vote.opens_from,
        closes_at=vote.closes_at,
        office=Both(directory.parties[directory.community.triage].name),
        zone=directory.zone,
        made_at=votes.now(),
    )
    paper = vote_notice(vote.asked, await votes.snapshots.one(vote.asked.snapshot_id), posted)
    if form is NoticeAs.DOCX:
        return Response(
            await asyncio.to_thread(docx_of, paper), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"}
        )
    return await _pdf(press, paper, who.id)


@routes.get("/{id}/sheet", dependencies=[needs(READ_AFFAIRS)], responses=PDF | problems(403, 404, 409, 503))
async def sheet(id: AffairId, who: Who, votes: VotesDep, press: PressDep) -> Response:
    """Every number of a certified count, with its base and each comparison, for an official who checks it by hand."""
    vote = await votes.counted_by(id, who)
    found, zone = await _result(votes, vote), votes.communities.place(vote.community, vote.neighbourhood).zone
    tellers: Mapping[str, str] = {}
    title = _title(_place(votes, vote))
    return await _pdf(press, count_sheet(found, title, await _texts(votes, vote), tellers, zone, votes.now()), who.id)


@routes.get("/{id}/result", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=PDF | problems(404, 409, 503))
async def result(id: AffairId, request: Request, who: Who, votes: VotesDep, press: PressDep) -> Response:
    """The declared result, as it hangs on the notice board."""
    vote = await votes.seen(id, who)
    if vote.declared_at is None:
        raise Problem("not_allowed", 409, _NO_RESULT, reason="no-result")
    directory = votes.communities.place(vote.community, vote.neighbourhood)
    posted = PostedResult(
        title=_title(_place(votes, vote)),
        texts=await _texts(votes, vote),
        declared_at=vote.declared_at,
        challenge_until=vote.challenge_until,
        days=None,
        office=Both(directory.parties[directory.community.triage].name),
        zone=directory.zone,
        made_at=votes.now(),
    )
    return await _pdf(press, result_notice(await _result(votes, vote), posted), caller_of(request))


@routes.get("/{id}/list.pdf", dependencies=[needs(READ_AFFAIRS)], responses=PDF | problems(404, 503))
async def public(id: AffairId, who: Who, votes: VotesDep, people: PeopleDep, press: PressDep) -> Response:
    """Which units took part, masked, to be posted."""
    vote = await votes.seen(id, who)
    snapshot = await votes.snapshots.one(vote.asked.snapshot_id)
    known = await people.known(await votes.snapshots.register_of(snapshot.id))
    voted = {owner for owner, each in (await votes.box.ballots_of(id)).items() if each.ballot_id is not None}
    lines = public_list(snapshot, known, voted)
    title = Both(f"{_place(votes, vote)}业主名册（公示）", "Register of owners, as posted")
    return await _pdf(press, public_register(snapshot, lines, title, votes.now()), who.id)


@routes.get("/{id}/ballots.pdf", dependencies=[needs(COUNT_BALLOTS)], responses=PDF | problems(403, 404, 409, 503))
async def for_tellers(
    id: AffairId, request: Request, who: Who, votes: VotesDep, people: PeopleDep, press: PressDep
) -> Response:
    """Who chose what, for its tellers alone; each print stands in the audit log."""
    vote = await votes.seen(id, who)
    only_for_tellers(vote, who)
    about(request, [id], "tellers_list")
    snapshot = await votes.snapshots.one(vote.asked.snapshot_id)
    known = await people.known(await votes.snapshots.register_of(snapshot.id))
    lines = tellers_list(snapshot, known, await votes.box.ballots_of(id), await votes.box.opened(id))
    title = Both(f"{_place(votes, vote)}计票名单", "Tellers' list")
    paper = tellers_register(snapshot, lines, vote.matters, await _texts(votes, vote), title, votes.now())
    return await _pdf(press, paper, who.id)


async def _pdf(press: Press, paper: Document | Sheet, owner: str) -> Response:
    ready = as_sheet(paper) if isinstance(paper, Document) else paper
    return Response(await press.pdf(ready, owner), media_type="application/pdf", headers={"Cache-Control": "no-store"})


async def _result(votes: Votes, vote: Vote) -> ResultSheet:
    if vote.state not in COUNTED:
        raise Problem("not_allowed", 409, _NO_RESULT, reason="no-result")
    return result_sheet(vote, await votes.snapshots.one(vote.asked.snapshot_id))


async def _texts(votes: Votes, vote: Vote) -> Texts:
    texts = await votes.matters(vote)
    return {id: MatterText(Both(_shortened(text)), Both(text)) for id, text in texts.items()}


def _shortened(text: str) -> str:
    line = text.splitlines()[0]
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1]}…"


def _place(votes: Votes, vote: Vote) -> str:
    return votes.communities.place(vote.community, vote.neighbourhood).neighbourhoods[vote.neighbourhood].name


def _title(place: str) -> Both:
    return Both(f"{place}业主表决", f"Vote of the owners of {place}")


_NO_RESULT = Localized("There is no certified count yet.", "计票尚未确认。")
