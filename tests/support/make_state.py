"""Leaves a deployment as an upgrade may find it, and writes down all of its databases and topics.

`python -m tests.support.make_state FILE`, with the code of the version that is upgraded from. All has been stopped in
the middle of something: events that are unsent, sent and not read, held, parked; letters that are due.
"""

import asyncio
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx2
from pytest_httpserver import HTTPServer

from linli.messaging.kafka import Outgoing
from linli.messaging.outbox import message_of
from linli.storage import mongo
from tests.support.builders import submitted, withdrawn
from tests.support.databases import databases_of
from tests.support.journey import mailbox_on, with_webhook
from tests.support.keys import key_for
from tests.support.servers import Servers, free_ports
from tests.support.services import until
from tests.support.state_kept import written_down
from tests.support.system import SERVICES, System
from tests.support.topics import publish, publish_raw

PREFIX = "statebefore"
HOOK = "http://127.0.0.1:18999/hook"
REPORTER = {"name": "王秀英", "phone": "138 1234 5678", "email": "wang@resident.example"}


class Made:
    """A system with its databases."""

    def __init__(self, system: System, databases: dict[str, mongo.Database]) -> None:
        self.system, self.databases = system, databases

    async def count(self, service: str, collection: str, count: int, **query: Any) -> None:
        """Wait for so many documents."""

        async def there() -> bool:
            return await self.databases[service][collection].count_documents(query) == count

        await until(there)

    async def all_sent(self, service: str, *collections: str) -> None:
        for name in collections:
            await self.count(service, name, 0, unsent_since={"$exists": True})

    async def report(self, title: str, **more: Any) -> dict[str, Any]:
        body = {"kind": "report", "title": title, "neighbourhood": "east", "reporter": REPORTER}
        answer = await self.system.submit(**(body | more))
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    async def dispatched(self, id: str) -> None:
        async def there() -> bool:
            case = await self.system.case(id)
            return bool(case and case["state"] == "dispatched")

        await until(there)

    async def listening(self, service: str) -> None:
        """A service answers, whatever else it misses."""

        async def answers() -> bool:
            try:
                return (await self.system.resident.get(f"{self.system.urls[service]}/healthz")).status_code == 200
            except httpx2.TransportError:
                return False

        await until(answers)

    def stop(self, service: str) -> None:
        self.system.signal(service, signal.SIGTERM)
        self.system.wait_ended(service, 30)


async def make(made: Made, servers: Servers, smtp_port: int) -> None:
    """One story for each state that an event may be in."""
    system, prefix = made.system, made.system.prefix
    await system.load(**with_webhook("water-co", HOOK))
    await key_for(system, "auditor")
    told, acted, blocked = [(await made.report(title))["id"] for title in ("停水了", "水管裂了", "没有水管")]
    for id in (told, acted, blocked):
        await made.dispatched(id)
    await system.act(told, "accept")
    await made.count("notify", "timeline", 7)

    # Parked, and held behind it: by workflow, by notify, and by the copies.
    lost = submitted("of-nowhere", community="nowhere")
    await publish(servers.kafka, f"{prefix}.intake", lost, withdrawn("of-nowhere"))
    rubbish = [
        Outgoing(f"{prefix}.cases", blocked, b"\xff", {}),
        Outgoing(f"{prefix}.community", "rubbish", b"\xff", {}),
    ]
    await publish_raw(servers.kafka, *rubbish)
    await made.count("notify", "inbox_parked", 2)
    await system.act(blocked, "accept")
    await made.count("workflow", "inbox_held", 1)
    await made.count("notify", "inbox_held", 1)
    await made.all_sent("workflow", "events")

    # Held, for the one before it is unsent.
    servers.stop_kafka()
    early = await made.report("水管漏水")
    answer = await system.resident.post(
        f"{system.urls['intake']}/v1/submissions/{early['id']}:withdraw",
        json={"reason": "已经解决了"},
        headers={"X-Tracking-Code": early["tracking_code"]},
    )
    assert answer.status_code == 200, answer.text
    system.kill("intake")
    servers.start_kafka()
    (second,) = await made.databases["intake"].events.find({"unsent_since": {"$exists": True}}).to_list(None)
    await publish_raw(servers.kafka, message_of(second))
    await made.count("workflow", "inbox_held", 2)

    # Sent, and not read.
    made.stop("notify")
    await system.act(told, "resolve", message="已恢复供水")
    await made.all_sent("workflow", "events")
    made.stop("workflow")
    system.launch("intake")
    await system.ready("intake")
    await made.report("又停水了")
    await made.all_sent("intake", "submissions", "events")

    # Unsent, of each service.
    servers.stop_kafka()
    await made.report("还是停水")
    system.kill("intake")
    system.launch("workflow")
    await made.listening("workflow")
    await system.act(acted, "accept")
    await system.act(acted, "progress", message="正在抢修")
    system.kill("workflow")
    with mailbox_on("127.0.0.1", smtp_port):
        system.launch("notify")

        async def some_unsent() -> bool:
            return bool(await made.databases["notify"].events.find_one({"unsent_since": {"$exists": True}}))

        await until(some_unsent)
        system.kill("notify")
    servers.start_kafka()


async def main(file: Path) -> None:
    with tempfile.TemporaryDirectory() as directory:
        servers = Servers(Path(directory))
        servers.start()
        (smtp_port,) = free_ports(1)
        hook = HTTPServer("127.0.0.1", 18999)
        hook.expect_request("/hook", method="POST").respond_with_data("ok")
        hook.start()  # type: ignore[no-untyped-call]
        environment = {
            "LINLI_SMTP_HOST": "127.0.0.1",
            "LINLI_SMTP_PORT": str(smtp_port),
            "LINLI_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
            "LINLI_RETRY_SCHEDULE": ",".join(["5"] * 40),
        }
        system = System(servers, Path(directory), PREFIX, **environment)
        try:
            await system.start()
            async with databases_of(system) as of:
                databases = {service: of(service) for service in SERVICES}
                await make(Made(system, databases), servers, smtp_port)
                file.write_text(await written_down(databases, servers.kafka, system.topics))
        except BaseException:
            sys.stderr.write(system.end_of_log())
            raise
        finally:
            await system.stop()
            hook.stop()  # type: ignore[no-untyped-call]
            servers.stop()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
