"""Households in a deliberation by the code of their letter: they read what is proposed, speak and support."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.deliberations import Voice, VoiceKind
from linli.contracts.neighbourhood.deliberations_settled import OutcomeText
from linli.contracts.neighbourhood.permissions import ANSWER_BY_CODE, INVITE_HOUSEHOLDS
from linli.contracts.neighbourhood.placed import Words
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.problems import unknown_code
from neighbourhood.affairs.household_codes import NO_CODE, HouseholdCodes
from neighbourhood.affairs.household_letters import LetterOf, LettersDep
from neighbourhood.affairs.households import AS, DELIVERED, CodesFor, HouseholdsCode
from neighbourhood.affairs.verbs import AffairId, HandedDep
from neighbourhood.deliberations.api.deliberations import DeliberationsDep
from neighbourhood.deliberations.domain import commands as do
from neighbourhood.deliberations.domain.deliberation import Deliberation, DeliberationState, digest_of_words
from neighbourhood.deliberations.office import Deliberations

routes = router(prefix="/v1/deliberations", tags=["deliberations"])
by_code = router(prefix="/v1/talks", tags=["deliberations"])
Code = Annotated[str, Path(max_length=40, pattern=r"^[0-9A-Za-z -]+$", examples=["K7PM-2XQ9-HT4C-WB6E"])]
CodesDep = Annotated[HouseholdCodes, given(HouseholdCodes)]
ABOUT = Wording(
    zh="社区就此事召开协商会。凭下面的码可以发言、提建议、支持他人的建议，并查看协商结果。",
    en="This is being deliberated. With this code you speak, propose, support what others propose, and read what"
    " comes of it.",
)
FAULTS = (400, 404, 409, 422)


class InWords(Record):
    """What the household says."""

    words: Words = Field(examples=["车棚移到北侧，消防车才进得来。"])


class OfProposal(Record):
    """Which proposal."""

    proposal_id: Id = Field(examples=["0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"])


class OfText(Record):
    """Which text of the outcome was read."""

    digest: Digest = Field(examples=["0" * 64])


class Proposal(Record):
    """What somebody has proposed, and how many are for it."""

    id: Id
    words: str | None
    """None once they were taken away."""
    supported_by: int
    own: bool
    """Whether this household is for it."""


class HouseholdsTalks(Record):
    """What a household sees behind its code."""

    community: Slug
    neighbourhood: Slug
    question: Wording
    state: DeliberationState
    first_day: str
    last_day: str
    proposals: list[Proposal]
    draft: OutcomeText | None
    digest: Digest | None
    against: bool
    """Whether this household is listed as against the draft."""
    version: int


@routes.post("/{id}/codes:deliver", dependencies=[needs(INVITE_HOUSEHOLDS)], response_model=list[HouseholdsCode],
             responses=DELIVERED | problems(403, 404, 422, 503))  # fmt: skip
async def deliver(
    id: AffairId, to: CodesFor, who: Who, talks: DeliberationsDep, letters: LettersDep, format: AS = None
) -> Any:
    """Make codes by which households take part. They are told here once; a further one ends the one before."""
    held = await talks.led(id, who)
    return await letters.deliver(talks, held, to, who, LetterOf(held.question, ABOUT, "/talks") if format else None)


@by_code.get("/{code}", dependencies=[needs(ANSWER_BY_CODE)], responses=problems(404, 409))
async def show(code: Code, talks: DeliberationsDep, codes: CodesDep) -> HouseholdsTalks:
    """The question, what is proposed in words, and the outcome as it lies open."""
    deliberation, voice = await _theirs(code, talks, codes)
    return HouseholdsTalks.model_validate(await _shown(talks, deliberation, voice))


@by_code.post("/{code}:state", dependencies=[needs(ANSWER_BY_CODE)], responses=problems(*FAULTS))
async def state(code: Code, said: InWords, handed: HandedDep, talks: DeliberationsDep, codes: CodesDep) -> Any:
    """Say something."""
    deliberation, voice = await _theirs(code, talks, codes)
    speaks = {"by": voice.id, "party": None, "voice": voice, "session_id": None}
    command = do.MakeStatement(**speaks, statement_id=str(uuid7()), words=digest_of_words(said.words))  # type: ignore[arg-type]
    return await _done(handed, talks, deliberation.id, command, said.words)


@by_code.post("/{code}:propose", dependencies=[needs(ANSWER_BY_CODE)], responses=problems(*FAULTS))
async def propose(code: Code, said: InWords, handed: HandedDep, talks: DeliberationsDep, codes: CodesDep) -> Any:
    """Say what should be done."""
    deliberation, voice = await _theirs(code, talks, codes)
    speaks = {"by": voice.id, "party": None, "voice": voice, "session_id": None}
    command = do.MakeProposal(**speaks, proposal_id=str(uuid7()), words=digest_of_words(said.words))  # type: ignore[arg-type]
    return await _done(handed, talks, deliberation.id, command, said.words)


@by_code.post("/{code}:support", dependencies=[needs(ANSWER_BY_CODE)], responses=problems(*FAULTS))
async def support(code: Code, of: OfProposal, handed: HandedDep, talks: DeliberationsDep, codes: CodesDep) -> Any:
    """Be for a proposal. A household counts once."""
    deliberation, voice = await _theirs(code, talks, codes)
    command = do.SupportProposal(voice.id, None, voice, None, of.proposal_id)
    return await _done(handed, talks, deliberation.id, command)


@by_code.post("/{code}:withdraw_support", dependencies=[needs(ANSWER_BY_CODE)], responses=problems(*FAULTS))
async def withdraw(code: Code, of: OfProposal, handed: HandedDep, talks: DeliberationsDep, codes: CodesDep) -> Any:
    """Be for it no longer."""
    deliberation, voice = await _theirs(code, talks, codes)
    command = do.WithdrawSupport(voice.id, None, voice, None, of.proposal_id)
    return await _done(handed, talks, deliberation.id, command)


@by_code.post("/{code}:dissent", dependencies=[needs(ANSWER_BY_CODE)], responses=problems(*FAULTS))
async def dissent(code: Code, of: OfText, handed: HandedDep, talks: DeliberationsDep, codes: CodesDep) -> Any:
    """Be listed as against the outcome that was read."""
    deliberation, voice = await _theirs(code, talks, codes)
    return await _done(handed, talks, deliberation.id, do.DissentFrom(voice.id, None, voice, None, of.digest))


async def _theirs(code: str, talks: Deliberations, codes: HouseholdCodes) -> tuple[Deliberation, Voice]:
    whose = await codes.whose(code)
    deliberation = await talks.stories.one(whose.affair)
    if deliberation is None:  # a code of another affair
        raise unknown_code(NO_CODE)
    return deliberation, Voice(kind=VoiceKind.HOUSEHOLD, id=whose.household)


async def _done(
    handed: HandedDep, talks: Deliberations, id: str, command: do.AnyCommand, words: str | None = None
) -> Any:
    """Its effect once, also where it comes twice; the answer has nothing of others."""
    assert isinstance(command, do.Utterance)
    asked_for = {name: str(getattr(command, name, None)) for name in ("proposal_id", "digest") if words is None}
    what = [type(command).__name__, id, command.by, words, asked_for]
    return await handed.once(
        talks,
        what,
        lambda asked: talks.say(id, command, words, asked),
        lambda deliberation: {"state": deliberation.state.value, "version": deliberation.version},
    )


async def _shown(talks: Deliberations, of: Deliberation, voice: Voice) -> dict[str, Any]:
    words = await talks.proposed(of.id)
    return {
        "community": of.community,
        "neighbourhood": of.neighbourhood,
        "question": of.question,
        "state": of.state,
        "first_day": of.first_day.isoformat(),
        "last_day": of.last_day.isoformat(),
        "proposals": [
            {"id": id, "words": words.get(id), "supported_by": len(voices), "own": voice in voices}
            for id, voices in of.proposals.items()
        ],
        "draft": of.draft.text if of.draft else None,
        "digest": of.draft.digest if of.draft else None,
        "against": any(each.voice == voice for each in of.dissent.values()),
        "version": of.version,
    }
