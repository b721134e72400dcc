"""Plans for staff: written, frozen and posted, compared, printed, final."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.permissions import HOLD_AFFAIRS, READ_AFFAIRS
from linli.contracts.neighbourhood.plan_text import PlanItem, VersionText
from linli.contracts.neighbourhood.plans import PlanStage
from linli.security.auth import Who, caller_of, needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.problems import not_found
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
from neighbourhood.papers.press import Press
from neighbourhood.plans.domain import commands
from neighbourhood.plans.domain.comparing import compared
from neighbourhood.plans.domain.plan import Plan, PlanVersion
from neighbourhood.plans.office import Plans
from neighbourhood.plans.printing import FILES, paper_of
from neighbourhood.plans.seen import without_households

routes = router(prefix="/v1/plans", tags=["plans"])
PlansDep = Annotated[Plans, given(Plans)]
PressDep = Annotated[Press, given(Press)]
Number = Annotated[int, Path(ge=1, le=10_000)]
_ASKED = body_of(commands.DraftPlan, BY_THE_SERVICE | {"id"})
_DRAFTED = {"community": "fushan-road", "neighbourhood": "yard-3", "title": {"zh": "三号院改造方案"}}
_ITEM = {
    "id": "roof",
    "category": "basic",
    "title": {"zh": "屋面防水"},
    "estimate": 48_000_000,
    "shares": [{"payer": "government", "fen": 48_000_000}],
    "demands": ["FS-2026-000101"],
}


class As(StrEnum):
    """In which form."""

    JSON = "json"
    PDF = "pdf"
    DOCX = "docx"


AsQuery = Annotated[As, Query(alias="as", description="`pdf` to post it, `docx` to edit it before it hangs")]


class NewPlan(_ASKED):  # type: ignore[valid-type, misc]  # made of the command
    """A plan to be drawn; one that takes the place of another names it."""


class PlanLine(Record):
    """A plan in a list."""

    id: Id
    title: Wording
    stage: PlanStage
    versions: int
    """How many were frozen."""
    changed: bool
    """It says something else now than its newest version."""
    unanswered: int
    """Demands that it still owes an answer to."""
    open_objections: int
    replaces: Id | None
    replaced_by: Id | None
    version: int


class Frozen(Record):
    """A version as it was frozen."""

    number: int
    digest: Digest
    text: VersionText
    estimate: int = Field(description="Fen")


class ItemDiffers(Record):
    """An item that reads otherwise."""

    before: PlanItem
    after: PlanItem
    fields: list[str]


class OutcomeDiffers(Record):
    """What becomes of a demand, before and after: which items answer it, or why none does."""

    demand: Id
    before: list[str] | Wording | None
    after: list[str] | Wording | None


class Compared(Record):
    """Two versions side by side."""

    before: Frozen
    after: Frozen
    same: bool
    added: list[PlanItem]
    removed: list[PlanItem]
    changed: list[ItemDiffers]
    moved: bool
    retitled: bool
    outcomes: list[OutcomeDiffers]


@routes.post("", dependencies=[needs(HOLD_AFFAIRS)], response_model=Plan, status_code=201, responses=problems(*ERRORS))
async def draft(new: Annotated[NewPlan, Field(examples=[_DRAFTED])], handed: HandedDep, plans: PlansDep) -> Any:
    """Begin a plan. In a neighbourhood one plan is drawn at a time, and one holds."""
    id, place = str(uuid7()), Place(new.community, new.neighbourhood)
    wish = wish_of(commands.DraftPlan, new, also=id)
    what = ["plan", new.model_dump(mode="json")]
    return await handed.once(plans, what, lambda asked: plans.begin(id, place, wish, asked), status=201)


@routes.get("", dependencies=[needs(READ_AFFAIRS)], responses=problems(404))
async def listing(who: Who, plans: PlansDep, community: Slug, neighbourhood: Slug) -> list[PlanLine]:
    """A neighbourhood's plans, also those before the one that holds."""
    return [_line(each) for each in await plans.of_place(who, Place(community, neighbourhood))]


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], response_model=Plan, responses=problems(404))
async def view(id: AffairId, who: Who, plans: PlansDep) -> Any:
    """How a plan stands, with all of its versions. Who does not hold it reads of objections a number in place of each
    household, and no hash of its words."""
    plan = await plans.seen(id, who)
    if not plans.holds(plan, who):
        plan = without_households(plan)
    return as_answer(plans.stories.written.dump_json(plan), plan.version)


@routes.get("/{id}/versions/{n}:compare", dependencies=[needs(READ_AFFAIRS)], responses=problems(404))
async def compare(
    id: AffairId,
    n: Number,
    who: Who,
    plans: PlansDep,
    other: Annotated[int, Query(alias="with", ge=1, le=10_000, description="The later version")],
) -> Compared:
    """What another version says otherwise: items, who pays, what becomes of each demand."""
    plan = await plans.seen(id, who)
    before, after = version_of(plan, n), version_of(plan, other)
    found = compared(before, after)
    return Compared(
        before=frozen(before),
        after=frozen(after),
        same=found.same,
        added=list(found.added),
        removed=list(found.removed),
        changed=[ItemDiffers(before=each.before, after=each.after, fields=list(each.fields)) for each in found.changed],
        moved=found.moved,
        retitled=found.retitled,
        outcomes=[
            OutcomeDiffers(demand=demand, before=_outcome(was), after=_outcome(now))
            for demand, (was, now) in found.outcomes.items()
        ],
    )


@routes.get(
    "/{id}/versions/{n}",
    dependencies=[needs(READ_AFFAIRS)],
    response_model=Frozen,
    responses=FILES | problems(404, 503),
)
async def version(
    id: AffairId, n: Number, request: Request, who: Who, plans: PlansDep, press: PressDep, form: AsQuery = As.JSON
) -> Any:
    """A version as it was frozen: to read, to print, or to edit before it hangs."""
    plan = await plans.seen(id, who)
    found = version_of(plan, n)
    if form is As.JSON:
        return frozen(found)
    return await in_form(plans, plan, found, press, form, caller_of(request))


async def in_form(plans: Plans, plan: Plan, found: PlanVersion, press: Press, form: As, owner: str) -> Response:
    """A version as a file."""
    return await paper_of(plans, plan, found, press, owner, word=form is As.DOCX)


def version_of(plan: Plan, number: int) -> PlanVersion:
    """Raises 404."""
    if number > len(plan.versions):
        raise not_found("version")
    return plan.versions[number - 1]


def frozen(version: PlanVersion) -> Frozen:
    return Frozen(number=version.number, digest=version.digest, text=version.text, estimate=version.estimate)


def _outcome(outcome: tuple[str, ...] | Wording | None) -> list[str] | Wording | None:
    return list(outcome) if isinstance(outcome, tuple) else outcome


def _line(plan: Plan) -> PlanLine:
    return PlanLine(
        id=plan.id,
        title=plan.title,
        stage=plan.stage,
        versions=len(plan.versions),
        changed=plan.changed,
        unanswered=len(plan.unanswered),
        open_objections=sum(each.open for each in plan.objections.values()),
        replaces=plan.replaces,
        replaced_by=plan.replaced_by,
        version=plan.version,
    )


add_verbs(
    routes,
    Plans,
    Plan,
    [
        Verb("take_demands", commands.TakeDemands, HOLD_AFFAIRS, {"demands": ["FS-2026-000101"]}),
        Verb("write_item", commands.WriteItem, HOLD_AFFAIRS, {"item": _ITEM}),
        Verb("remove_item", commands.RemoveItem, HOLD_AFFAIRS, {"item": "roof"}),
        Verb(
            "decline",
            commands.Decline,
            HOLD_AFFAIRS,
            {"demand": "FS-2026-000102", "reason": {"zh": "该处为消防通道，不能设车位。"}},
        ),
        Verb("reconsider", commands.Reconsider, HOLD_AFFAIRS, {"demand": "FS-2026-000102"}),
        Verb("freeze", commands.FreezeVersion, HOLD_AFFAIRS, {"buildings": ["b3", "b4"]}),
        Verb(
            "answer_objection",
            commands.AnswerObjection,
            HOLD_AFFAIRS,
            {"objection": "o-1", "outcome": "explained", "answer": {"zh": "该项由财政出资，不向居民收费。"}},
        ),
        Verb(
            "withdraw_objection",
            commands.WithdrawObjection,
            HOLD_AFFAIRS,
            {"objection": "o-1", "household": "h-0af31c9b2d"},
        ),
        Verb("finalise", commands.Finalise, HOLD_AFFAIRS, without=frozenset({"hung"})),
    ],
)
