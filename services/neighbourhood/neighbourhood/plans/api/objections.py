"""Objections to a plan: by a household with its code, or on paper at the office; each gets an answer."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Request, Response
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Id, Wording
from linli.contracts.neighbourhood.permissions import (
    ANSWER_BY_CODE,
    ENTER_SHEETS,
    INVITE_HOUSEHOLDS,
    READ_HOUSEHOLDS,
)
from linli.contracts.neighbourhood.plans import ObjectionOutcome
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.text.fields import Paragraphs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.problems import unknown_code
from neighbourhood.affairs.household_codes import NO_CODE, HouseholdCodes
from neighbourhood.affairs.household_letters import LetterOf, LettersDep
from neighbourhood.affairs.households import AS, DELIVERED, CodesFor, HouseholdId, HouseholdsCode, forgotten
from neighbourhood.affairs.verbs import ERRORS, AffairId, HandedDep
from neighbourhood.plans.api.plans import PlansDep
from neighbourhood.plans.api.public import PublicPlan, public_plan
from neighbourhood.plans.domain.commands import WithdrawObjection
from neighbourhood.plans.domain.plan import Objection, Plan
from neighbourhood.plans.office import Plans, Said

routes = router(prefix="/v1/plans", tags=["objections"])
by_code = router(prefix="/v1/objections", tags=["objections"])
CodesDep = Annotated[HouseholdCodes, given(HouseholdCodes)]
ABOUT = Wording(
    zh="本小区的改造方案正在公示。请阅读方案；有不同意见的，凭下面的码提出，答复也凭此码查看。未答复之前方案不能定稿。",
    en="The plan of the works is posted. Read it, and say with this code what you have against it; the answer is behind"
    " the same code. Before that the plan cannot become final.",
)
Code = Annotated[str, Path(max_length=40, pattern=r"^[0-9A-Za-z -]+$", examples=["K7PM-2XQ9-HT4C-WB6E"])]


class Objected(Record):
    """What somebody has against the newest version, or against one item of it."""

    text: Annotated[str, Paragraphs(4_000, 1)] = Field(examples=["电动车棚离三单元窗户太近。"])
    item: Slug | None = Field(None, examples=["shed"])


class ObjectedOnPaper(Objected):
    """The same, from a household that wrote it down or said it at the office."""

    household: Id = Field(examples=["h-0af31c9b2d"])


class Filed(Record):
    """That an objection is there."""

    objection: Id
    version: int
    """Of the plan."""


class InWords(Record):
    """An objection and its answer, in words."""

    objection: Id
    number: int
    """The version that it is against."""
    item: Slug | None
    text: str
    """Empty, once it was forgotten."""
    filed_at: datetime
    outcome: ObjectionOutcome | None
    answer: Wording | None
    withdrawn: bool


class InWordsOf(InWords):
    """The same, with whose it is: an opaque id."""

    household: Id


class HouseholdsView(Record):
    """What a household sees behind its code: the plan as it hangs, and what it has said against it."""

    plan: PublicPlan
    objections: list[InWords]


@routes.post("/{id}/codes:deliver", dependencies=[needs(INVITE_HOUSEHOLDS)], response_model=list[HouseholdsCode],
             responses=DELIVERED | problems(403, 404, 422, 503))  # fmt: skip
async def deliver(id: AffairId, to: CodesFor, who: Who, plans: PlansDep, letters: LettersDep, format: AS = None) -> Any:
    """Make codes by which households object. They are told here once; a further one ends the one before it."""
    plan = await plans.led(id, who)
    return await letters.deliver(plans, plan, to, who, LetterOf(plan.title, ABOUT, "/objections") if format else None)


@routes.post(
    "/{id}/objections",
    dependencies=[needs(ENTER_SHEETS)],
    response_model=Filed,
    status_code=201,
    responses=problems(*ERRORS),
)
async def on_paper(id: AffairId, objected: ObjectedOnPaper, handed: HandedDep, plans: PlansDep, codes: CodesDep) -> Any:
    """Enter the objection of a household that has no code at hand."""
    plan = await plans.led(id, handed.who)
    await codes.check(plans.place_of(plan), [objected.household])
    return await _filed(plans, id, Said(objected.household, objected.text, objected.item, handed.who.id), handed)


@routes.delete(
    "/{id}/households/{household}", dependencies=[needs(ENTER_SHEETS)], status_code=204, responses=problems(403, 404)
)
async def forget(id: AffairId, household: HouseholdId, who: Who, plans: PlansDep) -> Response:
    """Take away for good what a household wrote here; that it wrote something stays."""
    return await forgotten(plans, plans.texts, id, household, who)


@routes.get("/{id}/objections", dependencies=[needs(READ_HOUSEHOLDS)], responses=problems(404))
async def in_words(id: AffairId, request: Request, who: Who, plans: PlansDep) -> list[InWordsOf]:
    """What households have against the plan, in their words."""
    plan = await plans.led(id, who)
    about(request, [id], "objections")
    texts = await plans.texts.of(id)
    return [
        InWordsOf(**_in_words(name, each, texts.get(each.words, "")), household=each.household)
        for name, each in plan.objections.items()
    ]


@by_code.get("/{code}", dependencies=[needs(ANSWER_BY_CODE)], responses=problems(404, 409))
async def show(code: Code, plans: PlansDep, codes: CodesDep) -> HouseholdsView:
    """The plan as it hangs, what the household has said against it, and the answers."""
    plan, household = await _theirs(code, plans, codes)
    texts = await plans.texts.of(plan.id)
    own = {name: each for name, each in plan.objections.items() if each.household == household}
    return HouseholdsView(
        plan=await public_plan(plans, plan),
        objections=[InWords(**_in_words(name, each, texts.get(each.words, ""))) for name, each in own.items()],
    )


@by_code.post(
    "/{code}",
    dependencies=[needs(ANSWER_BY_CODE)],
    response_model=Filed,
    status_code=201,
    responses=problems(400, 404, 409, 422),
)
async def by_a_household(code: Code, objected: Objected, handed: HandedDep, plans: PlansDep, codes: CodesDep) -> Any:
    """Object to the plan. The answer is to be read behind the same code."""
    plan, household = await _theirs(code, plans, codes)
    return await _filed(plans, plan.id, Said(household, objected.text, objected.item, household), handed)


@by_code.post("/{code}/{objection}:withdraw", dependencies=[needs(ANSWER_BY_CODE)], response_model=Filed,
              responses=problems(400, 404, 409))  # fmt: skip
async def withdraw(code: Code, objection: AffairId, handed: HandedDep, plans: PlansDep, codes: CodesDep) -> Any:
    """Take an objection back."""
    plan, household = await _theirs(code, plans, codes)
    command = WithdrawObjection(household, objection, household)
    what = ["withdraw", plan.id, household, objection]
    return await handed.once(plans, what, lambda asked: plans.take(plan.id, command, asked), _about(objection))


async def _filed(plans: Plans, id: str, said: Said, handed: HandedDep) -> Response:
    objection = str(uuid7())
    what = ["object", id, said.household, said.text, said.item]
    shown = _about(objection)
    return await handed.once(plans, what, lambda asked: plans.object(id, said, objection, asked), shown, 201)


async def _theirs(code: str, plans: Plans, codes: HouseholdCodes) -> tuple[Plan, str]:
    whose = await codes.whose(code)
    plan = await plans.stories.one(whose.affair)
    if plan is None:  # a code of another affair
        raise unknown_code(NO_CODE)
    return plan, whose.household


def _about(objection: str) -> Any:
    return lambda plan: {"objection": objection, "version": plan.version}


def _in_words(name: str, each: Objection, text: str) -> dict[str, Any]:
    return {
        "objection": name,
        "number": each.number,
        "item": each.item,
        "text": text,
        "filed_at": each.filed_at,
        "outcome": each.outcome,
        "answer": each.answer,
        "withdrawn": each.withdrawn,
    }
