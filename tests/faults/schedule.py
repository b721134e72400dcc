"""One run: faults on a seeded schedule under load, then the comparison."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median

from tests.faults.affairs.checker import Damage
from tests.faults.arena import Arena
from tests.faults.checker import Verdict
from tests.faults.hurt import NotPossible
from tests.faults.kinds import FAULTS

RECOVERY_WITHIN = 90.0
"""Seconds after which a fault counts as not recovered from."""
PATIENCE = 60.0
"""Seconds without any change after which the system counts as settled, though something is missing."""


@dataclass(frozen=True, slots=True)
class Suffered:
    """One fault and how long it took until all was well; None: it was not within `RECOVERY_WITHIN`."""

    name: str
    restarted: bool
    recovery: float | None


@dataclass(slots=True)
class Outcome:
    """What a run came to."""

    seed: int
    suffered: list[Suffered] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    """Fault → why this machine does not allow it."""
    verdict: Verdict = field(default_factory=lambda: Verdict(0))
    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    ended_by_themselves: int = 0
    recounts: int = 0
    """How often the sums of votes and rounds were compared with a recount of their events: after every fault."""

    def figures(self) -> dict[str, object]:
        """As printed, and as written with `--json`; times in seconds."""
        verdict = self.verdict
        return {
            "seed": self.seed,
            "accepted": verdict.accepted,
            "lost": len(verdict.lost),
            "doubled": len(verdict.doubled),
            "affairs": verdict.acknowledged,
            "recounts": self.recounts,
            "miscounted": len(verdict.miscounted),
            "other_damage": len(verdict.other),
            "out_of_order": len(verdict.out_of_order),
            "overtaken": verdict.overtaken,
            "faults": len(self.suffered),
            "recovery_after_restart": _spread([s for s in self.suffered if s.restarted]),
            "recovery_without_restart": _spread([s for s in self.suffered if not s.restarted]),
            "skipped": self.skipped,
            "not_recovered": [s.name for s in self.suffered if s.recovery is None],
            "by_fault": {
                name: _spread([s for s in self.suffered if s.name == name])
                for name in sorted({s.name for s in self.suffered})
            },
            "answers": dict(sorted(self.statuses.items())),
            "services_that_ended_by_themselves": self.ended_by_themselves,
            "seconds": round(self.seconds, 1),
        }


def _spread(suffered: Sequence[Suffered]) -> dict[str, float] | None:
    times = [s.recovery for s in suffered if s.recovery is not None]
    return {"times": len(times), "median": round(median(times), 2), "max": round(max(times), 2)} if times else None


def _harm(affairs: Damage | None) -> str:
    return "" if affairs is None or affairs.sound else "   DAMAGED"


def planned(names: Sequence[str], count: int, rng: Random) -> list[str]:
    """Each name once before any comes again, in an order of chance."""
    order: list[str] = []
    while len(order) < count:
        order += rng.sample(list(names), len(names))
    return order[:count]


async def run(
    arena: Arena,
    seed: int,
    names: Sequence[str],
    *,
    faults: int,
    seconds: float,
    submissions: int,
    patience: float = PATIENCE,
    say: Callable[[str], None] = lambda _: None,  # told in pieces: what begins, and in the same line how it ended
) -> Outcome:
    """Suffer `faults` faults, or as many as begin within `seconds`; go on until `submissions` are accepted."""
    outcome = Outcome(seed)
    found: list[Damage] = []
    begun = time.monotonic()
    for number, name in enumerate(planned(names, faults, arena.rng), start=1):
        if time.monotonic() - begun > seconds or arena.failed():
            break
        await asyncio.sleep(arena.rng.uniform(0.2, 1.5))
        say(f"{number:4}/{faults} {time.monotonic() - begun:5.0f} s  {name:28}")
        try:
            hurt = await FAULTS[name](arena)
        except NotPossible as error:
            outcome.skipped[name] = str(error)
            say(f"skipped: {error}\n")
            continue
        recovery = hurt.recovery if hurt.waited else await arena.recovered(hurt.back, RECOVERY_WITHIN)
        outcome.suffered.append(Suffered(name, hurt.restarted, recovery))
        affairs = await arena.look_at_affairs(RECOVERY_WITHIN)
        if affairs is not None:
            found.append(affairs)
        took = "not recovered" if recovery is None else f"recovered in {recovery:5.2f} s"
        say(f"{took}   accepted {len(arena.ledger.accepted)}, affairs {arena.affairs.acknowledged}{_harm(affairs)}\n")
    say(f"{time.monotonic() - begun:15.0f} s  no more faults: settling, then comparing\n")
    while len(arena.ledger.accepted) < submissions and not arena.failed():
        await asyncio.sleep(0.1)
    outcome.verdict, _ = await arena.verdict(patience)
    for each in reversed(found):  # what was found first says most of where it came from
        outcome.verdict.add(each)
    outcome.recounts = arena.recounts
    outcome.seconds = time.monotonic() - begun
    outcome.statuses = dict(arena.ledger.statuses)
    outcome.ended_by_themselves = arena.ended_by_themselves
    return outcome
