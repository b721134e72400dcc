"""Deliver: from the events of cases to webhooks and e-mails that were taken and recorded, beside bare loops."""

import time
from dataclasses import dataclass

from bench import material
from bench.figures import Figure
from bench.peers import BARE_LETTERS, BARE_WEBHOOKS
from bench.run import Found, Run
from bench.sizes import Sizes
from bench.stage import Stage, cpu_seconds, frozen, stage_on
from tests.support.servers import free_ports

PART = "deliver"
WARM = 100
EMAIL = "party@sink.example"


async def measure(run: Run) -> None:
    """Webhooks and e-mails in turn, each followed by its bare loop, which sends again what notify has just sent."""
    for _ in run.rounds():
        http, smtp = free_ports(2)
        url = f"http://127.0.0.1:{http}/"
        for name, channel, bare in (
            ("webhooks", {"webhook": url}, "bench.peers.bare_webhooks"),
            ("e-mails", {"email": EMAIL}, "bench.peers.bare_letters"),
        ):
            async with stage_on(run, **channel) as stage:
                await open_sinks(stage, http, smtp)
                run.found[PART, name].append((await notices(stage, run.sizes.notices)).a_second)
                seconds = await stage.seconds_of(bare, url, str(run.sizes.notices))
                run.found[PART, name, "bare"].append(run.sizes.notices / seconds)


def figures(found: Found, _sizes: Sizes) -> list[Figure]:
    """One for each channel."""
    return [
        Figure(
            *(PART, f"{name}, one sender process", "notices/s", found[PART, name]),
            peer,
            found[PART, name, "bare"],
        )
        for name, peer in (("webhooks", BARE_WEBHOOKS), ("e-mails", BARE_LETTERS))
    ]


async def open_sinks(stage: Stage, http: int, smtp: int) -> None:
    """The other ends, and notify told where they are."""
    stage.given["smtp_port"] = str(smtp)
    await stage.serve("bench.sinks", http, "/counts", str(http), str(smtp))


@dataclass(frozen=True, slots=True)
class Cost:
    """Of what notify tells: how many a second, and what one takes of a processor, in milliseconds."""

    a_second: float
    milliseconds: float


async def notices(stage: Stage, notices: int) -> Cost:
    """From the events' coming to the last notice's being recorded as sent."""
    deliveries = stage.database("notify").deliveries
    before = await deliveries.count_documents({"state": "sent"})

    async def sent(count: int) -> bool:
        return await deliveries.count_documents({"state": "sent"}) >= before + count

    notify = await stage.serve("notify", stage.ports["notify_port"])
    await stage.publish(material.dispatches(WARM, stage.topic("cases")))
    await stage.until(lambda: sent(WARM))
    messages = material.dispatches(notices, stage.topic("cases"))
    async with frozen(notify):
        await stage.publish(messages)
    begun, used = time.monotonic(), cpu_seconds(notify)
    ended = await stage.until(lambda: sent(WARM + notices), pause=0.05)
    cost = Cost(notices / (ended - begun), (cpu_seconds(notify) - used) * 1e3 / notices)
    await stage.end(notify)
    return cost
