"""Act: a covenant that five households comment on, that the owners adopt, and that forty sign."""

from typing import Any

from linli_cli.demo.renewal.stage import PLACE, Stage

COMMENTED_DAYS = 31
TEXT = """第一条 电动自行车停放在车棚内充电，不进楼道。
第二条 楼道不堆放杂物。
第三条 违反的由楼组长劝导，仍不改的报社区调解。"""
COMMENTS = ("车棚几点关门？", "访客的车停哪里？", "谁来劝导？", "请加一条养狗的。", "同意。")
SIGNED = 40


async def draft(stage: Stage) -> tuple[str, str]:
    """Drafted, commented on, reviewed by somebody else: the covenant's id and its text."""
    made = await stage.do("/v1/covenants", {**PLACE, "track": "owners", "title": "槐荫里管理规约", "text": TEXT})
    path = f"/v1/covenants/{made['id']}"
    digest = made["versions"][-1]["digest"]
    await stage.do(f"{path}:open_comments")
    letters = await stage.do(f"{path}/codes:deliver", {"households": stage.seen["doors"][:SIGNED]})
    stage.seen["signing"] = [each["code"] for each in letters]
    for letter, text in zip(letters, COMMENTS, strict=False):
        said = {"digest": digest, "text": text}
        comment = await stage.do(f"/v1/signing/{letter['code']}/comments", said, operator=False)
        answer = {"comment_id": comment["comment"], "taken": False, "answer": "谢谢，写入说明。"}
        await stage.do(f"{path}:answer_comment", answer)
    await stage.later(days=COMMENTED_DAYS)
    reviewer = await stage.person("规约审核人")
    await stage.do(f"{path}:review", {"digest": digest}, by=reviewer)
    return str(made["id"]), TEXT


async def sign(stage: Stage, id: str) -> None:
    """Filed, in force, and signed on forty telephones, each by its own code."""
    path = f"/v1/covenants/{id}"
    stage.seen["adopted"] = await stage.get(path)
    today = (await stage.now()).date().isoformat()
    await stage.do(f"{path}:file", {"filing": "槐荫社区备2026-9", "on": today})
    await stage.do(f"{path}:put_in_force", {"from_day": today})
    digest = stage.seen["adopted"]["versions"][-1]["digest"]
    for code in stage.seen["signing"]:
        await stage.do(f"/v1/signing/{code}:sign", {"digest": digest}, operator=False)
    [shown] = [each for each in await _public(stage) if each["id"] == id]
    stage.seen["covenant"] = shown


async def _public(stage: Stage) -> list[dict[str, Any]]:
    return list(await stage.get("/v1/public/covenants", operator=False, **PLACE))
