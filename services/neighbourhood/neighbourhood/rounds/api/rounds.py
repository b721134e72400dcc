"""Rounds for staff, from the first question to what is published; and what everybody may know of one."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.permissions import HOLD_AFFAIRS, READ_AFFAIRS, READ_PUBLIC_AFFAIRS
from linli.contracts.neighbourhood.rounds import Question, RoundStage, RoundSummary
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.problems import not_found
from neighbourhood.affairs.allowed import in_its_place, leads
from neighbourhood.affairs.office import Place
from neighbourhood.affairs.verbs import (
    BY_THE_SERVICE,
    ERRORS,
    AffairId,
    HandedDep,
    Verb,
    add_verbs,
    as_answer,
    body_of,
    wish_of,
)
from neighbourhood.rounds.demands import ProposedCluster, proposed
from neighbourhood.rounds.domain import commands
from neighbourhood.rounds.domain.reach import Reached
from neighbourhood.rounds.domain.round import Round
from neighbourhood.rounds.office import Rounds, notice_of
from neighbourhood.rounds.responses import Responses

routes = router(prefix="/v1/rounds", tags=["rounds"])
RoundsDep = Annotated[Rounds, given(Rounds)]
ResponsesDep = Annotated[Responses, given(Responses)]
_QUESTIONS = [
    {
        "id": "first",
        "kind": "single",
        "text": {"zh": "最需要什么？"},
        "options": [{"id": "lift", "text": {"zh": "加装电梯"}}, {"id": "paving", "text": {"zh": "重铺路面"}}],
    },
    {"id": "else", "kind": "text", "text": {"zh": "其他需求"}, "needs": True, "places": True},
]
_DRAFT = {"title": {"zh": "“一小区一方案”需求征集", "en": "What does our yard need?"}, "questions": _QUESTIONS}
_ASKED = body_of(commands.DraftRound, BY_THE_SERVICE | {"id"})


class NewRound(_ASKED):  # type: ignore[valid-type, misc]  # made of the command
    """A round, as far as it is written."""


class ClusterForAll(Record):
    """Needs that were found to be one matter."""

    id: Id
    title: Wording
    demands: int


class RoundForAll(Record):
    """A round, as everybody sees it. What it came to is there once it is published."""

    id: Id
    community: Slug
    neighbourhood: Slug
    title: Wording
    stage: RoundStage
    questions: tuple[Question, ...]
    digest: Digest | None
    opened_at: datetime | None
    closes_at: datetime | None
    invited: int
    answered: int
    summary: RoundSummary | None = None
    summary_digest: Digest | None = None
    clusters: list[ClusterForAll] = Field([], description="What needs came to, each one matter")
    reasons: list[Wording] = Field([], description="Why needs are in no cluster, each once")
    notice: Id | None = Field(None, description="Under which id the summary hangs: `/v1/board/{id}`")


@routes.post("", dependencies=[needs(HOLD_AFFAIRS)], response_model=Round, status_code=201, responses=problems(*ERRORS))
async def draft(
    new: Annotated[NewRound, Field(examples=[{"community": "fushan-road", "neighbourhood": "yard-3", **_DRAFT}])],
    handed: HandedDep,
    rounds: RoundsDep,
) -> Any:
    """Begin a round: what it is called, and what it asks, as far as that is known."""
    id, place = str(uuid7()), Place(new.community, new.neighbourhood)
    wish = wish_of(commands.DraftRound, new, also=id)
    what = ["round", new.model_dump(mode="json")]
    return await handed.once(rounds, what, lambda asked: rounds.begin(id, place, wish, asked), status=201)


@routes.get("", dependencies=[needs(READ_AFFAIRS)], response_model=list[Round], responses=problems(403, 404, 422))
async def listing(who: Who, rounds: RoundsDep, community: Slug, neighbourhood: Slug) -> Any:
    """A neighbourhood's rounds, with the demands that are one matter: for who holds them."""
    in_its_place(who, community, neighbourhood)
    leads(who, rounds.communities.place(community, neighbourhood))
    return await rounds.of_place(who, Place(community, neighbourhood))


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], response_model=Round, responses=problems(403, 404))
async def view(id: AffairId, who: Who, rounds: RoundsDep) -> Any:
    """How a round stands, for who holds it; what all may know is `/public`."""
    round = await rounds.led(id, who)
    return as_answer(rounds.stories.written.dump_json(round), round.version)


@routes.get("/{id}/public", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def for_all(id: AffairId, who: Who, rounds: RoundsDep, responses: ResponsesDep) -> RoundForAll:
    """A round for everybody: what is asked and until when; once published, what it came to. A draft is nobody's."""
    round = await rounds.seen(id, who)
    if round.stage is RoundStage.DRAFT:
        raise not_found("affair")
    return await _for_all(round, responses)


@routes.get(":public", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def listing_for_all(
    who: Who, rounds: RoundsDep, responses: ResponsesDep, community: Slug, neighbourhood: Slug
) -> list[RoundForAll]:
    """A neighbourhood's rounds for everybody, the newest first."""
    found = await rounds.of_place(who, Place(community, neighbourhood))
    shown = [each for each in reversed(found) if each.stage is not RoundStage.DRAFT]
    return [await _for_all(each, responses) for each in shown[:50]]


@routes.get("/{id}/reach", dependencies=[needs(READ_AFFAIRS)], responses=problems(404))
async def reach(id: AffairId, who: Who, rounds: RoundsDep, responses: ResponsesDep) -> dict[Slug, Reached]:
    """How many households were asked and have answered, by building: for who goes from door to door."""
    await rounds.seen(id, who)
    return dict(await responses.reach(id))


@routes.get("/{id}/proposals", dependencies=[needs(HOLD_AFFAIRS)], responses=problems(403, 404))
async def proposals(
    id: AffairId,
    who: Who,
    rounds: RoundsDep,
    responses: ResponsesDep,
    everything: Annotated[bool, Query(alias="all", description="Also what is settled already")] = False,
) -> list[ProposedCluster]:
    """Demands that are probably one matter, by likeness. Nothing is settled by it: a person does that."""
    round = await rounds.led(id, who)
    return await proposed(round, await responses.all_of(id, raised={"$ne": []}), everything=everything)


async def _for_all(round: Round, responses: Responses) -> RoundForAll:
    reached = (await responses.reach(round.id)).values()
    known: dict[str, Any] = {}
    if round.stage is RoundStage.PUBLISHED:
        known = {
            "summary": round.summary,
            "summary_digest": round.summary_digest,
            "clusters": [
                ClusterForAll(id=id, title=each.title, demands=len(each.demands)) for id, each in round.clusters.items()
            ],
            "reasons": list({each.zh: each for each in round.left_out.values()}.values()),
            "notice": notice_of(round.id),
        }
    return RoundForAll(
        id=round.id,
        community=round.community,
        neighbourhood=round.neighbourhood,
        title=round.title,
        stage=round.stage,
        questions=round.questions,
        digest=round.digest,
        opened_at=round.opened_at,
        closes_at=round.closes_at,
        invited=sum(each.invited for each in reached),
        answered=sum(each.answered for each in reached),
        **known,
    )


_UNTIL = {"closes_at": "2026-11-16T00:00:00+08:00"}
_CLUSTER = {"cluster": "lifts", "title": {"zh": "加装电梯"}, "demands": ["0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"]}
_REASON = {"demand": "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01", "reason": {"zh": "不属本小区"}}
add_verbs(
    routes,
    Rounds,
    Round,
    [
        Verb("revise", commands.Revise, HOLD_AFFAIRS, _DRAFT),
        Verb("open", commands.Open, HOLD_AFFAIRS, _UNTIL),
        Verb("extend", commands.Extend, HOLD_AFFAIRS, _UNTIL),
        Verb("close", commands.Close, HOLD_AFFAIRS, without=frozenset({"seed"})),
        Verb("settle_cluster", commands.SettleCluster, HOLD_AFFAIRS, _CLUSTER, without=frozenset({"known"})),
        Verb("leave_out", commands.LeaveOut, HOLD_AFFAIRS, _REASON, without=frozenset({"known"})),
        Verb("summarise", commands.Summarise, HOLD_AFFAIRS, without=frozenset({"responses"})),
        Verb("publish", commands.Publish, HOLD_AFFAIRS),
    ],
)
