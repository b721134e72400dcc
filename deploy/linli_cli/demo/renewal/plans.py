"""Act: one plan; a version that a household objects to, a talk about that, and the version that holds."""

from collections.abc import Mapping
from typing import Any

from linli_cli.demo.renewal.stage import PLACE, Stage
from linli_cli.demo.renewal.story import MATTERS, SCAN, Matter
from linli_cli.demo.renewal.talks import talk

HANGS_DAYS = 10
BUILDING = "b3"


async def draw(stage: Stage, demands: Mapping[int, str], taskforce: str) -> dict[str, Any]:
    """The final plan: `{plan_id, plan_hash}`, as works name it."""
    made = await stage.do("/v1/plans", {**PLACE, "title": {"zh": "槐荫里老旧小区改造方案"}})
    path = f"/v1/plans/{made['id']}"
    await stage.do(f"{path}:take_demands", {"demands": list(demands.values())})
    for matter in MATTERS:
        if matter.estimate:
            await stage.do(f"{path}:write_item", {"item": _item(matter, demands, matter.title)})
        for number, why in (matter.declined or {}).items():
            await stage.do(f"{path}:decline", {"demand": demands[number], "reason": {"zh": why}})
    stage.seen["drafted"] = await stage.do(f"{path}:freeze", {"buildings": [BUILDING]})
    await _posted(stage, path)

    [letter] = await stage.do(f"{path}/codes:deliver", {"households": stage.seen["doors"][:1]})
    stage.seen["objector"] = letter["code"]
    said = {"text": "车棚挡住消防通道，救护车进不来。", "item": "charging"}
    objection = await stage.do(f"/v1/objections/{letter['code']}", said, operator=False)
    await stage.later(days=HANGS_DAYS)
    stage.seen["objected"] = await stage.refused(f"{path}:finalise")
    await talk(stage, taskforce, made["id"])
    answer = {"outcome": "upheld", "answer": {"zh": "车棚移到东侧，让出消防通道；变压器由供电公司增容。"}}
    await stage.do(f"{path}:answer_objection", {"objection": objection["objection"], **answer})
    [charging] = [each for each in MATTERS if each.id == "charging"]
    moved = {"item": _item(charging, demands, f"{charging.title}（移至东侧空地）")}
    await stage.do(f"{path}:write_item", moved)
    await stage.do(f"{path}:freeze", {"buildings": [BUILDING]})
    stage.seen["days_anew"] = await stage.refused(f"{path}:finalise")
    await _posted(stage, path)
    await stage.later(days=HANGS_DAYS)
    final = await stage.do(f"{path}:finalise")
    stage.seen["plan"] = final
    return {"plan_id": final["id"], "plan_hash": final["versions"][-1]["digest"]}


def _item(matter: Matter, demands: Mapping[int, str], title: str) -> dict[str, Any]:
    return {
        "id": matter.id,
        "category": matter.category,
        "title": {"zh": title},
        "estimate": matter.estimate,
        "shares": [{"payer": "government", "fen": matter.estimate}],
        "demands": [demands[number] for number in matter.cited],
    }


async def _posted(stage: Stage, path: str) -> None:
    """The newest version hangs at building 3."""
    plan = await stage.get(path)
    now = (await stage.now()).isoformat()
    posted = {"building": BUILDING, "digest": plan["versions"][-1]["digest"], "posted_at": now, "photo": SCAN}
    await stage.do(f"/v1/publicity/{plan['publicity']}:post", posted)
