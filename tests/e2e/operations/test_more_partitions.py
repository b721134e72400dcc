"""Topics get more partitions while residents submit and desks act: old and new events of a story lie on two of them."""

import asyncio
import signal
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiokafka.partitioner import murmur2

from linli.messaging.kafka import TopicSpec, apply_topics, read_all
from tests.support.command_line import operate
from tests.support.databases import databases_of
from tests.support.load import Load
from tests.support.residents import Deployment, act, report, somebody
from tests.support.servers import Servers, free_ports
from tests.support.services import until
from tests.support.system import System, system_on

pytestmark = pytest.mark.long

BEFORE, AFTER = 12, 24
RESIDENTS = 2
STORIES = ("intake", "cases", "notices")
"""The topics whose keys are stories."""


def moves(id: str) -> bool:
    """Whether a key's next record lies on another partition than those before."""
    hashed = murmur2(id.encode()) & 0x7FFFFFFF
    return bool(hashed % BEFORE != hashed % AFTER)


async def raise_partitions(system: System, file: Path) -> None:
    """As an operator does it, from a file that declares more."""
    file.write_text(f"defaults: {{partitions: {AFTER}}}\n")
    code, said, told = await operate(system, "topics", "apply", "--file", str(file))
    assert code == 0, told
    assert said.count(f"{BEFORE} → {AFTER}") == len(STORIES), said


async def second_workflow(system: System) -> None:
    """Another replica, so that two partitions of one story may be read by two processes."""
    [port] = free_ports(1)
    system.urls["workflow-2"] = f"http://127.0.0.1:{port}"
    system.launch("workflow-2", "workflow", LINLI_WORKFLOW_PORT=str(port))
    await system.ready("workflow-2")


async def producers_look_again(system: System) -> None:
    """A producer finds new partitions within five minutes, or as it starts."""

    async def anew(name: str) -> None:
        system.signal(name, signal.SIGTERM)
        await asyncio.to_thread(system.wait_ended, name, 40)
        system.launch(name)
        await system.ready(name)

    await asyncio.gather(anew("intake"), anew("workflow"))


async def withdraw(system: System, receipt: Mapping[str, Any]) -> None:
    url = f"{system.urls['intake']}/v1/submissions/{receipt['id']}:withdraw"
    answer = await system.resident.post(url, json={}, headers={"X-Tracking-Code": receipt["tracking_code"]})
    assert answer.status_code == 200, answer.text


async def places(system: System, topic: str) -> dict[str, set[int]]:
    """Key → the partitions that have records of it."""
    found: dict[str, set[int]] = defaultdict(set)
    async for record in read_all(system.servers.kafka, f"{system.prefix}.{topic}"):
        found[(record.key or b"").decode()].add(record.place.partition)
    return found


async def left_of(system: System, ids: set[str]) -> set[str]:
    """The types of the records that still tell of these."""
    types = set()
    for topic in STORIES:
        async for record in read_all(system.servers.kafka, f"{system.prefix}.{topic}"):
            if (record.key or b"").decode()[:36] in ids:
                types.add((dict(record.headers)["ce_type"] or b"").decode())
    return types


async def assert_every_story_is_whole(system: System, cases: Mapping[str, int]) -> None:
    """Each case's history is 1 to its version, once; workflow and notify have had all of it, and nothing waits."""
    async with databases_of(system) as database:

        async def all_read() -> bool:
            streams = database("notify").inbox_streams.find({})
            known = {doc["_id"].partition("|")[2]: doc["next"] - 1 async for doc in streams}
            versions = {doc["_id"]: doc["version"] async for doc in database("workflow").cases.find({})}
            return cases.keys() <= versions.keys() and all(known.get(id) == versions[id] for id in versions)

        await until(all_read)
        stories: dict[str, list[int]] = defaultdict(list)
        async for doc in database("workflow").events.find({"type": {"$regex": "^linli.case"}}):
            stories[doc["subject"]].append(doc["sequence"])
        versions = {doc["_id"]: doc["version"] async for doc in database("workflow").cases.find({})}
        assert {id: sorted(story) for id, story in stories.items()} == {
            id: list(range(1, version + 1)) for id, version in versions.items()
        }
        assert len(versions) - len(cases) <= RESIDENTS, "no more than what was in flight when the load ended"
        assert {id: versions[id] for id in cases} == cases
        for name in ("workflow", "notify"):
            for waiting in ("inbox_held", "inbox_parked"):
                assert await database(name)[waiting].count_documents({}) == 0, f"{name} {waiting}"


async def goes_on(system: System, receipt: Mapping[str, Any], withdrawn: bool) -> tuple[str, int]:
    """What happens to a case after the change; its id and version then."""
    if withdrawn:
        await withdraw(system, receipt)
        return receipt["id"], 3
    await act(system, receipt["id"], "accept", "收到")
    await act(system, receipt["id"], "progress", "在修")
    return receipt["id"], 4


async def test_more_partitions_under_load_break_no_story_and_hide_nothing_from_an_erasure(
    stack: Servers, tmp_path: Path
) -> None:
    (tmp_path / "secrets").symlink_to(stack.secrets_dir)
    async with system_on(stack, tmp_path) as system:
        person = somebody()
        specs = [TopicSpec(f"{system.prefix}.{name}", BEFORE, {}) for name in STORIES]
        await apply_topics(system.servers.kafka, specs)
        await asyncio.gather(system.load(), second_workflow(system))
        load = Load(system, RESIDENTS)
        old = await asyncio.gather(*(report(system, somebody()) for _ in range(12)))
        theirs = [await report(system, person)]
        while not moves(theirs[-1]["id"]):
            theirs.append(await report(system, person))
        desk, reporter = old[::2], old[1::2]
        for whose in (desk, reporter):
            while not any(moves(receipt["id"]) for receipt in whose):
                whose.append(await report(system, somebody()))

        await raise_partitions(system, tmp_path / "topics.yaml")
        await producers_look_again(system)
        cases = dict(
            await asyncio.gather(
                *(goes_on(system, receipt, withdrawn=False) for receipt in [*desk, *theirs]),
                *(goes_on(system, receipt, withdrawn=True) for receipt in reporter),
            )
        )
        accepted = await load.stop()
        assert len(accepted) > 30, "the load was no load"
        assert len(set(accepted.values())) == len(accepted), "one key, one submission"
        await assert_every_story_is_whole(system, cases | dict.fromkeys(accepted.values(), 2))
        for topic, whose in (("intake", reporter), ("cases", desk)):
            on = await places(system, topic)
            lie = {receipt["id"]: on[receipt["id"]] for receipt in whose if moves(receipt["id"])}
            assert any(len(partitions) == 2 for partitions in lie.values()), f"{topic}: {lie}"

        ids = {receipt["id"] for receipt in theirs}
        deployment = Deployment(system, tmp_path, tmp_path)
        code, said, told = await deployment.linli("privacy", "erase", person.phone, "--yes", "--also-open")
        assert code == 0, f"{said}\n{told}"
        assert await left_of(system, ids) <= {"linli.resident.erased.v1", "linli.case.erased.v1"}
