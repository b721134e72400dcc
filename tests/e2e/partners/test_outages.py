"""The water is off for works: who has reported it, who reports it now, and who has it back."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.support.builders import square
from tests.support.command_line import CommandLine
from tests.support.keys import party_key
from tests.support.outages import Utility, somewhere
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        body = {"community": "test", "party": "water-co"}
        answer = await running.operator.post(f"{running.urls['workflow']}/v1/partners", json=body)
        assert answer.status_code == 200, answer.text
        yield running


@pytest.fixture(scope="module")
async def water(system: System) -> Utility:
    return Utility(system, await party_key(system, "water-co"))


async def reported(system: System, building: int, **said: Any) -> dict[str, Any]:
    body = {"kind": "report", "title": "停水了", "neighbourhood": "east", "place": f"{building}号楼"} | said
    answer = await system.submit(**body)
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def in_state(system: System, receipts: list[dict[str, Any]], state: str) -> None:
    async def all_of_them() -> bool:
        cases = [await system.case(each["id"]) for each in receipts]
        return all(case is not None and case["state"] == state for case in cases)

    await until(all_of_them)


async def answered(system: System, receipt: dict[str, Any], solved: bool) -> None:
    url = f"{system.urls['workflow']}/v1/track/{receipt['tracking_code']}/follow-up"
    body = {"contacted": True, "solved": solved, "satisfied": solved}
    answer = await system.resident.post(url, json=body)
    assert answer.status_code == 200, answer.text


def steps(case: dict[str, Any] | None) -> list[str]:
    assert case
    return [step["type"].split(".")[2] for step in case["history"]]


async def test_thirty_report_one_outage_ten_before_it_is_declared_and_three_are_still_without_in_the_end(
    system: System, water: Utility
) -> None:
    mail = {"reporter": {"email": "wang@linli.example", "language": "en"}}
    before = [await reported(system, number % 5 + 1, **({} if number else mail)) for number in range(10)]
    await in_state(system, before, "dispatched")
    until_then = datetime.now(UTC) + timedelta(hours=3)
    said = {"cause": "works", "until": until_then.isoformat(), "area": somewhere("east")}
    receipt = await water.say("w-1", "declared", **said)
    assert (receipt["outcome"], receipt["text_en"]) == ("applied", "Done; 10 reports follow it.")
    assert (await water.figures("w-1"))["following"] == 10
    probe = {"kind": "report", "title": "楼道灯不亮", "neighbourhood": "east"}
    assert "known_outage" not in (await system.submit(**probe)).json(), "it is about something else"

    async def heard_of() -> bool:
        told = (await system.operator.get(f"{system.urls['intake']}/metrics")).text
        return "linli_intake_outages_known 1.0" in told

    await until(heard_of)
    after = [await reported(system, number % 5 + 1) for number in range(20)]
    told = [each["known_outage"] for each in after]
    assert {each["outage_id"] for each in told} == {"w-1"}
    assert all("停水" in each["text_zh"] and "for works until" in each["text_en"] for each in told)
    other = await reported(system, 2, title="停水了，水表也在漏", different=True)
    assert "known_outage" not in other
    found = await water.followed_by("w-1", 30)
    await in_state(system, [other], "dispatched")
    everybody = [*before, *after]
    await in_state(system, everybody, "accepted")
    later = (until_then + timedelta(hours=2)).isoformat()
    assert await water.outcome("w-1", "extended", until=later) == "applied"
    case = await system.case(everybody[-1]["id"])
    assert steps(case)[-2:] == ["merged", "progressed"]

    assert await water.outcome("w-1", "restored", message="已恢复供水") == "applied"
    await in_state(system, everybody, "resolved")

    async def told_in_letters() -> bool:
        found = await system.get("notify", "/v1/deliveries", case=before[0]["id"])
        kinds = {each["kind"] for each in found["items"] if each["recipient"].startswith("resident:")}
        return kinds >= {"reporter_merged", "reporter_progressed", "reporter_resolved"}

    await until(told_in_letters)
    third = [each for number, each in enumerate(everybody) if number % 5 == 2]
    await answered(system, everybody[0], solved=True)
    for each in third[:3]:
        assert not (await water.figures("w-1"))["called_again"]
        await answered(system, each, solved=False)
    found = await water.figures("w-1")
    assert (found["following"], found["still_out"], found["called_again"]) == (27, 3, ["east/3"])
    assert (found["state"], len(found["cases"])) == ("restored", 1)
    again = await system.case(third[0]["id"])
    assert again
    assert (again["state"], again["party"]["id"], again["merged_into"]) == ("dispatched", "water-co", None)
    within = datetime.fromisoformat(again["resolve_by"]) - datetime.now(UTC)
    assert within <= timedelta(hours=2), "before other work"
    orders = await system.get("workflow", "/v1/orders", party="water-co", limit=200)
    open_ones = [each["case_id"] for each in orders["items"] if each["ended"] is None]
    assert {each["id"] for each in third[:3]} <= set(open_ones)
    [alert] = [
        case for id in open_ones if (case := await system.case(id)) and case["title"] == "3号楼恢复后仍有 3 户反映停水"
    ]
    assert (alert["state"], alert["party"]["id"]) == ("dispatched", "water-co")


async def declared(water: Utility, outage: str, *places: str, **said: Any) -> None:
    answer = await water.say(outage, "declared", **{"area": somewhere(*(places or ("west",)))} | said)
    assert answer["outcome"] == "applied", answer


async def test_who_lies_outside_a_smaller_area_is_let_go_and_all_are_when_it_is_called_off(
    system: System, water: Utility
) -> None:
    third, fifth = [await reported(system, number, neighbourhood="west") for number in (3, 5)]
    await in_state(system, [third, fifth], "dispatched")
    await declared(water, "w-area")
    assert (await water.figures("w-area"))["following"] == 2
    smaller = somewhere("west", buildings=("3号楼",))
    assert await water.outcome("w-area", "area_changed", area=smaller) == "applied"
    await in_state(system, [fifth], "dispatched")
    await in_state(system, [third], "accepted")
    assert await water.outcome("w-area", "area_changed", area=somewhere("west")) == "applied"
    assert (await water.figures("w-area"))["following"] == 2
    assert await water.outcome("w-area", "cancelled") == "applied"
    await in_state(system, [third, fifth], "dispatched")
    found = await water.figures("w-area")
    assert (found["state"], found["following"]) == ("cancelled", 0)
    [head] = found["cases"]
    assert steps(await system.case(head))[-1] == "withdrawn"
    for each in (third, fifth):
        await system.act(each["id"], "accept")
        await system.act(each["id"], "resolve", message="有水了")


async def test_who_has_it_back_is_asked_first_and_heard_if_it_is_not(system: System, water: Utility) -> None:
    await declared(water, "w-part")
    third, fifth = [await reported(system, number, neighbourhood="west") for number in (3, 5)]
    await water.followed_by("w-part", 2)
    left = somewhere("west", buildings=("3号楼",))
    assert await water.outcome("w-part", "partially_restored", area=left) == "applied"
    await in_state(system, [fifth], "resolved")
    await in_state(system, [third], "accepted")
    await answered(system, fifth, solved=False)
    case = await system.case(fifth["id"])
    assert case
    assert (case["state"], case["party"]["id"], steps(case)[-2:]) == ("dispatched", "water-co", ["rated", "reopened"])
    assert await water.outcome("w-part", "restored") == "applied"
    await in_state(system, [third], "resolved")
    assert (await water.figures("w-part"))["still_out"] == 1


async def test_the_company_is_asked_when_its_estimate_has_passed(system: System, water: Utility) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    await declared(water, "w-late", until=soon)
    [head] = (await water.figures("w-late"))["cases"]

    async def asked() -> dict[str, Any] | None:
        answer = await system.resident.get(f"{system.urls['notify']}/v1/events", headers=water.headers)
        events = answer.json()["data"] if answer.status_code == 200 else []
        theirs = [each for each in events if each["subject"] == f"{head}~water-co"]
        return theirs if [each["type"].split(".")[2] for each in theirs] == ["issued", "reminded"] else None

    [_, reminded] = await until(asked)
    assert reminded["data"]["deadline"] == "resolve"
    assert (await water.figures("w-late"))["asked_at"]
    assert await water.outcome("w-late", "restored") == "applied"


async def test_what_is_said_twice_late_or_too_soon_changes_nothing(system: System, water: Utility) -> None:
    at = datetime.now(UTC).isoformat()
    early = {"report_id": "early", "until": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
    assert await water.outcome("w-twice", "extended", **early, occurred_at=at) == "unknown_outage"
    same = {"report_id": "same", "occurred_at": at, "area": somewhere("west")}
    assert await water.outcome("w-twice", "declared", **same) == "applied"
    assert await water.outcome("w-twice", "declared", **same) == "duplicate"
    assert await water.outcome("w-twice", "declared", **same | {"area": somewhere("east")}) == "conflict"
    assert await water.outcome("w-twice", "declared", area=somewhere("east")) == "noted"
    assert await water.outcome("w-twice", "extended", **early, occurred_at=at) == "applied", "as its receipt said"
    assert await water.outcome("w-twice", "restored") == "applied"
    assert await water.outcome("w-twice", "restored") == "noted"
    assert await water.outcome("w-twice", "extended", until=early["until"]) == "noted"
    found = await water.figures("w-twice")
    assert (found["state"], found["neighbourhoods"], len(found["cases"])) == ("restored", ["west"], 1)


async def test_what_cannot_be_right_is_refused_with_the_field(system: System, water: Utility) -> None:
    bowtie = {"polygon": {"coordinates": [[[120, 36], [121, 37], [121, 36], [120, 37]]]}}
    for field, said in {
        "area.neighbourhoods.0": {"area": somewhere("nowhere")},
        "area.polygon": {"area": bowtie},
        "until": {"area": somewhere("west"), "until": "2099-01-01T00:00:00Z"},
        "starts_at": {"area": somewhere("west"), "starts_at": "2001-01-01T00:00:00Z"},
        "category": {"area": somewhere("west"), "category": "gardening"},
    }.items():
        answer = await water.send("w-wrong", "declared", **said)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
        assert [each["field"] for each in answer.json()["errors"]] == [field]
    for years in (73, -56):
        at = datetime.now(UTC).replace(month=1, year=datetime.now(UTC).year + years).isoformat()
        assert await water.outcome("w-wrong", "declared", area=somewhere("west"), occurred_at=at) == "clock_skew"
    for said in ({"area": {"polygon": "none"}}, {"area": {}}, {}, {"area": somewhere("west"), "cause": "x"}):
        assert (await water.send("w-wrong", "declared", **said)).status_code == 422
    assert (await water.send("w-wrong", "declared", area=somewhere("west"), report_id="x" * 101)).status_code == 422


async def test_another_company_s_outage_is_as_unknown_as_none(system: System, water: Utility) -> None:
    body = {"community": "test", "party": "estate"}
    await system.operator.post(f"{system.urls['workflow']}/v1/partners", json=body)
    estate = Utility(system, await party_key(system, "estate"), "estate")
    await declared(water, "w-own")
    assert await estate.outcome("w-own", "cancelled") == "unknown_outage"
    url = f"{system.urls['workflow']}/v1/outages/test/water-co"
    for outage in ("w-own", "none"):
        assert (await system.resident.get(f"{url}/{outage}", headers=estate.headers)).status_code == 404
    grid = Utility(system, await party_key(system, "grid-1"), "grid-1")
    answer = await grid.send("w-own", "cancelled")
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (403, "no_partner")
    reports = f"{system.urls['workflow']}/v1/outages/reports"
    said = {
        "report_id": "office",
        "outage_id": "w-own",
        "did": "cancelled",
        "occurred_at": datetime.now(UTC).isoformat(),
    }
    assert (await system.operator.post(reports, json=said)).status_code == 422
    named = {"community": "test", "party": "water-co"}
    answer = await system.operator.post(reports, json=said, params=named)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "applied")


async def test_everybody_sees_what_is_off_and_subscribes_to_what_is_planned(system: System, water: Utility) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    works = {"planned": True, "starts_at": tomorrow.isoformat(), "until": (tomorrow + timedelta(hours=3)).isoformat()}
    await declared(water, "w-works", **works, cause="works")
    await declared(water, "w-now")
    receipt = await reported(system, 1, neighbourhood="west")
    url = system.urls["workflow"]

    async def seen(**params: str) -> list[str]:
        answer = await system.resident.get(f"{url}/v1/outages", params=params)
        assert answer.status_code == 200, answer.text
        return [each["outage_id"] for each in answer.json()["items"]]

    assert {"w-works", "w-now"} <= set(await seen(neighbourhood="west"))
    assert not {"w-works", "w-now"} & set(await seen(neighbourhood="east"))
    text = (await system.resident.get(f"{url}/v1/outages", params={"community": "test"})).text
    assert receipt["id"] not in text
    calendar = await system.resident.get(f"{url}/v1/outages.ics", params={"neighbourhood": "west"})
    assert calendar.headers["content-type"].startswith("text/calendar")
    [entry] = Calendar.from_ical(calendar.content).walk("VEVENT")
    assert (entry["uid"], entry["location"], entry.decoded("dtstart")) == (
        "test/water-co/w-works@linli",
        "西院",
        tomorrow.replace(microsecond=0),
    )
    for path in ("outages", "outages.ics"):
        for wrong in ({"neighbourhood": "nowhere"}, {"community": "nowhere"}, {"neighbourhood": "A B"}):
            answer = await system.resident.get(f"{url}/v1/{path}", params=wrong)
            assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    for outage in ("w-works", "w-now"):
        assert await water.outcome(outage, "cancelled") == "applied"
    assert not set(await seen(neighbourhood="west")) & {"w-works", "w-now"}


async def test_the_office_declares_what_a_company_has_told_it_by_telephone(
    system: System, water: Utility, tmp_path: Path
) -> None:
    command = CommandLine(system, tmp_path / "home")
    where = ("--neighbourhood", "西院", "--building", "east/3号楼")
    code, printed, told = await command.run(
        "outages", "declare", "水务公司", "tel-1", *where, "--until", "3h", "--cause", "fault"
    )
    assert (code, printed.startswith("Done; ")) == (0, True), told
    listed = await command.figures("outages", "list", "--neighbourhood", "西院")
    [mine] = [each for each in listed["items"] if each["outage_id"] == "tel-1"]
    assert (mine["party"], mine["area"]["neighbourhoods"], mine["cause"]) == ("water-co", ["west"], "fault")
    assert mine["area"]["buildings"] == [{"neighbourhood": "east", "name": "3号楼"}]
    report = ("submit", "--kind", "report", "--title", "停水了", "--neighbourhood", "west")
    _, printed, _ = await command.run(*report)
    assert "Known: water off for a fault until" in printed
    _, printed, _ = await command.run(*report, "--different")
    assert "Known" not in printed
    again = ("outages", "extend", "water-co", "tel-1", "--until", "5h", "--message", "还要两小时")
    assert (await command.figures(*again))["outcome"] == "applied"
    smaller = ("outages", "area", "water-co", "tel-1", "--neighbourhood", "west")
    assert (await command.figures(*smaller))["outcome"] == "applied"
    outline = tmp_path / "outline.json"
    outline.write_text(json.dumps({"type": "Feature", "geometry": square(120.40, 36.10)}))
    part = ("outages", "partial", "water-co", "tel-1", "--polygon", str(outline))
    assert (await command.figures(*part))["outcome"] == "applied"
    assert (await command.figures("outages", "show", "water-co", "tel-1"))["neighbourhoods"] == ["east"]
    code, printed, _ = await command.run("outages", "show", "water-co", "tel-1", LINLI_LANGUAGE="zh-CN")
    assert code == 0 and "件反映并入" in printed
    assert (await command.figures("outages", "restore", "water-co", "tel-1"))["outcome"] == "applied"
    code, printed, told = await command.run("outages", "cancel", "water-co", "tel-1")
    assert (code, printed.strip()) == (0, "It is over: restored."), told
    code, _, told = await command.run("outages", "cancel", "water-co", "none-such")
    assert (code, "unknown_outage" in told) == (1, True)
    for wrong, said in {
        ("declare", "water-co", "t"): "Say where",
        ("declare", "water-co", "t", "--building", "3"): "NEIGHBOURHOOD/NAME",
        ("declare", "water-co", "t", "--neighbourhood", "nowhere"): "no neighbourhood nowhere",
        ("declare", "water-co", "t", "--polygon", str(tmp_path / "none")): "cannot be read",
        ("declare", "water-co", "t", "--neighbourhood", "west", "--cause", "moon"): "cause",
        ("declare", "nobody", "t", "--neighbourhood", "west"): "no party nobody",
        ("extend", "water-co", "t"): "--until",
        ("extend", "water-co", "t", "--until", "soon"): "no time",
    }.items():
        code, _, told = await command.run("outages", *wrong)
        assert code in {1, 2} and said in told and "Traceback" not in told, (wrong, told)
    empty = tmp_path / "empty.json"
    empty.write_text("{")
    code, _, told = await command.run("outages", "declare", "water-co", "t", "--polygon", str(empty))
    assert (code, "is no JSON" in told) == (1, True)


async def test_what_comes_in_while_it_is_being_declared_follows_it_all_the_same(system: System, water: Utility) -> None:
    async def crowd() -> None:
        await asyncio.gather(*(reported(system, number % 9 + 1, neighbourhood="west") for number in range(60)))

    before = asyncio.create_task(crowd())
    await declared(water, "w-crowd", "west")
    await asyncio.gather(before, crowd())

    async def all_of_them() -> bool:
        return bool((await water.figures("w-crowd"))["following"] >= 120)  # and what others have left open

    await until(all_of_them)
    assert await water.outcome("w-crowd", "cancelled") == "applied"


@pytest.mark.parametrize("action", ["pause", "revoke"])
async def test_the_office_ends_an_outage_of_a_company_that_rests_or_is_a_partner_no_more(
    system: System, water: Utility, action: str
) -> None:
    outage, workflow = f"w-{action}", system.urls["workflow"]
    await declared(water, outage, "west")
    changed = await system.operator.post(f"{workflow}/v1/partners/test/water-co:{action}")
    assert changed.status_code == 200, changed.text
    assert (await water.send(outage, "cancelled")).status_code == 403
    now = datetime.now(UTC).isoformat()
    body = {"report_id": f"office-{action}", "outage_id": outage, "did": "cancelled", "occurred_at": now}
    answer = await system.operator.post(
        f"{workflow}/v1/outages/reports", params={"community": "test", "party": "water-co"}, json=body
    )
    assert (answer.status_code, answer.json().get("outcome")) == (200, "applied"), answer.text
    back = "resume" if action == "pause" else None
    url = f"{workflow}/v1/partners"
    again = await (
        system.operator.post(f"{url}/test/water-co:{back}")
        if back
        else system.operator.post(url, json={"community": "test", "party": "water-co"})
    )
    assert (again.status_code, again.json()["standing"]) == (200, "active")
