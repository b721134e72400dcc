"""A run: its parts one after another. A part that fails leaves what it and the others have measured."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bench.figures import Figure
from bench.sizes import Sizes
from tests.support.servers import Servers

Found = defaultdict[tuple[Any, ...], list[float]]
"""What was found in each round, by part and by what was measured."""
UNTIL_CUT = 2.0
"""A part that takes longer than its minutes by this factor hangs, and is ended."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Of a service's process in a part, in megabytes: as the part ended it, and at most."""

    service: str
    last: float
    most: float


@dataclass
class Run:
    """Where and how much is measured, and what was found so far."""

    servers: Servers
    logs: Path
    sizes: Sizes
    say: Callable[[str], None] = lambda _: None
    """Progress, for people."""
    found: Found = field(default_factory=lambda: defaultdict(list))
    memory: dict[str, list[Memory]] = field(default_factory=lambda: defaultdict(list))
    """By part."""
    failed: dict[str, str] = field(default_factory=dict)
    """Parts that failed, with their errors."""
    part: str = ""
    """Being measured."""
    begun: float = field(default_factory=time.monotonic)
    """When that part began (`time.monotonic`)."""

    def rounds(self) -> Iterator[int]:
        """As many rounds as there are to be, but for those that the part's minutes have no room for; one at least."""
        seconds, longest = self.sizes.minutes_of(self.part) * 60, 0.0
        for number in range(self.sizes.rounds):
            begun = time.monotonic()
            if number and begun - self.begun + longest > seconds:
                self.say(f"{self.part}: {number} of {self.sizes.rounds} rounds; no time for more")
                return
            self.say(f"{self.part}: round {number + 1} of {self.sizes.rounds}")
            yield number
            longest = max(longest, time.monotonic() - begun)


class Part(Protocol):
    """A module that measures: it keeps what it finds in `run.found`, and makes figures of whatever is there."""

    def measure(self, run: Run) -> Awaitable[None]: ...

    def figures(self, found: Found, sizes: Sizes) -> list[Figure]: ...


def measure(
    run: Run,
    parts: Mapping[str, Callable[[], Part]],
    keep: Callable[[Sequence[Figure]], None],
    in_loop: Callable[[Any], None] = asyncio.run,
) -> list[Figure]:
    """Every part in turn; `keep` gets all figures so far after each. A part that cannot even be loaded fails alone."""
    loaded: list[Part] = []
    figures: list[Figure] = []
    for name, load in parts.items():
        run.part, run.begun = name, time.monotonic()
        run.say(f"{name}: begins")
        try:
            part = load()
            loaded.append(part)
            in_loop(_in_time(part, run))
        except Exception as error:
            run.failed[name] = _message(error)
            run.say(f"{name}: FAILED: {run.failed[name]}")
        run.say(f"{name}: {time.monotonic() - run.begun:.0f} s")
        figures = _all_figures(run, loaded)
        keep(figures)
    return figures


async def _in_time(part: Part, run: Run) -> None:
    async with asyncio.timeout(run.sizes.minutes_of(run.part) * 60 * UNTIL_CUT):
        await part.measure(run)


def _all_figures(run: Run, parts: Sequence[Part]) -> list[Figure]:
    found = [each for part in parts for each in part.figures(run.found, run.sizes)]
    return [each for each in [*found, *memory_figures(run.memory)] if each.runs]


def memory_figures(memory: Mapping[str, Sequence[Memory]]) -> list[Figure]:
    """What each service took in each part, and at most in all of them."""
    services = dict.fromkeys(each.service for those in memory.values() for each in those)
    by_part = [
        figure
        for part, those in memory.items()
        for service in services
        if (own := [each for each in those if each.service == service])
        for figure in (
            Figure(part, f"{service}, memory at the end", "MB", [each.last for each in own]),
            Figure(part, f"{service}, memory at most", "MB", [max(each.most for each in own)]),
        )
    ]
    most = {
        service: max(each.most for those in memory.values() for each in those if each.service == service)
        for service in services
    }
    return by_part + [Figure("all parts", f"{each}, memory at most", "MB", [value]) for each, value in most.items()]


def _message(error: BaseException) -> str:
    """An error in a line; of a group what is in it."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(_message(each) for each in error.exceptions)
    first = next(iter(str(error).splitlines()), "")
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
