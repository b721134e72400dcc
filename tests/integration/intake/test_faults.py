"""Intake when what it needs is away: never a false 201, nothing lost, no hand needed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest

from intake.settings import IntakeSettings
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.storage import mongo
from tests.support.reception import Reception, reception, report, slug
from tests.support.servers import Servers
from tests.support.services import until

SettingsFor = Callable[..., Awaitable[IntakeSettings]]


@pytest.fixture
async def desk(settings_for: SettingsFor) -> AsyncIterator[Reception]:
    async with reception(await settings_for(IntakeSettings)) as desk:
        yield desk


async def test_without_kafka_submissions_are_accepted_and_told_when_it_is_back(desk: Reception, stack: Servers) -> None:
    await asyncio.to_thread(stack.stop_kafka)
    try:
        ready = await desk.http.get("/readyz")
        assert (ready.status_code, ready.json()["ready"], ready.json()["warnings"]) == (200, True, ["kafka"])
        assert (await desk.http.get("/readyz?strict=true")).status_code == 503
        assert "does not answer" in ready.json()["checks"]["kafka"]
        assert ready.json()["checks"]["mongodb"] == "ok"
        receipts = [await desk.accepted() for _ in range(5)]
    finally:
        await asyncio.to_thread(stack.start_kafka)

    async def told() -> set[str]:
        try:
            subjects = {event.subject for event in await desk.published()}
        except OSError:
            return set()
        return subjects if len(subjects) == 5 else set()

    assert await until(told) == {receipt["id"] for receipt in receipts}


async def test_without_mongodb_the_answer_is_to_try_again_and_what_was_accepted_is_there(
    desk: Reception, stack: Servers
) -> None:
    accepted: list[str] = []
    refused: list[httpx2.Response] = []
    stop = asyncio.Event()

    async def resident(name: int) -> None:
        turn = 0
        while not stop.is_set():
            answer = await desk.submit(key=f"resident-{name}-{turn}")
            if answer.status_code == 201:
                accepted.append(answer.json()["id"])
                turn += 1
            else:
                refused.append(answer)
                await asyncio.sleep(0.1)

    residents = [asyncio.create_task(resident(n)) for n in range(8)]
    await asyncio.sleep(0.5)
    await asyncio.to_thread(stack.kill_mongo)
    try:
        ready = await desk.http.get("/readyz")
        assert (ready.status_code, ready.json()["checks"]["kafka"]) == (503, "ok")

        async def some_refused() -> bool:
            return len(refused) >= 8

        await until(some_refused)
    finally:
        await asyncio.to_thread(stack.start_mongo)
    before = len(accepted)

    async def accepted_again() -> bool:
        return len(accepted) > before + 20

    await until(accepted_again)
    stop.set()
    await asyncio.gather(*residents)

    assert {(answer.status_code, slug(answer)) for answer in refused} == {(503, "storage_unavailable")}
    assert all("Retry-After" in answer.headers for answer in refused)
    assert len(set(accepted)) == len(accepted)
    assert await desk.stored() == len(accepted)

    async def told() -> bool:
        return {event.subject for event in await desk.published()} == set(accepted)

    await until(told)


async def test_a_mongodb_that_hangs_is_not_waited_for_longer_than_ten_seconds(desk: Reception, stack: Servers) -> None:
    pid = stack._mongod.pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    try:
        loop = asyncio.get_running_loop()
        started = loop.time()
        answers = await asyncio.gather(*(desk.submit() for _ in range(5)))
        assert loop.time() - started < 13
        assert {(answer.status_code, slug(answer)) for answer in answers} == {(503, "storage_unavailable")}
    finally:
        os.kill(pid, signal.SIGCONT)

    async def accepts() -> bool:
        return (await desk.submit()).status_code == 201

    await until(accepts)


async def test_what_a_killed_process_left_unsent_the_next_one_sends(settings_for: SettingsFor, stack: Servers) -> None:
    settings = await settings_for(IntakeSettings)
    async with reception(settings):
        pass  # migrated, and the community's data is on disk
    await asyncio.to_thread(stack.stop_kafka)
    try:
        receipt = await _accepted_by_a_process_that_is_killed(settings)
    finally:
        await asyncio.to_thread(stack.start_kafka)
    client = mongo.connect(settings)
    document = await client[settings.database("intake")].submissions.find_one({"_id": receipt})
    client.close()
    assert document
    assert "unsent_since" in document
    async with reception(settings) as desk:

        async def told() -> list[Envelope[Event]]:
            return await desk.published()

        (event,) = await until(told)
        assert event.subject == receipt


async def _accepted_by_a_process_that_is_killed(settings: IntakeSettings) -> str:
    """Start intake as the supervisor does, have it accept one submission, SIGKILL it; the submission's id."""
    values = settings.model_dump(exclude_none=True)
    listed = {name: ",".join(map(str, value)) for name, value in values.items() if isinstance(value, tuple)}
    environment = os.environ | {f"LINLI_{name.upper()}": str(value) for name, value in (values | listed).items()}
    process = await asyncio.create_subprocess_exec(sys.executable, "-P", "-m", "intake", env=environment)
    try:
        async with httpx2.AsyncClient(base_url=f"http://{settings.host}:{settings.intake_port}", timeout=20) as http:

            async def accepted() -> str | None:
                try:
                    answer = await http.post("/v1/submissions", json=report())
                except httpx2.TransportError:
                    return None
                return str(answer.json()["id"]) if answer.status_code == 201 else None

            found = await until(accepted)
            assert found
            return found
    finally:
        process.kill()
        await process.wait()
