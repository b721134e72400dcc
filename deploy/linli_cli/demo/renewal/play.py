"""The acts in their order."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linli_cli.demo.renewal import covenants, plans, rounds, taskforce, votes, works
from linli_cli.demo.renewal.stage import Stage
from linli_cli.demo.renewal.story import MATTERS
from linli_cli.terminal.language import sentence

ACTS = {
    "round": sentence("what the households need: a round of 37 answers"),
    "taskforce": sentence("a task force of six seats, a meeting, three actions"),
    "plan": sentence("one plan: objected to, talked over, changed, final"),
    "covenant": sentence("a covenant: commented on, answered, reviewed"),
    "vote": sentence("a vote of 46 owners on the shed and the covenant"),
    "works": sentence("works: built, refused, put right, accepted, handed over"),
    "signatures": sentence("forty signatures to the covenant"),
    "lineage": sentence("what became of each of the 37 demands"),
}
"""What each act is called, by its name."""
ENDED_WITHIN = 60.0
"""Seconds of real time after the last act in which every demand has its end."""
Begin = Callable[[str], None]


async def play(stage: Stage, said: Sequence[Mapping[str, Any]], begin: Begin) -> None:
    """The whole story; `said` is what 37 households ask for. What is found stands in `stage.seen`."""
    begin("round")
    demands = await rounds.ask(stage, said)
    begin("taskforce")
    force = await taskforce.meet(stage)
    begin("plan")
    plan = await plans.draw(stage, demands, force)
    begin("covenant")
    covenant, text = await covenants.draft(stage)
    begin("vote")
    await votes.vote(stage, text)
    begin("works")
    packages = [
        {
            "title": matter.title,
            "items": [matter.id],
            "demands": [demands[number] for number in matter.cited],
            "trades": ["electrics"],
        }
        for matter in sorted(MATTERS, key=lambda each: each.id != "charging")
        if matter.estimate
    ]
    stage.seen["packages"] = await works.build(stage, plan, packages)
    begin("signatures")
    await covenants.sign(stage, covenant)
    begin("lineage")
    stage.seen["ends"] = await ends(stage, demands)


async def ends(stage: Stage, demands: Mapping[int, str]) -> dict[int, str | None]:
    """How each demand has ended, by its number."""
    found: dict[int, str | None] = {}
    try:
        async with asyncio.timeout(ENDED_WITHIN):
            while len(found) < len(demands):
                for number in sorted(demands.keys() - found.keys()):
                    if end := (await stage.get(f"/v1/lineage/{demands[number]}"))["end"]:
                        found[number] = str(end)
                await asyncio.sleep(0.3)
    except TimeoutError:
        found |= dict.fromkeys(demands.keys() - found.keys())
    return found
