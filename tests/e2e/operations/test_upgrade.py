"""Databases and topics of the version before, stopped in the middle of everything, go on under this one."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from pytest_httpserver import HTTPServer

from linli.contracts.envelope import decode
from linli.messaging.kafka import read_all
from linli.storage import mongo
from linli_cli.operations.migrations import migrations_of
from notify.deliveries.channels.email import message_id
from tests.support.builders import community
from tests.support.databases import databases_of
from tests.support.journey import Mailbox, mailbox_on
from tests.support.make_state import HOOK, PREFIX
from tests.support.servers import Servers, free_ports
from tests.support.services import until
from tests.support.state_kept import Kept
from tests.support.system import SERVICES, System

BEFORE = Path(__file__).parents[2] / "support" / "state_before.jsonl"
"""Written by `tests.support.make_state` with the code of the version before."""
OUTBOXES = (("intake", "submissions"), ("intake", "events"), ("workflow", "events"), ("notify", "events"))
UNSENT = {"unsent_since": {"$exists": True}}


class Upgraded:
    """The system, its databases, and what they held before."""

    def __init__(self, system: System, databases: Mapping[str, mongo.Database], kept: Kept) -> None:
        self.system, self.databases, self.kept = system, databases, kept

    async def rest(self, *, untold: int, **held: int) -> None:
        """Wait until nothing is under way any more, but for what a service holds, and what notify has not told of."""

        async def at_rest() -> bool:
            unsent = [await self.databases[service][name].count_documents(UNSENT) for service, name in OUTBOXES]
            due = await self.databases["notify"].deliveries.count_documents({"state": "due"})
            waiting = {name: await self.databases[name].inbox_held.count_documents({}) for name in held}
            lines = await self.databases["notify"].timeline.count_documents({})
            told = await self.databases["workflow"].events.count_documents({"type": {"$regex": r"^linli\.case\."}})
            return not any(unsent) and not due and waiting == held and lines == told - untold

        await until(at_rest)

    async def stories(self) -> dict[str, list[tuple[int, str]]]:
        """Each case's history: sequences and types, in order."""
        found: dict[str, list[tuple[int, str]]] = {}
        of_cases = {"type": {"$regex": r"^linli\.case\."}}
        async for doc in self.databases["workflow"].events.find(of_cases).sort([("subject", 1), ("sequence", 1)]):
            found.setdefault(doc["subject"], []).append((doc["sequence"], doc["type"]))
        return found

    async def on_topics(self) -> set[tuple[str, str]]:
        """Source and id of all events that are on a topic."""
        events = set()
        for topic in self.system.topics:
            async for record in read_all(self.system.servers.kafka, topic.name):
                if record.value and not record.value.startswith(b"\xff"):
                    event = decode(record.key, record.value, record.headers)
                    events.add((event.source, event.id))
        return events


@asynccontextmanager
async def upgraded(
    servers: Servers, logs: Path, hook: str, smtp_port: int, before: str = BEFORE.read_text()
) -> AsyncIterator[Upgraded]:
    """This version's services on what is kept of the version before."""
    environment = {
        "LINLI_SMTP_HOST": "127.0.0.1",
        "LINLI_SMTP_PORT": str(smtp_port),
        "LINLI_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        "LINLI_RETRY_SCHEDULE": ",".join(["1"] * 40),
    }
    system = System(servers, logs, **environment)
    kept = Kept(before, {PREFIX: system.prefix, HOOK: hook})
    async with databases_of(system) as of:
        databases = {service: of(service) for service in SERVICES}
        await kept.put_back(databases, servers.kafka, system.topics)
        try:
            await system.start()
            yield Upgraded(system, databases, kept)
        finally:
            await system.stop()


async def test_what_was_left_in_the_middle_of_something_goes_on_with_nothing_lost_or_doubled(
    stack: Servers, tmp_path: Path, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    (smtp_port,) = free_ports(1)
    with mailbox_on("127.0.0.1", smtp_port) as box:
        async with upgraded(stack, tmp_path, httpserver.url_for("/hook"), smtp_port) as here:
            await go_on(here, box, httpserver)


async def go_on(here: Upgraded, box: Mailbox, httpserver: HTTPServer) -> None:
    """Wait until all is done that was left, let an operator decide on what is parked, and compare with before."""
    system = here.system
    ids = {doc["_id"] for doc in here.kept.documents("intake", "submissions")}
    assert len(list(here.kept.documents("workflow", "cases"))) < len(ids), "or nothing was left to do"

    await here.rest(workflow=1, notify=1, neighbourhood=1, untold=1)
    assert (await here.stories()).keys() == ids, "what was unsent, or sent and not read, has become a case"

    await decide_on_what_is_parked(system)
    await here.rest(workflow=0, notify=0, neighbourhood=0, untold=0)
    stories = await here.stories()
    assert stories.keys() == ids | {"of-nowhere"}
    assert [type.split(".")[2] for _, type in stories["of-nowhere"]][-1] == "withdrawn"
    await compare(here, stories)

    had = [doc["_id"] for doc in here.kept.documents("notify", "deliveries") if doc["state"] == "sent"]
    calls = Counter(request.headers["webhook-id"] for request, _ in httpserver.log)
    letters = Counter(str(message["Message-ID"]) for message in box.messages)
    assert calls and letters
    assert set((calls + letters).values()) == {1}, "nobody hears anything twice"
    again = calls.keys() & set(had) | letters.keys() & {message_id(id, "linli.example") for id in had}
    assert not again, "nor what they had heard from the version before"


async def decide_on_what_is_parked(system: System) -> None:
    """What no version can read is given up; what came for a community that is there now is tried again."""
    nowhere = community(id="nowhere").model_dump(mode="json")
    answer = await system.operator.put(f"{system.urls['workflow']}/v1/communities/nowhere", json=nowhere)
    assert answer.status_code == 200, answer.text
    answer = await system.operator.post(
        f"{system.urls['workflow']}/v1/parked:replay", json={"reason": "unknown_community"}
    )
    assert [each["outcome"] for each in answer.json()["items"]] == ["replayed"]
    for service in ("intake", "notify", "neighbourhood"):
        for each in (await system.get(service, "/v1/parked"))["items"]:
            url = f"{system.urls[service]}/v1/parked/{each['id']}:discard"
            answer = await system.operator.post(url, json={"reason": "不是事件"})
            assert answer.status_code == 200, answer.text
    for service in SERVICES:
        assert (await system.get(service, "/v1/parked"))["items"] == []


async def compare(here: Upgraded, stories: Mapping[str, list[tuple[int, str]]]) -> None:
    """Nothing is lost, and nothing counts twice: in histories, timelines, positions, deliveries, on topics."""
    kept, databases = here.kept, here.databases
    versions = {doc["_id"]: doc["version"] async for doc in databases["workflow"].cases.find({}, {"version": 1})}
    assert {id: [sequence for sequence, _ in story] for id, story in stories.items()} == {
        id: list(range(1, version + 1)) for id, version in versions.items()
    }
    for doc in kept.documents("workflow", "events"):
        if doc["subject"] in stories:
            assert (doc["sequence"], doc["type"]) in stories[doc["subject"]], "what was decided stays so"
    timeline: dict[str, list[int]] = {}
    async for doc in databases["notify"].timeline.find({}).sort([("case_id", 1), ("sequence", 1)]):
        timeline.setdefault(doc["case_id"], []).append(doc["sequence"])
    assert timeline == {id: list(range(1, version + 1)) for id, version in versions.items()}
    due = {doc["_id"]: doc["next"] async for doc in databases["notify"].inbox_streams.find({})}
    assert due == {f"linli/workflow|{id}": version + 1 for id, version in versions.items()}

    deliveries = {doc["_id"]: doc async for doc in databases["notify"].deliveries.find({})}
    for before in kept.documents("notify", "deliveries"):
        after = deliveries[before["_id"]]
        if before["state"] != "due":
            left = [(each["state"], each["tries"], each["finished_at"]) for each in (before, after)]
            assert left[0] == left[1], "what had ended is not tried again"
    for service, database in databases.items():
        assert await mongo.pending(database, migrations_of(service)) == []
    sent = set()
    for service, name in OUTBOXES:
        async for doc in databases[service][name].find({"outgoing": {"$exists": True}}):
            headers = doc["outgoing"]["headers"]
            sent.add((headers["ce_source"], headers["ce_id"]))
    assert sent - await here.on_topics() == set()
