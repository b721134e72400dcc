"""The acts in their order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linli_cli.demo.renewal import covenants, ending, plans, quarrels, rounds, taskforce, votes, works
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
    "disputes": sentence("twelve disputes: mediated, agreed, kept or broken, or handed up"),
    "lineage": sentence("what became of each of the 37 demands"),
}
"""What each act is called, by its name."""
Begin = Callable[[str], None]


async def play(
    stage: Stage,
    said: Sequence[Mapping[str, Any]],
    begin: Begin,
    disputes: Sequence[Mapping[str, Any]],
) -> None:
    """The whole story; `said` is what 37 households ask for, `disputes` what twelve residents quarrel about.

    What is found stands in `stage.seen`.
    """
    begin("round")
    demands = await rounds.ask(stage, said)
    stage.seen["demands"] = demands
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
    begin("disputes")
    await quarrels.settle(stage, disputes)
    begin("lineage")
    await ending.follow(stage, demands)
