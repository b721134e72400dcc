"""A case that is left alone climbs the five levels; the whole story is one `GET /v1/cases/{id}`."""

import csv
import signal
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.support.builders import ZONE, community
from tests.support.command_line import CommandLine
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

ESCALATED, REMINDED = "linli.case.escalated.v1", "linli.case.reminded.v1"
LEVELS = ["house-1", "group-1", "grid-1", "village", "street"]
QUICK = {
    "neighbourhoods": [{"id": "east", "name": "东院", "grid": "grid-1", "roles": {"household": "house-1"}}],
    "categories": [],
    "rules": [
        {
            "id": "patient",
            "name": "不急",
            "when": {"words": ["不急"]},
            "role": "household",
            "accept_within": "1h",
            "resolve_within": "2h",
        },
        {"id": "house", "name": "户", "role": "household", "accept_within": "1s", "resolve_within": "1h"},
    ],
    "escalation": [
        {
            "id": "quick",
            "name": "快",
            "within": dict.fromkeys(("building_group", "grid", "community", "subdistrict"), "1s"),
        }
    ],
}


@pytest.fixture
async def system(stack: Servers, tmp_path: Path, smtp_sink: int) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path, LINLI_SMTP_HOST="127.0.0.1", LINLI_SMTP_PORT=str(smtp_sink)) as running:
        parties = [
            party.model_dump(mode="json") | {"email": f"{party.id}@linli.example"} for party in community().parties
        ]
        await running.load(**QUICK, parties=parties)
        yield running


async def test_a_case_that_is_left_alone_climbs_to_the_top_with_a_notice_at_each_level(
    system: System, tmp_path: Path
) -> None:
    answer = await system.submit(kind="report", title="楼道灯坏了", neighbourhood="east")
    id = answer.json()["id"]

    async def at_the_top() -> bool:
        case = await system.case(id)
        return bool(case and case["escalations"] == 5)

    await until(at_the_top)
    story = await system.case(id)
    assert story
    ups = [entry["data"] for entry in story["history"] if entry["type"] == ESCALATED]
    assert [up["missed_by"] for up in ups] == LEVELS
    assert [up["to"] for up in ups] == [*LEVELS[1:], "street"]
    assert [entry["sequence"] for entry in story["history"]] == list(range(1, story["version"] + 1))
    assert (story["party"]["id"], story["first_party"]["id"], story["escalated_to"]["id"]) == (
        "house-1",
        "house-1",
        "street",
    )

    async def five_notices() -> bool:
        page = await system.get("notify", "/v1/deliveries", case=id, limit=100)
        told = [each for each in page["items"] if each["kind"] == "node_escalated"]
        return len(told) == 5 and all(each["state"] == "sent" for each in told)

    await until(five_notices)
    overdue = await system.get("workflow", "/v1/cases", overdue="true")
    assert [case["id"] for case in overdue["items"]] == [id]
    linli = CommandLine(system, tmp_path / "home")
    for level, there in (("街道党工委", [id]), ("grid-1", [])):
        found = await linli.figures("cases", "--escalated-to", level)
        assert [case["id"] for case in found["items"]] == there
    _, printed, _ = await linli.run("case", id)
    ups_told = [line for line in printed.splitlines() if "  escalated  → " in line]
    assert len(set(ups_told)) == 5
    assert "to 1号楼院 (building_group): accepting it was due" in ups_told[0]
    assert "to 第一网格 (grid): acting on it was due" in ups_told[1]
    await _is_done_badly_reopened_and_closed(system, id, answer.json()["tracking_code"])


async def _is_done_badly_reopened_and_closed(system: System, id: str, code: str) -> None:
    """The resident has the last word, and a person decides on it."""
    url = f"{system.urls['workflow']}/v1/track/{code}/follow-up"
    early = await system.resident.post(url, json={"contacted": True, "solved": True, "satisfied": True})
    assert (early.status_code, early.json()["type"]) == (409, "urn:linli:problem:no_follow_up")
    for action in ("accept", "resolve"):
        await system.act(id, action, message="好的")
    page = await system.resident.get(url)
    assert (page.status_code, "您对办理结果满意吗" in page.text) == (200, True)
    form = {"contacted": "true", "solved": "false", "satisfied": "false", "message": "还是不亮，电话13800138000"}
    assert (await system.resident.post(url, data=form)).status_code == 200
    story = await system.case(id)
    assert story
    assert (story["satisfied"], story["decide_by"] is not None) == (False, True)
    assert story["history"][-1]["data"]["message"] == "还是不亮，电话138****8000"

    async def the_party_has_heard() -> bool:
        page = await system.get("notify", "/v1/deliveries", case=id, limit=100)
        return any(each["kind"] == "party_not_satisfied" and each["state"] == "sent" for each in page["items"])

    await until(the_party_has_heard)
    for action in ("reopen", "accept", "resolve"):
        await system.act(id, action, message="再去一次")
    changed = await system.resident.post(url, json={"contacted": True, "solved": True, "satisfied": True})
    assert changed.json() == {"contacted": True, "solved": True, "satisfied": True, "reopen_requested": False}
    closed = await system.act(id, "close")
    assert (closed["state"], closed["escalated_to"]["id"], closed["satisfied"]) == ("closed", "street", True)
    late = await system.resident.post(url, json={"contacted": True, "solved": False, "satisfied": False})
    assert late.status_code == 409


async def test_the_three_rates_say_how_many_answers_stand_behind_them(system: System, tmp_path: Path) -> None:
    answers = [(True, True, True), (True, True, False), (True, False, False), None]
    for number, given in enumerate(answers):
        answer = await system.submit(kind="report", title=f"第{number}件", neighbourhood="east")
        id, code = answer.json()["id"], answer.json()["tracking_code"]

        async def there(id: str = id) -> bool:
            return await system.case(id) is not None

        await until(there)
        for action in ("accept", "resolve"):
            await system.act(id, action, message="好的")
        if given:
            body = dict(zip(("contacted", "solved", "satisfied"), given, strict=True))
            url = f"{system.urls['workflow']}/v1/track/{code}/follow-up"
            assert (await system.resident.post(url, json=body)).status_code == 200
    for by, key in (("all", "test"), ("party", "house-1"), ("level", "household"), ("neighbourhood", "east")):
        found = await system.get("workflow", "/v1/stats", community="test", by=by)
        (row,) = found["rows"]
        assert (row["key"], row["cases"], row["resolved"]) == (key, 4, 4)
        assert row["response"] == {"rate": 1.0, "yes": 3, "of": 3}
        assert row["resolution"] == {"rate": 2 / 3, "yes": 2, "of": 3}
        assert row["satisfaction"] == {"rate": 1 / 3, "yes": 1, "of": 3}
        assert (row["open"], row["in_time"], row["late"], row["withdrawn"]) == (0, 4, 0, 0)
        assert 0 <= row["median_days"] < 1
    linli = CommandLine(system, tmp_path / "home")
    month = datetime.now(ZONE).strftime("%Y-%m")
    for name in ("report.xlsx", "report.csv"):
        made = await linli.figures("report", "--month", month, "--out", str(tmp_path / name))
        assert made["all"][0]["cases"] == 4
    sheet = CalamineWorkbook.from_path(str(tmp_path / "report.xlsx")).get_sheet_by_name("责任方").to_python()
    assert sheet[4][:3] == ["house-1", "党员中心户", 4.0]
    assert "house-1" in (tmp_path / "report.csv").read_text(encoding="utf-8-sig")
    cases = CalamineWorkbook.from_path(str(tmp_path / "report.xlsx")).get_sheet_by_name("明细").to_python()
    assert sorted(row[4] for row in cases[4:]) == [f"第{number}件" for number in range(4)]
    for what, column in (("cases", "来电时间"), ("answers", "答复")):
        await linli.run("export", what, "--since", "1d", "--out", str(tmp_path / f"{what}.csv"))
        with (tmp_path / f"{what}.csv").open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        assert (len(lines), all(line[column] for line in lines)) == (4, True)


async def test_a_pause_stops_the_clock_and_the_resident_sees_why(system: System) -> None:
    answer = await system.submit(kind="report", title="等配件", neighbourhood="east")
    id, code = answer.json()["id"], answer.json()["tracking_code"]

    async def there() -> bool:
        return await system.case(id) is not None

    await until(there)
    await system.act(id, "accept")
    paused = await system.act(id, "pause", waiting_for="part", message="等电梯配件到货")
    assert (paused["paused_at"] is not None, paused["waiting_for"]) == (True, "part")
    timeline = (await system.resident.get(f"{system.urls['workflow']}/v1/track/{code}")).json()["timeline"]
    assert timeline[-1]["message"] == "等电梯配件到货"
    resumed = await system.act(id, "resume")
    assert resumed["paused_at"] is None
    assert resumed["resolve_by"] > paused["resolve_by"]


async def test_the_timer_survives_the_end_of_its_process(system: System) -> None:
    answer = await system.submit(kind="report", title="没人管", neighbourhood="east")
    id = answer.json()["id"]

    async def has_begun() -> bool:
        case = await system.case(id)
        return bool(case and case["escalations"] >= 1)

    await until(has_begun)
    system.kill("workflow")
    system.launch("workflow")
    await system.ready("workflow")

    async def at_the_top() -> bool:
        case = await system.case(id)
        return bool(case and case["escalations"] == 5)

    await until(at_the_top)
    story = await system.case(id)
    assert story
    assert [e["data"]["missed_by"] for e in story["history"] if e["type"] == ESCALATED] == LEVELS


async def test_a_jump_of_a_process_s_clock_makes_nothing_late(system: System) -> None:
    system.kill("workflow")
    system.launch("workflow", "tests.support.shifting", "workflow")
    await system.ready("workflow")
    patient = (await system.submit(kind="report", title="不急", neighbourhood="east")).json()["id"]

    async def there() -> bool:
        return await system.case(patient) is not None

    await until(there)
    system.signal("workflow", signal.SIGUSR1)  # two hours ahead: both deadlines would be over
    urgent = (await system.submit(kind="report", title="急", neighbourhood="east")).json()["id"]

    async def the_timer_goes_on() -> bool:
        case = await system.case(urgent)
        return bool(case and case["escalations"] == 5)

    await until(the_timer_goes_on)
    case = await system.case(patient)
    assert case
    assert (case["missed"], case["escalations"]) == ([], 0)


async def test_a_file_of_calls_is_due_from_each_call_where_the_import_is_asked_to(
    system: System, tmp_path: Path
) -> None:
    file = tmp_path / "calls.csv"
    linli = CommandLine(system, tmp_path / "home")

    file.write_text("编号,标题\nundated-1,停水\n", encoding="utf-8")
    code, _, told = await linli.run("import", str(file), "--due-from-call")
    assert (code, "--map submitted_at=COLUMN" in told) == (1, True)

    due = []
    for asked in (("--due-from-call",), ()):
        file.write_text(f"编号,标题,小区,来电时间\ncall-{len(asked)},停水,东院,2026-10-30 09:00\n", encoding="utf-8")
        assert (await linli.figures("import", str(file), "--channel", "import", *asked))["accepted"] == 1
        [case] = (await system.get("workflow", "/v1/cases", external_id=f"call-{len(asked)}"))["items"]
        due.append(case["resolve_by"])
    assert [by.startswith("2026-10-30") for by in due] == [True, False]


async def test_a_call_of_october_that_is_imported_in_november_is_octobers(system: System, tmp_path: Path) -> None:
    call = {"kind": "report", "channel": "hotline", "title": "停水", "neighbourhood": "east"}
    call |= {"submitted_at": "2026-10-31T23:50:00+08:00", "due_from_call": True}
    answer = await system.operator.post(f"{system.urls['intake']}/v1/submissions", json=call)
    id = answer.json()["id"]

    async def has_gone_up() -> bool:
        case = await system.case(id)
        return case is not None and case["escalated_to"] is not None

    await until(has_gone_up)
    case = await system.case(id)
    assert case
    assert case["accept_by"].startswith("2026-10-31"), "its deadlines count from the call"
    linli = CommandLine(system, tmp_path / "home")
    for month, asked, cases in (("2026-10", (), 1), ("2026-10", ("--by-opening",), 0), ("2026-11", (), 0)):
        made = await linli.figures("report", "--month", month, *asked)
        assert sum(row["cases"] for row in made["channel"] if row["key"] == "hotline") == cases, (month, asked)
    months = await system.get(
        "workflow", "/v1/stats", community="test", by="month", called_before="2026-11-01T00:00:00Z"
    )
    assert [(row["key"], row["open_late"]) for row in months["rows"]] == [("2026-10", 1)]
