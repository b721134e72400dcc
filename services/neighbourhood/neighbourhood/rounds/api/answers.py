"""A household's own answer, by the code of its letter."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.permissions import ANSWER_BY_CODE
from linli.contracts.neighbourhood.responses import GivenAnswer
from linli.contracts.neighbourhood.rounds import Question, RoundStage
from linli.security.auth import needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem, unknown_code
from neighbourhood.affairs.codes import hash_of
from neighbourhood.rounds.api.given_answers import ANSWERS, Answers, Code
from neighbourhood.rounds.api.given_answers import given as as_kept
from neighbourhood.rounds.api.rounds import ResponsesDep, RoundsDep
from neighbourhood.rounds.domain import household_commands as commands
from neighbourhood.rounds.domain.response import Response, Said
from neighbourhood.rounds.domain.round import Round
from neighbourhood.rounds.taking import NO_CODE, Taking

routes = router(prefix="/v1/answers", tags=["answers"])
TakingDep = Annotated[Taking, given(Taking)]


class Became(Record):
    """What became of a need."""

    question: Slug
    demand: Id
    cluster: Wording | None
    """With which others it is one matter."""
    reason: Wording | None
    """Why it is in none."""


class HouseholdsView(Record):
    """What a household sees behind its code."""

    round: Id
    community: Slug
    neighbourhood: Slug
    building: Slug
    title: Wording
    stage: RoundStage
    open: bool
    """Whether it can answer now."""
    closes_at: datetime | None
    questions: tuple[Question, ...]
    digest: Digest | None
    """Of what is asked: an answer names it."""
    said: Said
    answers: tuple[GivenAnswer, ...]
    """What it has answered."""
    became: list[Became]


class NewAnswer(Record):
    """What a household answers."""

    digest: Digest = Field(description="Of the questions that were read", examples=["0" * 64])
    answers: Answers = Field(examples=[ANSWERS])


@routes.get("/{code}", dependencies=[needs(ANSWER_BY_CODE)], responses=problems(404, 409))
async def show(code: Code, rounds: RoundsDep, responses: ResponsesDep) -> HouseholdsView:
    """What is asked, until when; what the household has said, and what became of its needs."""
    round, response = await theirs(code, rounds, responses)
    return _view(round, response, rounds.now())


async def theirs(code: str, rounds: RoundsDep, responses: ResponsesDep) -> tuple[Round, Response]:
    """The round and the household's answer of a code. Raises 404, 409 for a code that counts no more."""
    found = (await responses.whose([code])).get(code)
    if found is None:
        raise unknown_code(NO_CODE)
    round, response = await rounds.stories.one(found.round), await responses.stories.one(found.response)
    assert round is not None and response is not None, "a code is of a household that was asked"
    if response.code_hash != hash_of(code):
        said = Localized(
            "This code is not valid any more; the newest letter has the one that is.",
            "此码已失效，请使用最近一封信上的码。",
        )
        raise Problem("not_allowed", 409, said, reason="code_invalid")
    return round, response


@routes.post("/{code}:withdraw", dependencies=[needs(ANSWER_BY_CODE)], responses=problems(404, 409))
async def withdraw(code: Code, taking: TakingDep, rounds: RoundsDep) -> HouseholdsView:
    """Take the answer back; while the round is open the household may answer anew."""
    proof = commands.Code(hash_of(code))
    return await _shown(await taking.by_code(code, lambda household: commands.Withdraw(household, proof)), rounds)


@routes.post("/{code}", dependencies=[needs(ANSWER_BY_CODE)], status_code=201, responses=problems(404, 409, 422))
async def answer(
    code: Code,
    new: NewAnswer,
    taking: TakingDep,
    rounds: RoundsDep,
    responses: ResponsesDep,
) -> HouseholdsView:
    """Answer. One answer a household, whichever way it comes; the same one once more changes nothing.

    Photos are sent before, to `/v1/answers/{code}/photos`, and named here by their hashes.
    """
    if shown := frozenset(sha256 for each in new.answers for sha256 in each.photos):
        await theirs(code, rounds, responses)  # who has a code that counts no more does not learn what was sent
    proof, answers = commands.Code(hash_of(code)), as_kept(new.answers)
    done = await taking.by_code(
        code, lambda household: commands.RecordAnswers(household, proof, new.digest, answers), shown
    )
    return await _shown(done, rounds)


async def _shown(response: Response, rounds: RoundsDep) -> HouseholdsView:
    round = await rounds.stories.one(response.round_id)
    assert round is not None, "an answer is to a round"
    return _view(round, response, rounds.now())


def _view(round: Round, response: Response, now: datetime) -> HouseholdsView:
    clusters = {demand: each.title for each in round.clusters.values() for demand in each.demands}
    return HouseholdsView(
        round=round.id,
        community=round.community,
        neighbourhood=round.neighbourhood,
        building=response.building,
        title=round.title,
        stage=round.stage,
        open=round.takes_answers(now) and not response.erased,
        closes_at=round.closes_at,
        questions=round.questions if round.stage is not RoundStage.DRAFT else (),
        digest=round.digest,
        said=response.said,
        answers=response.answers,
        became=[
            Became(question=question, demand=demand, cluster=clusters.get(demand), reason=round.left_out.get(demand))
            for question, demand in response.raised.items()
        ],
    )
