"""A context more in a service is its own code and one line: it is routed, guarded, audited, migrated, published, and
hears of what its service reads; its topic is made with the others. Nothing else was edited for it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from linli.contracts.envelope import Envelope
from linli.contracts.intake.submission import ResidentErased
from linli.messaging.kafka import read_all
from linli.storage import mongo
from tests.support.builders import community, submitted, withdrawn
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System
from tests.support.topics import publish
from workflow.settings import WorkflowSettings

PROGRAM = "tests.support.workflow_with_toys"


@pytest.fixture
async def system(stack: Servers, tmp_path: Path) -> AsyncIterator[System]:
    """Workflow with the toys, alone."""
    system = System(stack, tmp_path, LINLI_SWEEP_AFTER="30")  # a first publish may take a second on a busy machine
    for what in ("topics", "migrate"):
        making = await asyncio.create_subprocess_exec(sys.executable, "-m", PROGRAM, what, env=system.environment)
        assert await making.wait() == 0
    system.launch("workflow", PROGRAM)
    try:
        await system.ready("workflow")
        yield system
    finally:
        await system.stop()


@pytest.fixture
def database(system: System, stack: Servers) -> Iterator[mongo.Database]:
    settings = WorkflowSettings(
        mongo_uri=stack.mongo_uri,
        mongo_username=stack.mongo_username,
        mongo_password_file=stack.mongo_password_file,
    )
    client = mongo.connect(settings)
    yield client[f"{system.prefix}_workflow"]
    client.close()


def test_it_is_small() -> None:
    lines = (Path(__file__).parents[2] / "support/toys.py").read_text().splitlines()
    assert len([line for line in lines if line.strip()]) < 60


async def lent(system: System, id: str, of: str) -> None:
    answer = await system.operator.post(f"{system.urls['workflow']}/v1/toys/{id}:lend", json={"of": of, "to": "王女士"})
    assert answer.status_code == 201, answer.text


async def test_it_is_routed_guarded_audited_migrated_and_published(system: System, database: mongo.Database) -> None:
    id = f"toy-{uuid4().hex}"
    await lent(system, id, "s1")

    asked = {"name": "ludothek", "role": "operator", "scopes": ["toys:lend"]}
    made = await system.operator.post(f"{system.urls['workflow']}/v1/keys", json=asked)
    assert made.json()["scopes"] == ["toys:lend"]
    stranger = await system.resident.post(f"{system.urls['workflow']}/v1/toys/x:lend", json={"of": "s1", "to": "x"})
    assert stranger.status_code == 401
    assert "/v1/toys/{id}:lend" in (await system.get("workflow", "/openapi.json"))["paths"]

    entries = (await system.get("workflow", "/v1/audit", what="toys:lend"))["items"]
    assert {(entry["what"], entry["outcome"], *entry["objects"]) for entry in entries} >= {("toys:lend", "done", id)}
    assert await database.migrations.find_one({"_id": "toys_001_whose"})
    assert "of" in await database.toys.index_information()

    async def told() -> list[dict[str, bytes | None]]:
        return [dict(each.headers) async for each in read_all(system.servers.kafka, f"{system.prefix}.toys")]

    [headers] = await until(told)
    assert (headers["ce_type"], headers["ce_id"]) == (b"linli.toy.lent.v1", f"{id}:1".encode())


async def test_it_hears_of_withdrawals_and_forgets_whom_the_others_forget(
    system: System, database: mongo.Database
) -> None:
    await system.operator.put(
        f"{system.urls['workflow']}/v1/communities/test", json=community().model_dump(mode="json")
    )
    await lent(system, "toy-1", "s1")
    await lent(system, "toy-2", "s2")
    erased = ResidentErased(submission_id="s2", erased_at=datetime.now(UTC))
    erasure = Envelope("linli/intake", "s2", 2, datetime.now(UTC), "s2", erased)
    topic = f"{system.prefix}.intake"
    await publish(system.servers.kafka, topic, submitted("s1"), submitted("s2"), withdrawn("s1"), erasure)

    async def left() -> list[dict[str, Any]]:
        return [doc async for doc in database.toys.find({})]

    async def as_it_should_be() -> bool:
        return await left() == [{"_id": "toy-2", "of": "s2"}]

    await until(as_it_should_be)
    case = await system.case("s1")
    assert case, "the cases have reacted to the same events"
    assert case["state"] == "withdrawn"
