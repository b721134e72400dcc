"""One plan for the neighbourhood, from its draft to the one that takes its place."""

from collections.abc import Sequence
from typing import Any

from linli.contracts.neighbourhood import plans
from linli.contracts.neighbourhood.affairs import Affair
from tests.support.told.place import AT, DAY, HERE, HOUSEHOLD, TODAY, digest

PLAN = "plan-1"
TITLE = {"zh": "槐荫里改造方案", "en": "The renewal of Huaiyin Li"}
ITEM: dict[str, Any] = {
    "id": "shed",
    "category": "improvement",
    "title": {"zh": "电动车棚", "en": "A shed for electric bicycles"},
    "description": {"zh": "3号楼北侧，80个车位，配充电设施。"},
    "estimate": 18_000_000,
    "shares": [
        {"payer": "government", "fen": 12_000_000},
        {"payer": "utility", "party": "grid-co", "fen": 6_000_000},
    ],
    "demands": ["d-01", "d-17"],
}
REASON = {"zh": "规划红线外，已转城建部门。"}
_PLAN: dict[str, Any] = AT | {"plan_id": PLAN}
_VERSION: dict[str, Any] = {"number": 2, "digest": digest("version 2"), "publicity": "notice-7"}
_TEXT: dict[str, Any] = {"plan_id": PLAN, "number": 2, "title": TITLE, "items": [ITEM]}

TOLD: Sequence[Affair] = (
    plans.PlanDrafted(**_PLAN, **HERE, title=TITLE, replaces="plan-0"),
    plans.PlanDemandsTaken(**_PLAN, demands=["d-01", "d-17", "d-35"]),
    plans.PlanItemWritten(**_PLAN, item=ITEM),
    plans.PlanItemRemoved(**_PLAN, item="fountain"),
    plans.DemandDeclined(**_PLAN, demand="d-35", reason=REASON),
    plans.DemandReconsidered(**_PLAN, demand="d-35"),
    plans.PlanVersionFrozen(
        **_PLAN, text=_TEXT | {"declined": [{"demand": "d-35", "reason": REASON}]}, digest=digest("version 2")
    ),
    plans.PlanNoticed(**_PLAN, **_VERSION),
    plans.PlanObjectionFiled(
        **_PLAN, objection="o-1", household=HOUSEHOLD, number=2, item="shed", text_hash=digest("挡住消防通道")
    ),
    plans.PlanObjectionAnswered(**_PLAN, objection="o-1", outcome="upheld", answer={"zh": "车棚改到3号楼北侧。"}),
    plans.PlanObjectionWithdrawn(**_PLAN, objection="o-1"),
    plans.PlanFinalised(**_PLAN, **_VERSION, first_day=TODAY + DAY, last_day=TODAY + 7 * DAY),
    plans.PlanSuperseded(**_PLAN, replaced_by="plan-2"),
)
