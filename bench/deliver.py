"""Deliver: from the events of cases to webhooks and e-mails that were taken and recorded, one notify."""

import time
from collections import defaultdict
from pathlib import Path

from bench import material
from bench.figures import Figure
from bench.posting import post
from bench.stage import Sizes, Stage, frozen, stage_on
from tests.support.servers import Servers, free_ports

WARM = 100


async def measure(servers: Servers, logs: Path, sizes: Sizes) -> list[Figure]:
    """Webhooks and e-mails in turn; the webhooks' sink is also measured alone."""
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(sizes.rounds):
        http, smtp = free_ports(2)
        url = f"http://127.0.0.1:{http}/"
        for name, channel in (("webhook", {"webhook": url}), ("email", {"email": "party@sink.example"})):
            async with stage_on(servers, logs, **channel) as stage:
                await open_sinks(stage, http, smtp)
                found[name].append(await told(stage, sizes.notices))
                if name == "webhook":
                    found["sink"].append((await post(url, 64, sizes.seconds)).rate)
    webhooks, sink = found["webhook"], found["sink"]
    return [
        Figure("deliver", "webhooks, one sender process", "notices/s", webhooks, at_least=500),
        Figure("deliver", "webhooks, the sink alone", "notices/s", webhooks, "requests/s to it", sink),
        Figure("deliver", "e-mails, one sender process", "notices/s", found["email"]),
    ]


async def open_sinks(stage: Stage, http: int, smtp: int) -> None:
    """The other ends, and notify told where they are."""
    stage.given["smtp_port"] = str(smtp)
    await stage.serve("bench.sinks", http, "/letters", str(http), str(smtp))


async def told(stage: Stage, notices: int) -> float:
    """Notices a second, from the events' coming to the last notice's being recorded as sent."""
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
    begun = time.monotonic()
    ended = await stage.until(lambda: sent(WARM + notices), pause=0.05)
    await stage.end(notify)
    return notices / (ended - begun)
