"""Act: households are asked what they need; their needs become demands, and demands of one kind a matter."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from linli_cli.demo.renewal.stage import PLACE, Stage
from linli_cli.demo.renewal.story import ANSWERS, MATTERS, flats

OPEN_DAYS = 14
RAISED_WITHIN = 60.0
"""Seconds of real time in which needs are submissions of intake."""
QUESTIONS = [
    {
        "id": "satisfied",
        "kind": "scale",
        "text": {"zh": "您对小区现在的环境满意吗？"},
        "least": 1,
        "most": 5,
    },
    {
        "id": "need",
        "kind": "text",
        "text": {"zh": "最需要改造什么？"},
        "needs": True,
        "places": True,
    },
]


async def ask(stage: Stage, said: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Draft, open, answer, close, settle, publish. The demand's id of each of the `said`, by its number from 1."""
    title = {"zh": "槐荫里“一小区一方案”需求征集"}
    made = await stage.do("/v1/rounds", {**PLACE, "title": title, "questions": QUESTIONS})
    id = str(made["id"])
    until = (await stage.now()) + timedelta(days=OPEN_DAYS)
    opened = await stage.do(f"/v1/rounds/{id}:open", {"closes_at": until.isoformat()})
    codes, households = list[str](), list[str]()
    for stairwell in sorted({each.stairwell for each in flats()}):
        doors = [each.door for each in flats() if each.stairwell == stairwell]
        letters = await stage.do(f"/v1/rounds/{id}/households:invite", {"building": "b3", "doors": doors})
        codes += [each["code"] for each in letters]
        households += [each["household"] for each in letters]
    for number, (code, need) in enumerate(zip(codes[:ANSWERS], said, strict=True), start=1):
        answers = [
            {"question": "satisfied", "value": 1 + number % 4},
            {"question": "need", "text": _text(need), "place": need.get("place") or "", "consent": True},
        ]
        await stage.do(f"/v1/answers/{code}", {"digest": opened["digest"], "answers": answers}, operator=False)
    stage.seen["households"], stage.seen["doors"] = codes, households
    await stage.later(days=OPEN_DAYS, seconds=1)
    await stage.do(f"/v1/rounds/{id}:close")
    demands = await _raised(stage, codes[:ANSWERS])
    await settle(stage, id, demands)
    await stage.do(f"/v1/rounds/{id}:summarise")
    await stage.do(f"/v1/rounds/{id}:publish")
    stage.seen["round"] = await stage.get(f"/v1/rounds/{id}/public", operator=False)
    return demands


async def settle(stage: Stage, id: str, demands: Mapping[int, str]) -> None:
    """Each demand is in a cluster: a person has looked at what was proposed, and settles it."""
    stage.seen["proposed"] = await stage.get(f"/v1/rounds/{id}/proposals")
    for matter in MATTERS:
        cluster = {"cluster": matter.id, "title": {"zh": matter.title}}
        theirs = [demands[number] for number in matter.demands]
        await stage.do(f"/v1/rounds/{id}:settle_cluster", {**cluster, "demands": theirs})


async def _raised(stage: Stage, codes: Sequence[str]) -> dict[int, str]:
    """The demands that the answers have become, once intake has them all."""
    demands: dict[int, str] = {}
    async with asyncio.timeout(RAISED_WITHIN):
        while len(demands) < len(codes):
            for number, code in enumerate(codes, start=1):
                if number not in demands:
                    became = (await stage.get(f"/v1/answers/{code}", operator=False))["became"]
                    if became:
                        demands[number] = became[0]["demand"]
            await asyncio.sleep(0.3)
    return demands


def _text(need: Mapping[str, Any]) -> str:
    return "\n".join(filter(None, (str(need["title"]), str(need.get("text") or ""))))
