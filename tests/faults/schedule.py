"""One run: faults on a seeded schedule under load, then the comparison."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median

from tests.faults.arena import Arena
from tests.faults.checker import Verdict
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
    verdict: Verdict = field(default_factory=lambda: Verdict(0, {}, {}, [], 0))
    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    ended_by_themselves: int = 0

    def figures(self) -> dict[str, object]:
        """As printed, and as written with `--json`; times in seconds."""
        verdict = self.verdict
        return {
            "seed": self.seed,
            "accepted": verdict.accepted,
            "lost": len(verdict.lost),
            "doubled": len(verdict.doubled),
            "other_damage": len(verdict.other),
            "out_of_order": verdict.out_of_order,
            "faults": len(self.suffered),
            "recovery_after_restart": _spread([s for s in self.suffered if s.restarted]),
            "recovery_without_restart": _spread([s for s in self.suffered if not s.restarted]),
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
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Suffer `faults` faults, or as many as begin within `seconds`; go on until `submissions` are accepted."""
    outcome = Outcome(seed)
    begun = time.monotonic()
    for name in planned(names, faults, arena.rng):
        if time.monotonic() - begun > seconds or arena.load.failed():
            break
        await asyncio.sleep(arena.rng.uniform(0.2, 1.5))
        hurt = await FAULTS[name](arena)
        recovery = hurt.recovery or await arena.recovered(hurt.back, RECOVERY_WITHIN)
        outcome.suffered.append(Suffered(name, hurt.restarted, recovery))
        took = "not recovered" if recovery is None else f"{recovery:5.2f} s"
        say(f"{len(outcome.suffered):4} {name:28} {took}   accepted {len(arena.ledger.accepted)}")
    while len(arena.ledger.accepted) < submissions and not arena.load.failed():
        await asyncio.sleep(0.1)
    outcome.verdict, _ = await arena.verdict(patience)
    outcome.seconds = time.monotonic() - begun
    outcome.statuses = dict(arena.ledger.statuses)
    outcome.ended_by_themselves = arena.ended_by_themselves
    return outcome
