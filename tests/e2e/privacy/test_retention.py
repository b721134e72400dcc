"""What is kept no longer than its time: on three running services whose documents are made old."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from linli.storage import mongo
from tests.support.command_line import figures_of
from tests.support.grep import databases_of
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import SERVICES, System, system_on

REPORTER = {"name": "欧阳铁柱", "phone": "13987650123", "email": "ou@residents.example"}


@pytest.fixture
async def system(stack: Servers, tmp_path: Path, smtp_sink: int) -> AsyncIterator[System]:
    quick = {"LINLI_SMTP_PORT": str(smtp_sink), "LINLI_RETENTION_EVERY": "0.3"}
    async with system_on(stack, tmp_path, **quick) as running:
        await running.load()
        yield running


async def report(system: System) -> tuple[str, str]:
    """A report with a photo, sent to a party, of which everybody has heard."""
    answer = await system.submit(
        kind="report", title="停水了", text="找欧阳铁柱，13987650123", neighbourhood="east", reporter=REPORTER
    )
    id, code = answer.json()["id"], answer.json()["tracking_code"]
    picture = BytesIO()
    Image.new("RGB", (4, 3)).save(picture, "PNG")
    url = f"{system.urls['intake']}/v1/submissions/{id}/attachments"
    await system.resident.post(url, files={"photo": picture.getvalue()}, headers={"X-Tracking-Code": code})

    async def told() -> bool:
        page = await system.get("notify", "/v1/deliveries", case=id)
        return len(page["items"]) == 2 and {each["state"] for each in page["items"]} == {"sent"}

    await until(told)
    return id, code


async def close(system: System, id: str) -> None:
    for action in ("accept", "resolve", "close"):
        await system.act(id, action, message="好的")

    async def said() -> bool:
        async with databases_of(system) as databases:
            return bool(await databases["notify"].timeline.count_documents({"case_id": id, "entry.state": "closed"}))

    await until(said)


async def make_old(databases: dict[str, mongo.Database], days: int, *ids: str) -> None:
    """As if all of it had happened so many days ago."""
    past = datetime.now(UTC) - timedelta(days=days)
    theirs = {"$in": list(ids)}
    await databases["workflow"].cases.update_many({"_id": theirs}, {"$set": {"updated_at": past}})
    times = {"created_at": past, "finished_at": past}
    await databases["notify"].deliveries.update_many({"case_id": theirs}, {"$set": times})
    await databases["intake"].submissions.update_many({"_id": theirs}, {"$set": {"received_at": past}})


async def kept(databases: dict[str, mongo.Database], id: str) -> dict[str, Any]:
    submission = await databases["intake"].submissions.find_one({"_id": id})
    assert submission
    return {
        "contact": "reporter" in submission,
        "words": "欧阳铁柱" in submission["text"],
        "photos": "attachments" in submission,
        "title": submission["title"],
        "told": await databases["notify"].deliveries.count_documents({"case_id": id}) > 0,
    }


async def last_look(system: System) -> float:
    """When intake's job last looked at everything."""
    metrics = (await system.resident.get(f"{system.urls['intake']}/metrics")).text
    (line,) = [line for line in metrics.splitlines() if line.startswith("linli_retention_looked_timestamp_seconds ")]
    return float(line.rpartition(" ")[2])


ALL = {"contact": True, "words": True, "photos": True, "title": "停水了", "told": True}


async def test_what_is_over_long_ago_goes_kind_by_kind_and_nothing_of_an_open_case(system: System) -> None:
    (closed, code), (still_open, _) = await report(system), await report(system)
    await close(system, closed)
    async with databases_of(system) as databases:

        async def deliveries_gone() -> bool:
            await make_old(databases, 200, closed, still_open)  # also what has only now ended
            return await kept(databases, closed) == ALL | {"told": False}

        await until(deliveries_gone)
        await make_old(databases, 800, closed, still_open)

        async def contact_gone() -> bool:
            less = {"contact": False, "words": False, "photos": False, "told": False}
            return await kept(databases, closed) == ALL | less

        await until(contact_gone)
        assert await databases["intake"]["photos.files"].count_documents({}) == 1, "the open one's"
        assert (await system.case(closed) or {})["title"] == "停水了"
        assert (await system.resident.get(f"{system.urls['workflow']}/v1/track/{code}")).status_code == 200
        items = (await figures_of(system, "privacy", "retention"))["items"]
        (photos,) = [each for each in items if each["kind"] == "photos"]
        assert (photos["days"], photos["older"]) == (730, 1), "waits for the end of its case"

        await make_old(databases, 1_900, closed, still_open)

        async def erased_everywhere() -> bool:
            case = await system.case(closed)
            return bool(case and case["erased_at"] and case["title"] == "（内容已删除）")

        await until(erased_everywhere)
        assert (await system.resident.get(f"{system.urls['workflow']}/v1/track/{code}")).status_code == 404
        assert await kept(databases, still_open) == ALL
        assert (await system.case(still_open) or {})["erased_at"] is None


async def test_what_was_merged_once_waits_for_the_end_of_the_other(system: System) -> None:
    """It would take along what staff wrote in that one, of which nothing may go while it is open."""
    (closed, _), (still_open, _) = await report(system), await report(system)
    await system.act(closed, "merge", into=still_open)
    await system.act(still_open, "accept", message="周五上门")
    await system.act(closed, "unmerge")
    await close(system, closed)
    async with databases_of(system) as databases:
        await make_old(databases, 1_900, closed, still_open)
        now = datetime.now(UTC).timestamp()

        async def looked() -> bool:
            return await last_look(system) > now

        await until(looked)
        there = await kept(databases, closed)
        assert there == ALL | {"told": there["told"]}, "deliveries go with their own case"
        assert "周五上门" in str(await system.case(still_open))

        for action in ("resolve", "close"):
            await system.act(still_open, action, message="好的")
        await make_old(databases, 1_900, closed, still_open)

        async def both_are_gone() -> bool:
            cases = [await system.case(id) for id in (closed, still_open)]
            return all(case and case["erased_at"] for case in cases)

        await until(both_are_gone)


async def test_without_workflow_nothing_goes(system: System) -> None:
    id, _ = await report(system)
    await close(system, id)
    system.kill("workflow")
    async with databases_of(system) as databases:
        await make_old(databases, 800, id)

        async def asked_in_vain() -> bool:
            return system.log("intake").count("workflow_away") >= 4  # two kinds are due, so this is the second look

        await until(asked_in_vain)
        assert (await kept(databases, id))["contact"]
        looked, now = await last_look(system), datetime.now(UTC).timestamp()
        assert looked < now - 0.3, "looking in vain is no look"
        system.launch("workflow")
        await system.ready("workflow")

        async def gone() -> bool:
            return not (await kept(databases, id))["contact"]

        await until(gone)

        async def looks_again() -> bool:
            return await last_look(system) > now

        await until(looks_again)


async def test_a_parked_record_that_was_decided_on_goes_from_each_service_and_one_that_waits_stays(
    system: System,
) -> None:
    past = datetime.now(UTC) - timedelta(days=200)
    async with databases_of(system) as databases:
        for database in databases.values():
            waits = {"_id": "waits", "state": "parked", "parked_at": past}
            decided = {"_id": "decided", "state": "discarded", "parked_at": past, "decided_at": past}
            await database.inbox_parked.insert_many([waits, decided])

        async def left() -> dict[str, list[str]]:
            return {
                name: [doc["_id"] async for doc in database.inbox_parked.find({})]
                for name, database in databases.items()
            }

        async def only_those_that_wait() -> bool:
            return await left() == {key: ["waits"] for key in SERVICES}

        await until(only_those_that_wait)
