"""The audit log of three running services: what was read, done and refused is in it, and nothing personal is."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.command_line import CommandLine
from tests.support.databases import databases_of
from tests.support.keys import bearer, key_for, party_key
from tests.support.reception import picture
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import SERVICES, System, system_on

PHONE, NAME, EMAIL = "13812348000", "王小明", "wang.xiaoming@residents.example"


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        yield running


async def log(system: System, service: str, **asked: Any) -> list[dict[str, Any]]:
    """The newest entries."""
    found: list[dict[str, Any]] = (await system.get(service, "/v1/audit", **asked))["items"]
    return found


async def ask(system: System, service: str, path: str, by: dict[str, str], method: str = "GET", **more: Any) -> Any:
    return await system.resident.request(method, system.urls[service] + path, headers=by, **more)


async def submission(system: System, **said: Any) -> dict[str, Any]:
    reporter = {"name": NAME, "phone": PHONE, "email": EMAIL}
    answer = await system.submit(kind="report", title="停水了", neighbourhood="east", reporter=reporter, **said)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def case_of(system: System, id: str) -> dict[str, Any]:
    async def routed() -> dict[str, Any] | None:
        found = await system.case(id)
        return found if found and found["state"] != "open" else None

    found = await until(routed)
    assert found
    return found


async def test_every_read_of_personal_data_is_in_the_log_as_soon_as_it_is_answered(system: System) -> None:
    mine = await submission(system)
    code = {"X-Tracking-Code": mine["tracking_code"]}
    path = f"/v1/submissions/{mine['id']}"
    auditor = bearer((made := await key_for(system, "auditor"))["key"])

    async def known() -> bool:
        return bool((await ask(system, "intake", path, auditor)).status_code == 200)

    await until(known)
    # By its principal: notify asks for the same reporter's contact at any moment.
    entry = (await log(system, "intake", object=mine["id"], outcome="read", principal=f"key:{made['id']}"))[0]
    assert (entry["principal"], entry["role"], entry["what"]) == (f"key:{made['id']}", "auditor", "submissions:read")
    assert entry["route"] == "GET /v1/submissions/{submission_id}"

    photos = {"photo": ("a.jpg", picture(), "image/jpeg")}
    taken = await ask(system, "intake", f"{path}/attachments", code, "POST", files=photos)
    photo = taken.json()["items"][0]["id"]
    for by in (code, auditor):
        assert (await ask(system, "intake", f"{path}/attachments/{photo}", by)).status_code == 200
    seen = await log(system, "intake", object=photo)
    assert [each["principal"] for each in seen] == [f"key:{made['id']}"], "a resident's look at their own is not in it"

    other = await submission(system)
    service = bearer((system.servers.secrets_dir / "service.key").read_text().strip())
    wanted = {"submissions": [mine["id"], other["id"]]}
    assert (await ask(system, "intake", "/internal/v1/contacts", service, "POST", json=wanted)).status_code == 200
    contacts = [each for each in await log(system, "intake", what="contacts:read") if len(each["objects"]) == 2]
    asked = [(each["principal"], sorted(each["objects"])) for each in contacts]
    assert ("service", sorted(wanted["submissions"])) in asked, "one entry for both; notify may have asked so, too"


async def test_every_refusal_is_in_the_log_with_its_reason(system: System) -> None:
    mine = await submission(system)
    case = await case_of(system, mine["id"])
    estate = await key_for(system, "party", party="estate", community="test")
    party, id = bearer(estate["key"]), f"key:{estate['id']}"
    made_up = "linli_0000000000_" + "A" * 43
    cases = f"/v1/cases/{case['id']}"
    before = {each["id"] for each in await log(system, "workflow", outcome="refused", limit=500)}
    tried: list[tuple[str, dict[str, str], int]] = [
        ("/v1/cases", {}, 401),
        ("/v1/cases", bearer(made_up), 401),
        ("/v1/cases", {"Authorization": "Basic YTpi"}, 401),
        ("/v1/keys", party, 403),
        (cases, party, 404),
        ("/v1/track/7K3M-Q2XW-9ABC", {}, 404),
    ]
    for path, by, status in tried:
        assert (await ask(system, "workflow", path, by)).status_code == status, path
    await ask(system, "workflow", f"/v1/keys/{estate['id']}:revoke", dict(system.operator.headers), "POST")
    assert (await ask(system, "workflow", "/v1/cases", party)).status_code == 401

    async def all_there() -> set[tuple[Any, ...]]:
        found = await log(system, "workflow", outcome="refused", limit=500)
        return {
            (each["principal"], each["status"], each["reason"], *each["objects"])
            for each in found
            if each["id"] not in before
        }

    expected = {
        ("resident", 401, "no key"),
        ("unknown", 401, "unknown key", "0000000000"),
        ("unknown", 401, "no bearer"),
        (id, 403, "no keys:read"),
        (id, 404, "another party's case", case["id"]),
        ("resident", 404, "unknown code"),
        ("unknown", 401, "revoked key", estate["id"]),
    }

    async def complete() -> bool:
        return expected <= await all_there()

    await until(complete)


async def test_what_staff_did_is_in_the_log_by_principal(system: System) -> None:
    case = await case_of(system, (await submission(system))["id"])
    made = await key_for(system, "party", party="water-co", community="test")
    headers = bearer(made["key"]) | {"If-Match": f'"{case["version"]}"'}
    taken = await ask(system, "workflow", f"/v1/cases/{case['id']}:accept", headers, "POST", json={})
    assert taken.status_code == 200, taken.text
    done = await log(system, "workflow", object=case["id"], outcome="done")
    assert [(each["principal"], each["party"], each["route"]) for each in done] == [
        (f"key:{made['id']}", "water-co", "POST /v1/cases/{id}:accept")
    ]
    revoked = await system.operator.post(f"{system.urls['workflow']}/v1/keys/{made['id']}:revoke")
    assert revoked.status_code == 200
    keys = await log(system, "workflow", what="keys:change", object=made["id"])
    assert [(each["principal"], each["route"]) for each in keys] == [
        ("operator", "POST /v1/keys/{id}:revoke"),
        ("operator", "POST /v1/keys"),
    ]
    published = await log(system, "workflow", what="communities:publish")
    assert published[-1]["objects"] == ["test"]


async def test_the_log_is_paged_newest_first_and_asked_by_time(system: System) -> None:
    mine = await submission(system)
    for _ in range(5):
        await system.get("intake", f"/v1/submissions/{mine['id']}")
    whole = await log(system, "intake", object=mine["id"], outcome="read", principal="operator")
    assert len(whole) == 5
    assert [each["at"] for each in whole] == sorted((each["at"] for each in whole), reverse=True)
    pages, cursor = [], None
    while True:
        asked = {"object": mine["id"], "principal": "operator", "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = await system.get("intake", "/v1/audit", **asked)
        pages.append(page["items"])
        cursor = page["next"]
        if cursor is None:
            break
    assert [len(page) for page in pages] == [2, 2, 1] and [each for page in pages for each in page] == whole
    since = await log(system, "intake", object=mine["id"], principal="operator", **{"from": whole[1]["at"]})
    until_then = await log(system, "intake", object=mine["id"], principal="operator", before=whole[1]["at"])
    assert {each["id"] for each in whole} == {each["id"] for each in (*since, *until_then)}
    assert whole[0] in since and whole[4] in until_then
    assert (await ask(system, "intake", "/v1/audit?outcome=lost", dict(system.operator.headers))).status_code == 422


async def test_a_flood_of_refusals_costs_few_entries_and_every_one_is_counted(system: System) -> None:
    begun = time.monotonic()
    async with httpx2.AsyncClient(limits=httpx2.Limits(max_connections=20), timeout=60) as http:  # 580 wait their turn

        async def guess(n: int) -> None:
            key = bearer(f"linli_{n:010d}_" + "B" * 43)
            assert (await http.get(f"{system.urls['notify']}/v1/deliveries", headers=key)).status_code == 401

        await asyncio.gather(*(guess(n) for n in range(600)))
    seconds = time.monotonic() - begun

    async def counted() -> list[dict[str, Any]] | None:
        found = await log(system, "notify", what="deliveries:read", outcome="refused", limit=500)
        return found if sum(each["times"] for each in found) == 600 else None

    entries = await until(counted)
    assert entries and len(entries) <= seconds + 3, "one a second, however many came in it"


async def test_nothing_personal_is_in_the_log_nor_any_address(system: System) -> None:
    mine = await submission(system)
    path = f"/v1/submissions/{mine['id']}"
    await system.get("intake", path)
    for written in (PHONE, NAME, EMAIL):
        assert (await ask(system, "intake", f"/v1/submissions/{written}", {})).status_code == 401

    assert (await ask(system, "neighbourhood", f"/v1/registers/{PHONE}", {})).status_code == 401

    async def refused() -> bool:
        asked = {"intake": "submissions:read", "neighbourhood": "affairs:read"}
        found = [
            await log(system, each, outcome="refused", what=what, principal="resident") for each, what in asked.items()
        ]
        return all(found)

    await until(refused)
    async with databases_of(system) as databases:
        for service in SERVICES:
            said = str(await databases(service).audit.find({}).to_list(None))
            assert said != "[]"
            for personal in (PHONE, NAME, "xiaoming", "127.0.0.1", mine["tracking_code"]):
                assert personal not in said, (service, personal)


async def test_the_command_shows_the_log_of_all_services(system: System, tmp_path: Path) -> None:
    mine = await submission(system)
    await system.get("intake", f"/v1/submissions/{mine['id']}")
    await case_of(system, mine["id"])
    await system.act(mine["id"], "accept")
    linli = CommandLine(system, tmp_path / "home")
    found = (await linli.figures("audit", "--principal", "operator", "--object", mine["id"]))["items"]
    assert [(each["service"], each["outcome"]) for each in found] == [("workflow", "done"), ("intake", "read")]
    code, printed, _ = await linli.run("audit", "--service", "intake", "--since", "1h", "--outcome", "read")
    assert code == 0 and mine["id"] in printed
    assert (await linli.run("audit", "--service", "none-such"))[0] == 2


async def test_a_party_does_not_read_the_log(system: System) -> None:
    estate = await party_key(system, "estate")
    assert (await ask(system, "workflow", "/v1/audit", estate)).status_code == 403
