"""What households wrote on paper: entered, read again by a second person, put right, forgotten; and needs that intake
does not take."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.permissions import ENTER_SHEETS, HOLD_AFFAIRS
from linli.security.auth import Who, needs
from linli.security.principals import Principal
from linli.web.app import problems, router
from linli.web.given import given
from neighbourhood.affairs.verbs import AffairId
from neighbourhood.rounds.api.answers import TakingDep
from neighbourhood.rounds.api.given_answers import ANSWERS, Answers
from neighbourhood.rounds.api.given_answers import given as as_kept
from neighbourhood.rounds.api.households import HouseholdId, HouseholdLine, led, line_of
from neighbourhood.rounds.api.rounds import RoundsDep
from neighbourhood.rounds.domain import household_commands as commands
from neighbourhood.rounds.needs import Needs
from neighbourhood.rounds.office import Rounds
from neighbourhood.rounds.taking import Taking

routes = router(prefix="/v1/rounds", tags=["households"])
NeedsDep = Annotated[Needs, given(Needs)]
_SCAN = "0" * 64


class NewSheet(Record):
    """What a household wrote on paper, with the picture of it."""

    scan: Digest = Field(description="SHA-256 of the picture", examples=[_SCAN])
    digest: Digest = Field(description="Of the questions on it", examples=[_SCAN])
    answers: Answers = Field(examples=[ANSWERS])


class ReadAgain(Record):
    """What is on the sheet, as it is read now."""

    answers: Answers = Field(examples=[ANSWERS])


class Signed(Record):
    """That a household takes its answer back, on paper."""

    scan: Digest = Field(description="SHA-256 of the picture of what it signed", examples=[_SCAN])


class RaisedByHand(Record):
    """The demand that an official has entered for a need."""

    question: Slug = Field(examples=["else"])
    demand: Id = Field(examples=["0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"])


class PutAside(Record):
    """A need that intake does not take, and why."""

    household: Id
    question: Slug
    reason: str
    status: int
    at: datetime


class TriedAgain(Record):
    """How many are tried once more."""

    needs: int


@routes.put(
    "/{id}/households/{household}/sheet", dependencies=[needs(ENTER_SHEETS)], responses=problems(403, 404, 409, 422)
)
async def enter(
    id: AffairId, household: HouseholdId, sheet: NewSheet, who: Who, rounds: RoundsDep, taking: TakingDep
) -> HouseholdLine:
    """Enter what a household wrote on paper. One answer a household: one that came online is not written over."""
    proof = commands.Sheet(sheet.scan)
    command = commands.RecordAnswers(who.id, proof, sheet.digest, as_kept(sheet.answers))
    return await _done(id, household, command, who, rounds, taking)


@routes.post(
    "/{id}/households/{household}/sheet:check",
    dependencies=[needs(ENTER_SHEETS)],
    responses=problems(403, 404, 409, 422),
)
async def check(
    id: AffairId, household: HouseholdId, read: ReadAgain, who: Who, rounds: RoundsDep, taking: TakingDep
) -> HouseholdLine:
    """A second person types in what is on the sheet, without seeing what was entered: what differs is said."""
    return await _done(id, household, commands.CheckSheet(who.id, as_kept(read.answers)), who, rounds, taking)


@routes.post(
    "/{id}/households/{household}/sheet:correct",
    dependencies=[needs(ENTER_SHEETS)],
    responses=problems(403, 404, 409, 422),
)
async def correct(
    id: AffairId, household: HouseholdId, read: ReadAgain, who: Who, rounds: RoundsDep, taking: TakingDep
) -> HouseholdLine:
    """Put right what was found to differ."""
    return await _done(id, household, commands.CorrectSheet(who.id, as_kept(read.answers)), who, rounds, taking)


@routes.post(
    "/{id}/households/{household}/sheet:withdraw",
    dependencies=[needs(ENTER_SHEETS)],
    responses=problems(403, 404, 409, 422),
)
async def withdraw(
    id: AffairId, household: HouseholdId, signed: Signed, who: Who, rounds: RoundsDep, taking: TakingDep
) -> HouseholdLine:
    """A household takes its answer back, on paper."""
    return await _done(id, household, commands.Withdraw(who.id, commands.Sheet(signed.scan)), who, rounds, taking)


@routes.post(
    "/{id}/households/{household}:erase", dependencies=[needs(ENTER_SHEETS)], responses=problems(403, 404, 409)
)
async def erase(id: AffairId, household: HouseholdId, who: Who, rounds: RoundsDep, taking: TakingDep) -> HouseholdLine:
    """Forget what a household wrote; what it chose stays in the count, and it does not answer again."""
    return await _done(id, household, commands.EraseWords(who.id), who, rounds, taking)


@routes.post(
    "/{id}/households/{household}:raise", dependencies=[needs(ENTER_SHEETS)], responses=problems(403, 404, 409, 422)
)
async def raise_by_hand(
    id: AffairId,
    household: HouseholdId,
    raised: RaisedByHand,
    who: Who,
    rounds: RoundsDep,
    taking: TakingDep,
    raising: NeedsDep,
) -> HouseholdLine:
    """Say which demand an official has entered for a need that intake did not take as it was."""
    await led(id, who, rounds)
    done = await taking.of(id, household, commands.Raise(who.id, raised.question, raised.demand))
    await raising.raised_by_hand(done, raised.question)
    return line_of(done)


@routes.get("/{id}/needs", dependencies=[needs(HOLD_AFFAIRS)], responses=problems(403, 404))
async def put_aside(id: AffairId, who: Who, rounds: RoundsDep, raising: NeedsDep) -> list[PutAside]:
    """Needs with consent that intake refuses, with the reason. Those that only wait are raised by themselves."""
    await rounds.led(id, who)
    wanted = PutAside.model_fields
    return [PutAside(**{name: doc[name] for name in wanted}) for doc in await raising.aside.of(id)]


@routes.post("/{id}/needs:retry", dependencies=[needs(HOLD_AFFAIRS)], responses=problems(403, 404))
async def try_again(id: AffairId, who: Who, rounds: RoundsDep, raising: NeedsDep) -> TriedAgain:
    """Let those be tried once more."""
    await led(id, who, rounds)
    return TriedAgain(needs=await raising.aside.try_again(id))


async def _done(
    id: str, household: str, command: commands.Command, who: Principal, rounds: Rounds, taking: Taking
) -> HouseholdLine:
    await led(id, who, rounds)
    return line_of(await taking.of(id, household, command))
