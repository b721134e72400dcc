"""Deliberations over HTTP: staff lead them, parties speak by their own keys, all read what was published."""

from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import Query, Response
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.deliberations_settled import (
    DeliberationConcluded,
    Dissent,
    OutcomeText,
    Support,
)
from linli.contracts.neighbourhood.permissions import (
    HEAR_TALKS,
    HOLD_AFFAIRS,
    READ_AFFAIRS,
    READ_PUBLIC_AFFAIRS,
    TAKE_PART,
)
from linli.contracts.neighbourhood.placed import Words
from linli.security.auth import Who, needs
from linli.security.permissions import Role
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.problems import not_found
from neighbourhood.affairs.allowed import in_its_place
from neighbourhood.affairs.history import History
from neighbourhood.affairs.households import HouseholdId, forgotten
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
from neighbourhood.deliberations.domain import commands
from neighbourhood.deliberations.domain.deliberation import Deliberation, DeliberationState
from neighbourhood.deliberations.office import ALWAYS_MADE, IN_WORDS, MADE, Deliberations
from neighbourhood.deliberations.record import Line, record_of
from neighbourhood.deliberations.unnamed import unnamed

routes = router(prefix="/v1/deliberations", tags=["deliberations"])
DeliberationsDep = Annotated[Deliberations, given(Deliberations)]
HistoryDep = Annotated[History, given(History)]
_ASKED = body_of(commands.Convene, BY_THE_SERVICE | {"id"})
_CONVENED = {
    "community": "fushan-road",
    "neighbourhood": "yard-3",
    "question": {"zh": "车棚挡住消防通道，怎么办？"},
    "first_day": "2026-03-05",
    "last_day": "2026-03-12",
}


class NewDeliberation(_ASKED):  # type: ignore[valid-type, misc]  # made of the command
    """A question to talk over, and for which days."""


class Outcome(Record):
    """What it came to. It is no decision of the owners, and says so itself."""

    community: Slug
    neighbourhood: Slug
    question: Wording
    text: OutcomeText
    digest: Digest
    support: tuple[Support, ...]
    dissent: tuple[Dissent, ...]


@routes.post(
    "", dependencies=[needs(HOLD_AFFAIRS)], response_model=Deliberation, status_code=201, responses=problems(*ERRORS)
)
async def convene(
    new: Annotated[NewDeliberation, Field(examples=[_CONVENED])], handed: HandedDep, talks: DeliberationsDep
) -> Any:
    """Convene a deliberation on a question."""
    id, place = str(uuid7()), Place(new.community, new.neighbourhood)
    wish = wish_of(commands.Convene, new, also={"id": id})
    what = ["deliberation", new.model_dump(mode="json")]
    return await handed.once(talks, what, lambda asked: talks.begin(id, place, wish, asked), status=201)


@routes.get("", dependencies=[needs(READ_AFFAIRS)], response_model=list[Deliberation], responses=problems(404))
async def listing(
    who: Who,
    talks: DeliberationsDep,
    community: Slug,
    neighbourhood: Annotated[Slug | None, Query()] = None,
    invited: Annotated[Slug | None, Query(description="A party that was asked to take part")] = None,
) -> Any:
    """A community's deliberations: of a neighbourhood, or those to which a party is invited."""
    in_its_place(who, community, community)
    asked = {"community": community, "neighbourhood": neighbourhood, "invited": invited}
    found = await talks.stories.found({name: value for name, value in asked.items() if value is not None}, 500)
    shown = [dict(talks.shown_to(who, each)) for each in found]
    return Response(orjson.dumps(shown), media_type="application/json")


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], response_model=Deliberation, responses=problems(404))
async def view(id: AffairId, who: Who, talks: DeliberationsDep) -> Any:
    """How a deliberation stands. A company sees how many households, and not which: each has a number instead."""
    deliberation = await talks.seen(id, who)
    return as_answer(orjson.dumps(dict(talks.shown_to(who, deliberation))), deliberation.version)


@routes.get("/{id}/record", dependencies=[needs(HEAR_TALKS)], responses=problems(404))
async def record(id: AffairId, who: Who, talks: DeliberationsDep, history: HistoryDep) -> list[Line]:
    """All that was said, in a room and online, in order; for staff, and for parties that take part: for those without
    the ids of households."""
    deliberation = await talks.seen(id, who)
    if who.role is Role.PARTY and deliberation.invitation_of(who.party or "") is None:
        await talks.led(id, who)
    lines = record_of(await history.of(id), await talks.texts.of(id))
    return lines if talks.knows_households(who, deliberation) else _without_households(lines)


@routes.delete(
    "/{id}/households/{household}", dependencies=[needs(HEAR_TALKS)], status_code=204, responses=problems(403, 404)
)
async def forget(id: AffairId, household: HouseholdId, who: Who, talks: DeliberationsDep) -> Response:
    """Take away for good what a household said; that it said something stays."""
    return await forgotten(talks, talks.texts, id, household, who)


@routes.get("/{id}/outcome", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def outcome(id: AffairId, who: Who, talks: DeliberationsDep, history: HistoryDep) -> Outcome:
    """What it came to, once that is published."""
    deliberation = await talks.seen(id, who)
    concluded = [each for each in await history.of(id) if isinstance(each, DeliberationConcluded)]
    if deliberation.state is not DeliberationState.PUBLISHED or not concluded:
        raise not_found("affair")
    of = concluded[-1]
    told = {"text": of.text, "digest": of.digest, "support": of.support, "dissent": of.dissent}
    where = {"community": deliberation.community, "neighbourhood": deliberation.neighbourhood}
    outcome = Outcome.model_validate({**where, "question": deliberation.question, **told})
    if talks.knows_households(who, deliberation):
        return outcome
    return Outcome.model_validate(unnamed(outcome.model_dump(mode="json")))


def _without_households(lines: list[Line]) -> list[Line]:
    return [Line.model_validate(each) for each in unnamed([line.model_dump(mode="json") for line in lines])]


def _verb(name: str, command: type, example: Mapping[str, Any], *, party: bool = True) -> Verb:
    """What is said comes in whole. An id may be said, or is made here; that of a case or a commitment always is."""
    instead: dict[str, Any] = {}
    if command in IN_WORDS:
        instead["words"] = Words | None if command is commands.AnswerInvitation else Words
    if command in MADE and command not in ALWAYS_MADE:
        instead[MADE[command]] = (Id | None, Field(None, description="Made here if not said"))
    without = frozenset({MADE[command]} if command in ALWAYS_MADE else ())
    permission = TAKE_PART if party else HOLD_AFFAIRS
    return Verb(name, command, permission, example, by_the_office=not party, without=without, instead=instead)


_VOICE = {"voice": {"kind": "party", "id": "grid-co"}, "session_id": None}
_PROMISE = {"kind": "works", "due": "2026-06-30"}
_OFFERED = {**_VOICE, "speaker": "key:a1", "promise": _PROMISE, "words": "六月底前迁出电表箱。"}
_DRAFTED = {"result": "agreed", "proposals": ["q-1"], "says": {"zh": "车棚移到北侧。"}}
_SESSION = {
    "held_at": "2026-03-06T14:00:00+08:00",
    "place": "社区议事厅",
    "present": [{"voice": {"kind": "household", "id": "h-01"}}],
}
_INVITED = {
    "invited": "grid-co",
    "title": "车棚选址协商",
    "asks": "能否迁移电表箱？",
    "answer_by": "2026-03-04T18:00:00+08:00",
}
_KEPT = {"commitment_id": "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01.4"}
_MANDATE = {"of": "grid-co", "mandate": {"speaker": "grid-co", "may": ["works"], "until": "2026-12-31"}}
add_verbs(
    routes,
    Deliberations,
    Deliberation,
    [
        _verb("invite", commands.InviteParty, _INVITED, party=False),
        _verb("answer_invitation", commands.AnswerInvitation, {"invitation_id": "i-1", "comes": True}),
        _verb("grant_mandate", commands.GrantMandate, _MANDATE),
        _verb("revoke_mandate", commands.RevokeMandate, {"mandate_id": "w-1"}),
        _verb("open", commands.OpenTalks, {}, party=False),
        _verb("record_session", commands.RecordSession, _SESSION, party=False),
        _verb("state", commands.MakeStatement, {**_VOICE, "words": "救护车进不来。"}),
        _verb("propose", commands.MakeProposal, {**_VOICE, "words": "车棚移到北侧。"}),
        _verb("support", commands.SupportProposal, {**_VOICE, "proposal_id": "q-1"}),
        _verb("withdraw_support", commands.WithdrawSupport, {**_VOICE, "proposal_id": "q-1"}),
        _verb("commit", commands.OfferCommitment, _OFFERED),
        _verb("hear_again", commands.HearAgain, _KEPT, party=False),
        _verb("withdraw_commitment", commands.WithdrawCommitment, {"commitment_id": "c-1"}),
        _verb("accept_commitment", commands.AcceptCommitment, {"commitment_id": "c-1"}, party=False),
        _verb("decline_commitment", commands.DeclineCommitment, {"commitment_id": "c-1", "why": "太晚"}, party=False),
        _verb("draft_outcome", commands.DraftOutcome, _DRAFTED, party=False),
        _verb("dissent", commands.DissentFrom, {**_VOICE, "digest": "0" * 64}),
        _verb("withdraw_dissent", commands.WithdrawDissent, _VOICE),
        _verb("conclude", commands.Conclude, {"digest": "0" * 64}, party=False),
        _verb("publish", commands.Publish, {}, party=False),
    ],
)
