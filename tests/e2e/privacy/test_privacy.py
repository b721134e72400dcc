"""A resident asks what is held of them, and to be forgotten: then no database, topic, log or letter knows them."""

import json
import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import OffsetAndMetadata
from PIL import Image

from linli.messaging.kafka import Outgoing
from tests.support.command_line import figures_of, operate
from tests.support.grep import Person, databases_of, in_logs
from tests.support.residents import Deployment, act, all_told, deployment_on, picture, report, routed, somebody
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import SERVICES, System
from tests.support.topics import publish_raw


@pytest.fixture
async def deployment(stack: Servers, tmp_path: Path) -> AsyncIterator[Deployment]:
    async with deployment_on(stack, tmp_path) as running:
        yield running


async def whole_story(system: System, person: Person) -> dict[str, Any]:
    """A report with a photo that is dealt with by people who type the name, and is rated by its reporter."""
    receipt = await report(system, person)
    id, code = receipt["id"], receipt["tracking_code"]
    url = f"{system.urls['intake']}/v1/submissions/{id}/attachments"
    photo = await system.resident.post(
        url, files={"photo": ("p.jpg", picture())}, headers={"X-Tracking-Code": code, "Idempotency-Key": uuid4().hex}
    )
    assert photo.status_code == 201, photo.text
    await act(system, id, "accept", "收到")
    await act(system, id, "note", f"{person.name}来电催问，回拨{person.phone}")
    await act(system, id, "progress", f"已到{person.name}家")
    evidence = await system.operator.post(
        f"{system.urls['workflow']}/v1/cases/{id}/evidence",
        params={"stage": "after"},
        files={"photo": ("after.jpg", picture())},
        data={"message": f"{person.name}家厨房"},
        headers={"Idempotency-Key": uuid4().hex},
    )
    assert evidence.status_code == 201, evidence.text
    await act(system, id, "resolve", f"{person.name}家已通水")
    answer = {"contacted": True, "solved": True, "satisfied": True, "message": f"{person.name}谢谢大家"}
    rated = await system.resident.post(f"{system.urls['workflow']}/v1/track/{code}/follow-up", json=answer)
    assert rated.status_code == 200, rated.text
    await act(system, id, "close", "结案")
    return receipt


async def imported(system: System, person: Person) -> dict[str, Any]:
    """The same resident through the hotline's file."""
    answer = await hotline(system, person)
    assert answer.json()["accepted"] == 1, answer.text
    result: dict[str, Any] = answer.json()["results"][0]
    await until(lambda: routed(system, result["id"]))
    return result


async def hotline(system: System, person: Person) -> httpx2.Response:
    item = {"kind": "report", "channel": "hotline", "external_id": "12345-1", "title": f"{person.name}家又停水了"}
    item |= {"text": f"回电{person.phone}", "neighbourhood": "east", "reporter": person.reporter}
    url = f"{system.urls['intake']}/v1/submissions:batch"
    headers = {"Idempotency-Key": f"file-{person.phone}"}
    return await system.operator.post(url, json={"items": [item]}, headers=headers)


async def park(system: System, person: Person, id: str, code: str) -> None:
    """Two records that nobody can read, one in the story and one in none; and a withdrawal that waits behind."""
    value = json.dumps({"id": id, **person.reporter}, ensure_ascii=False).encode()
    topic = f"{system.prefix}.intake"
    messages = [Outgoing(topic, id, value, {}), Outgoing(topic, "", value, {})]
    await publish_raw(system.servers.kafka, *messages)

    async def parked() -> bool:
        return bool((await system.get("workflow", "/v1/parked"))["total"] == 2)

    await until(parked)
    url = f"{system.urls['intake']}/v1/submissions/{id}:withdraw"
    taken_back = await system.resident.post(url, json={"reason": "不用了"}, headers={"X-Tracking-Code": code})
    assert taken_back.status_code == 200, taken_back.text

    async def held() -> bool:
        async with databases_of(system) as databases:
            return bool(await databases["workflow"].inbox_held.count_documents({}))

    await until(held)


async def test_who_is_erased_is_in_no_collection_topic_log_or_letter_any_more(
    deployment: Deployment, tmp_path: Path
) -> None:
    system, person = deployment.system, somebody()
    first = await whole_story(system, person)
    second = await imported(system, person)
    neighbour = Person("诸葛大力", "13612340987", "zhuge@residents.example", "西院二号楼")
    others = await report(system, neighbour, title="邻居家的事", text=f"请打{person.phone}找他")
    await all_told(system, first["id"], second["id"])
    await park(system, person, second["id"], second["tracking_code"])

    before = await deployment.found(person)
    everything = ["address", "email", "name", "phone"]
    assert before["database intake.submissions"] == everything
    assert before["database workflow.inbox_parked"] == everything
    assert before["topic intake"] == everything, "in the records that nobody can read"
    for place in ("workflow.events", "notify.timeline", "notify.deliveries"):
        assert before[f"database {place}"] == ["name"], "what staff typed"
    assert before["topic cases"] == ["name"]
    assert {"email", "name"} <= set(before["letters"])
    assert not before["logs"]
    assert await traces(system, first["id"]) == {"answers": True, "photos": True, "told the resident": True}

    await _is_exported(deployment, person, first["id"], tmp_path)
    code, shown, _ = await deployment.linli("privacy", "erase", person.phone, "--dry-run")
    assert (code, first["id"] in shown, second["id"] in shown, person.phone in shown) == (0, True, True, False)
    code, _, told = await deployment.linli("privacy", "erase", person.phone, "--yes")
    assert (code, "not closed" in told) == (1, True)
    assert await deployment.found(person) == before

    code, said, told = await deployment.linli("privacy", "erase", person.email.upper(), "--yes", "--also-open")
    assert code == 0, f"{said}\n{told}\n{system.end_of_log()}"
    assert await deployment.found(person) == {"letters": [], "logs": []}
    assert "1 submission of others" in said
    assert await traces(system, first["id"]) == {"answers": False, "photos": False, "told the resident": False}

    await _stays_forgotten(deployment, person, first, second)
    assert (await system.case(others["id"]))["title"] == "邻居家的事"  # type: ignore[index]
    assert "name" in (await deployment.found(neighbour))["database intake.submissions"]


async def traces(system: System, id: str) -> dict[str, bool]:
    """What holds nothing that could be searched for: answers with masked texts, a picture, a pseudonym."""
    async with databases_of(system) as databases:
        answers = [bytes(doc["answer"]) async for doc in databases["workflow"].idempotency.find({})]
        photos = sum([await databases[name]["photos.chunks"].count_documents({}) for name in ("intake", "workflow")])
        to_resident = {"case_id": id, "recipient": {"$regex": "^resident:"}}
        told = await databases["notify"].deliveries.count_documents(to_resident)
    return {
        "answers": any(id.encode() in answer for answer in answers),
        "photos": photos > 0,
        "told the resident": told > 0,
    }


async def _is_exported(deployment: Deployment, person: Person, id: str, directory: Path) -> None:
    out = directory / "resident.zip"
    code, said, told = await deployment.linli("privacy", "export", person.phone, "--out", str(out))
    assert code == 0, f"{said}\n{told}"
    assert out.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(out) as archive:
        data = json.loads(archive.read("resident.json"))
        photos = [name for name in archive.namelist() if name.endswith(".jpg")]
        assert [Image.open(BytesIO(archive.read(photo))).size for photo in photos] == [(40, 30)] * 2
        assert sum("after-" in photo for photo in photos) == 1, "what staff added is the resident's to see too"
    assert [each["reporter"]["address"] for each in data["submissions"]] == [person.address] * 2
    assert len(data["cases"]) == 2
    (story,) = [case["history"] for case in data["cases"] if case["id"] == id]
    assert [each["data"]["message"] for each in story if each["type"] == "linli.case.rated.v1"] == [
        f"{person.name}谢谢大家"
    ]
    assert data["deliveries"] and data["parked"]
    code, _, told = await deployment.linli("privacy", "export", person.phone, "--out", str(out))
    assert (code, "is there already" in told) == (1, True)


async def _stays_forgotten(
    deployment: Deployment, person: Person, first: dict[str, Any], second: dict[str, Any]
) -> None:
    """The link is dead, the case can be finished and counted, and nothing brings back what was there."""
    system = deployment.system
    for url in (
        f"{system.urls['workflow']}/v1/track/{first['tracking_code']}",
        f"{system.urls['notify']}/v1/stream?track={first['tracking_code']}",
        f"{system.urls['intake']}/v1/submissions/{first['id']}/attachments",
    ):
        answer = await system.resident.get(url, headers={"X-Tracking-Code": first["tracking_code"]})
        assert answer.status_code == 404, url
    story = await system.case(first["id"])
    assert story
    assert (story["title"], story["state"], story["satisfied"]) == ("（内容已删除）", "closed", True)
    assert [entry["sequence"] for entry in story["history"]] == list(range(1, story["version"] + 1))
    assert story["history"][-1]["type"] == "linli.case.erased.v1"

    again = await hotline(system, person)
    assert again.json()["duplicates"] == 1, "a file that is imported once more does not bring it back"
    parked = (await system.get("workflow", "/v1/parked"))["items"]
    for each in parked:
        url = f"{system.urls['workflow']}/v1/parked/{each['id']}:discard"
        assert (await system.operator.post(url, json={"reason": "读不了"})).status_code == 200

    async def withdrawn() -> bool:  # what waited behind it still takes effect
        case = await system.case(second["id"])
        return bool(case and case["state"] == "withdrawn")

    await until(withdrawn)
    code, _, told = await deployment.linli("outbox", "resend", "--since", "1d")
    assert code == 0, told

    async def all_sent_again() -> bool:
        async with databases_of(system) as databases:
            unsent = {"unsent_since": {"$exists": True}}
            names = (("intake", "submissions"), ("intake", "events"), ("workflow", "events"))
            return not sum([await databases[service][name].count_documents(unsent) for service, name in names])

    await until(all_sent_again)
    assert await deployment.found(person) == {"letters": [], "logs": []}


async def test_records_that_a_reader_has_not_had_yet_stay_and_go_when_it_has(deployment: Deployment) -> None:
    system, person = deployment.system, somebody()
    receipt = await whole_story(system, person)
    await all_told(system, receipt["id"])
    topic, group = f"{system.prefix}.cases", f"{system.prefix}.partner"
    partitions = [TopicPartition(topic, number) for number in range(4)]
    partner = AIOKafkaConsumer(
        **system.servers.kafka.client(), group_id=group, enable_auto_commit=False, fetch_max_wait_ms=100
    )
    await partner.start()
    try:
        partner.assign(partitions)
        await partner.commit({each: OffsetAndMetadata(0, "") for each in partitions})
        code, said, told = await deployment.linli("privacy", "erase", receipt["id"], "--yes")
        assert (code, group in said) == (3, True), f"{said}\n{told}"
        left = await deployment.found(person)
        assert left == {"topic cases": ["name"], "letters": [], "logs": []}

        ends = await partner.end_offsets(partitions)
        await partner.commit({each: OffsetAndMetadata(end, "") for each, end in ends.items()})
    finally:
        await partner.stop()
    code, said, told = await deployment.linli("privacy", "erase", "--again")
    assert code == 0, f"{said}\n{told}"
    assert await deployment.found(person) == {"letters": [], "logs": []}


async def test_a_restored_backup_brings_somebody_back_and_it_is_known_whom_to_erase_again(
    deployment: Deployment, tmp_path: Path
) -> None:
    system, person, file = deployment.system, somebody(), tmp_path / "linli.backup"
    receipt = await whole_story(system, person)
    await all_told(system, receipt["id"])
    await figures_of(system, "backup", str(file))
    code, said, told = await deployment.linli("privacy", "erase", receipt["tracking_code"], "--yes")
    assert code == 0, f"{said}\n{told}"
    for name in SERVICES:
        system.kill(name)
    code, said, told = await operate(system, "restore", str(file), "--replace")
    assert (code, "Erased since the backup: 1 submission" in told) == (0, True), f"{said}\n{told}"
    assert "database intake.submissions" in await deployment.found(person)

    for name in SERVICES:
        system.launch(name)
        await system.ready(name)
    (deployment.home / "erasures.jsonl").unlink()  # intake's own list is enough
    code, said, told = await deployment.linli("privacy", "erase", "--again")
    assert code == 0, f"{said}\n{told}"
    assert await deployment.found(person) == {"letters": [], "logs": []}


async def test_who_has_to_call_sees_one_number_and_says_why_all_others_see_it_masked(deployment: Deployment) -> None:
    system, person = deployment.system, somebody()
    id = (await report(system, person))["id"]
    url = f"{system.urls['intake']}/v1/submissions/{id}"
    view = (await system.operator.get(url)).json()
    assert not person.found_in(json.dumps(view).encode())
    assert view["reporter"] == {
        "name": "欧**",
        "phone": "+86139****0123",
        "email": "O***@residents.example",
        "address": "槐荫***",
        "language": "zh-CN",
    }
    assert (await system.operator.post(f"{url}:contact", json={})).status_code == 422
    shown = await system.operator.post(f"{url}:contact", json={"reason": "visit"})
    expected = person.reporter | {"phone": f"+86{person.phone}", "language": "zh-CN"}
    assert expected.items() <= shown.json().items()
    assert person.phone[-4:] in shown.json()["text"].translate(str.maketrans("０１２３", "0123"))
    assert shown.headers["Cache-Control"] == "no-store"
    (entry,) = (await system.get("intake", "/v1/audit", object=id, what="contacts:call"))["items"]
    assert (entry["principal"], entry["outcome"], entry["reason"]) == ("operator", "read", "visit")
    assert not in_logs(deployment.all_logs, person)


async def test_nobody_who_is_named_wrongly_is_found_and_nothing_is_erased(deployment: Deployment) -> None:
    for said, why in (("13600000000", "no such resident"), ("nobody at all", "Name a resident by id")):
        code, _, told = await deployment.linli("privacy", "erase", said, "--yes")
        assert (code, why in told, said in told) == (1, True, False), told
