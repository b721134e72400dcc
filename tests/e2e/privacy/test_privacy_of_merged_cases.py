"""Four report the same, and one of them is erased: what staff typed of that one had gone into four stories."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from linli.messaging.kafka import read_all
from tests.support.grep import Person
from tests.support.residents import Deployment, act, all_told, deployment_on, report, somebody
from tests.support.servers import Servers
from tests.support.system import System


@pytest.fixture
async def deployment(stack: Servers, tmp_path: Path) -> AsyncIterator[Deployment]:
    async with deployment_on(stack, tmp_path) as running:
        yield running


async def reported_by_four(system: System, person: Person) -> dict[str, dict[str, Any]]:
    """A pipe that four have reported: one case, which is split; who typed the person's name typed it for all four."""
    names = {"head": "司马一", "other": "司马二", "parted": "司马三"}
    receipts = {"person": await report(system, person)}
    for n, (who, name) in enumerate(names.items()):
        each = Person(name, f"1380000100{n}", f"{who}@residents.example", "东院")
        receipts[who] = await report(system, each, text="水管漏水", place="东院水泵房", attributes={})
    head, others = receipts["head"]["id"], [receipts[who]["id"] for who in ("person", "other", "parted")]
    for id in others:
        await act(system, id, "merge", f"{person.name}家也报了", into=head)
    await act(system, head, "note", f"{person.name}来电")
    await act(system, head, "accept", f"先去{person.name}家看")
    await act(system, head, "progress", f"{person.name}家楼上的管子")
    await act(system, receipts["parted"]["id"], "unmerge", f"与{person.name}家无关")
    parts = [
        {"party": party, "message": f"修{person.name}家楼上的管子", "title": f"{person.name}家漏水"}
        for party in ("estate", "water-co")
    ]
    right = {"title": f"{person.name}家楼上漏水", "place": f"{person.name}家楼上"}
    await act(system, head, "correct", reason=f"{person.name}说是楼上", **right)
    whole = await act(system, head, "split", f"{person.name}家两处都漏", parts=parts)
    for part in whole["parts"]:
        await act(system, part, "accept")
        await act(system, part, "resolve", f"{person.name}家不漏了")
    url = f"{system.urls['workflow']}/v1/track/{receipts['other']['tracking_code']}/follow-up"
    answer = {"contacted": True, "solved": False, "satisfied": False, "message": "我家还漏"}
    assert (await system.resident.post(url, json=answer)).status_code == 200
    answer |= {"satisfied": True, "solved": True, "message": f"{names['head']}说{person.name}家也好了"}
    await act(system, head, "follow_up", **answer)  # asked by telephone
    return receipts | {"parts": {"ids": whole["parts"]}}


async def test_what_staff_wrote_goes_from_the_cases_of_all_who_reported_the_same(deployment: Deployment) -> None:
    system, person = deployment.system, somebody()
    receipts = await reported_by_four(system, person)
    id, head, other, parted = (receipts[who]["id"] for who in ("person", "head", "other", "parted"))
    parts = receipts["parts"]["ids"]
    await all_told(system, id, head, other, parted, *parts)
    before = await deployment.found(person)
    for place in ("workflow.cases", "workflow.events", "notify.timeline", "notify.deliveries"):
        assert "name" in before[f"database {place}"]

    code, shown, _ = await deployment.linli("privacy", "erase", id, "--dry-run", "--json")
    family = {head: "resolved", other: "resolved", parted: "dispatched", **dict.fromkeys(parts, "resolved")}
    assert (code, json.loads(shown)["merged_with"]) == (0, family)
    code, said, told = await deployment.linli("privacy", "erase", id, "--yes", "--also-open")
    assert code == 0, f"{said}\n{told}\n{system.end_of_log()}"
    assert "in 5 cases of others too" in said
    assert await deployment.found(person) == {"letters": [], "logs": []}

    await _is_still_theirs(system, receipts)
    code, _, told = await deployment.linli("outbox", "resend", "--since", "1d")
    assert code == 0, told
    await act(system, head, "close", "结案")
    await all_told(system, head, other, parted)
    assert await deployment.found(person) == {"letters": [], "logs": []}

    code, said, told = await deployment.linli("privacy", "erase", other, "--yes", "--also-open")
    assert code == 0, f"{said}\n{told}"
    records = read_all(system.servers.kafka, f"{system.prefix}.cases")
    left = {dict(each.headers)["ce_type"] async for each in records if each.key == other.encode()}
    assert left <= {b"linli.case.erased.v1"}, "its redaction said whose it was"


async def _is_still_theirs(system: System, receipts: dict[str, dict[str, Any]]) -> None:
    """The others keep their reporter, what they wrote, their code, and every step."""
    stories = {who: await system.case(receipts[who]["id"]) for who in ("head", "other", "parted")}
    for who, story in stories.items():
        assert story, who
        assert (story["text"], story["erased_at"]) == ("水管漏水", None), who
        assert [entry["sequence"] for entry in story["history"]] == list(range(1, story["version"] + 1))
        assert story["history"][-1]["type"] == "linli.case.redacted.v1"
        code = receipts[who]["tracking_code"]
        shown = (await system.resident.get(f"{system.urls['workflow']}/v1/track/{code}")).json()
        messages = [line["message"] for line in shown["timeline"] if line["message"]]
        assert messages == (["我家还漏"] if who == "other" else []), who
    for id in receipts["parts"]["ids"]:
        part = await system.case(id)
        assert part
        assert (part["title"], part["text"], part["state"]) == (stories["head"]["title"], "水管漏水", "resolved")
