"""The highest steady rate: the most submissions a second at which no queue grows."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import mean

from bench.load import Sent, send
from bench.sizes import Sizes
from bench.stage import Stage

ROOM = 1.0
"""A queue grows when what was added to it in half of the time is more than comes in in so many seconds."""
UNEVEN = 20
"""So much more in a queue says nothing: work comes and goes in batches."""
LOST = 2.0
"""With so many seconds' work more in a queue the try is over: it will not hold."""
NARROWED = 2
"""Times that the span between what held and what did not is halved."""
LESS = 0.9
EVENTS_OF_A_CASE = 2
"""That it came in, and whom it was sent to or that somebody has to decide: notify keeps one line of each."""
Holds = Callable[[float, float], Awaitable[bool]]
"""Whether a rate holds for some seconds."""


async def highest(holds: Holds, sizes: Sizes) -> float | None:
    """By doubling, or halving, and narrowing down in short steps; then held in full, or a little less. None: not even
    one submission a second holds."""
    low, high = await _span(holds, sizes)
    for _ in range(NARROWED):
        if low is None or high is None:
            break
        middle = sqrt(low * high)
        low, high = (middle, high) if await holds(middle, sizes.step_seconds) else (low, middle)
    while low is not None and low >= 1:
        if await holds(low, sizes.hold_seconds):
            return low
        low *= LESS
    return None


async def _span(holds: Holds, sizes: Sizes) -> tuple[float | None, float | None]:
    """The highest rate that held for a step and the lowest that did not, one twice the other."""
    rate = sizes.first_rate
    if await holds(rate, sizes.step_seconds):
        while rate < sizes.most_rate:
            further = min(2 * rate, sizes.most_rate)
            if not await holds(further, sizes.step_seconds):
                return rate, further
            rate = further
        return rate, None
    while rate >= 2:
        if await holds(rate / 2, sizes.step_seconds):
            return rate / 2, rate
        rate /= 2
    return None, rate


def grown(samples: Sequence[Mapping[str, int]], rate: float, room: float = ROOM) -> list[str]:
    """Which queues hold more at the end than at first, by more than `room` seconds' work and by more than `UNEVEN`.

    The last quarter of the samples is compared with the second: in the first the queues take up what is under way.
    """
    quarter = len(samples) // 4
    if not quarter:
        return []
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    return [
        name
        for name in samples[0]
        if mean(each[name] for each in late) - mean(each[name] for each in early) > max(UNEVEN, rate * room)
    ]


@dataclass(frozen=True, slots=True)
class Queues:
    """What waits between the services of a stage, and in notify."""

    stage: Stage
    apart_at_rest: tuple[int, int] = (0, 0)
    """What each service's count is ahead of the next one's while nothing waits: a stage may have been given cases
    that intake, or notify, has never heard of."""

    @classmethod
    async def at_rest(cls, stage: Stage) -> "Queues":
        """To be called while nothing is on its way."""
        return cls(stage, await cls(stage)._apart())

    async def now(self) -> dict[str, int]:
        """In submissions, events, deliveries and events."""
        (taken, published), (taken_at_rest, published_at_rest) = await self._apart(), self.apart_at_rest
        due = await self.stage.database("notify").deliveries.count_documents({"state": "due"})
        return {
            "submissions without a case": max(0, taken - taken_at_rest),
            "cases' events before notify": max(0, published - published_at_rest),
            "deliveries due": due,
            "outcomes unsent": await self.stage.unsent("notify", "events"),
        }

    async def drained(self, seconds: float = 240) -> None:
        """Until nothing waits any more."""

        async def nothing_waits() -> bool:
            return not any((await self.now()).values())

        await self.stage.until(nothing_waits, seconds, pause=0.5)

    async def _apart(self) -> tuple[int, int]:
        intake, workflow, notify = (self.stage.database(each) for each in ("intake", "workflow", "notify"))
        taken, cases, noticed = await asyncio.gather(
            intake.submissions.estimated_document_count(),
            workflow.cases.estimated_document_count(),
            notify.timeline.estimated_document_count(),
        )
        return taken - cases, EVENTS_OF_A_CASE * cases - noticed


async def holds_on(queues: Queues, rate: float, seconds: float) -> bool:
    """Whether all requests succeed and no queue grows. Ends when the queues are empty again."""
    stage, sent, samples = queues.stage, Sent(), list[Mapping[str, int]]()
    over = False
    url = f"{stage.given['intake_url']}/v1/submissions"
    sending = asyncio.create_task(send(url, rate, seconds, sent, lambda: over))
    begun = time.monotonic()
    while not sending.done() and time.monotonic() < begun + seconds:
        await asyncio.sleep(min(1.0, seconds / 12))
        samples.append(await queues.now() | {"requests unanswered": sent.unanswered})
        over = bool(sent.failures or grown(samples, rate, LOST))
        if over:
            break
    await sending
    await queues.drained()
    growing = grown(samples, rate)
    outcome = f"{sent.failures} requests failed" if sent.failures else f"growing: {', '.join(growing) or 'nothing'}"
    stage.run.say(f"{rate:.0f}/s for {time.monotonic() - begun:.0f} s: {outcome}")
    return not growing and not sent.failures


async def highest_on(queues: Queues) -> float | None:
    """With all services of the stage running."""
    return await highest(lambda rate, seconds: holds_on(queues, rate, seconds), queues.stage.run.sizes)
