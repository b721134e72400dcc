"""A hotline's file becomes cases: every row accounted for, nothing twice, whatever is killed meanwhile."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from tests.support.command_line import SAMPLE, CommandLine
from tests.support.servers import Servers, free_ports
from tests.support.services import until
from tests.support.system import System, system_on

REAL_FILE = Path(__file__).parents[4] / "shared" / "data" / "messages_with_replies.csv"
REAL_ROWS = 2_816
ALL_ACCEPTED = {
    **{"rows": REAL_ROWS, "accepted": REAL_ROWS, "duplicates": 0, "rejected": 0, "cases": REAL_ROWS},
    "untaken": {},
}
with_real_file = pytest.mark.skipif(not REAL_FILE.exists(), reason=f"the real messages are not here: {REAL_FILE}")


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """One for all tests here; each imports under ids or a channel of its own."""
    (port,) = free_ports(1)
    sink = Controller(Sink(), hostname="127.0.0.1", port=port)
    sink.start()
    async with system_on(stack, tmp_path_factory.mktemp("import"), LINLI_SMTP_PORT=str(port)) as system:
        yield system
    sink.stop()


@pytest.fixture(scope="module")
async def linli(system: System, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """With the sample community loaded."""
    linli = CommandLine(system, tmp_path_factory.mktemp("operator") / "home")
    assert (await linli.figures("community", "load", str(SAMPLE)))["changed"]
    return linli


async def total_cases(system: System) -> int:
    total: int = (await system.get("workflow", "/v1/cases", count=True, limit=1))["total"]
    return total


async def test_bad_rows_go_to_a_file_of_their_own_and_do_not_stop_the_rest(
    system: System, linli: CommandLine, tmp_path: Path
) -> None:
    rows = [[f"A-{n}", f"第{n}件:楼道灯不亮", "三楼的灯坏了", "2024/5/6 8:01:02", "槐荫里", ""] for n in range(1, 401)]
    rows[9][3] = "昨天"
    rows[19][4] = "不存在的小区"
    rows[29][5] = "打不通"
    rows[39][1] = ""
    file, receipts = tmp_path / "hotline.csv", tmp_path / "receipts.csv"
    with file.open("w", encoding="gb18030", newline="") as output:
        csv.writer(output).writerows([["工单编号", "标题", "内容", "受理时间", "小区", "联系电话"], *rows])

    code, printed, told = await linli.run("import", str(file), "--json", "--receipts", str(receipts))
    figures = json.loads(printed)

    assert code == 3
    assert [figures[name] for name in ("rows", "accepted", "rejected", "cases")] == [400, 398, 2, 398]
    assert figures["untaken"] == {"neighbourhood": 1, "phone": 1}
    assert figures["read"]["columns"]["id"] == "工单编号"
    assert "title ← 标题" in told
    assert "1 row was taken without all of its neighbourhood: 21" in told
    with (tmp_path / "hotline.csv.rejected.csv").open(encoding="utf-8-sig", newline="") as rejected:
        kept = list(csv.reader(rejected))
    assert kept[0] == ["row", "reason", "工单编号", "标题", "内容", "受理时间", "小区", "联系电话"]
    assert [(row[0], row[2]) for row in kept[1:]] == [("11", "A-10"), ("41", "A-40")]
    assert ["昨天" in kept[1][1], "title" in kept[2][1]] == [True, True]
    with receipts.open(encoding="utf-8-sig", newline="") as written:
        lines = {line["row"]: line for line in csv.DictReader(written)}
    assert len(lines) == 400
    assert (lines["11"]["status"], lines["21"]["status"], lines["21"]["not_taken"]) == (
        *("rejected", "accepted", "neighbourhood"),
    )
    case = await system.get("workflow", f"/v1/cases/{lines['21']['submission']}")
    assert case["attributes"] == {"as_written.neighbourhood": "不存在的小区"}
    page = await system.get("workflow", f"/v1/cases/{lines['400']['submission']}")
    assert (page["channel"], page["neighbourhood"]) == ("hotline", "huaiyin-li")
    assert page["submitted_at"] == "2024-05-06T00:01:02Z"


async def test_what_was_understood_is_shown_and_nothing_sent(
    system: System, linli: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "hotline.csv"
    file.write_text("十一月工单\n编号;标题;小区\nD-1;路灯坏了;槐荫里\n合计;1件;\n", encoding="utf-8")
    before = await total_cases(system)

    shown = await linli.figures("import", str(file), "--dry-run")

    assert shown["read"]["header_row"] == 2
    assert shown["read"]["left_out"] == {"4": "a total"}
    assert [each["submission"]["external_id"] for each in shown["sample"]] == ["D-1"]
    assert await total_cases(system) == before


async def test_a_file_without_a_title_column_says_what_to_do(linli: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("编号,事由\n1,路灯坏了\n", encoding="utf-8")

    code, _, told = await linli.run("import", str(file))
    mapped = await linli.figures("import", str(file), "--map", "title=事由")

    assert (code, "The columns are 编号, 事由; say --map title=COLUMN" in told) == (1, True)
    assert mapped["cases"] == 1


@with_real_file
async def test_every_real_message_becomes_one_case_and_a_second_run_makes_none(
    system: System, linli: CommandLine
) -> None:
    before = await total_cases(system)

    first = await linli.figures("import", str(REAL_FILE), "--channel", "lijiban")
    after = await total_cases(system)
    second = await linli.figures("import", str(REAL_FILE), "--channel", "lijiban")

    assert ALL_ACCEPTED.items() <= first.items()
    assert [second[name] for name in ("accepted", "duplicates", "rejected", "cases")] == [0, REAL_ROWS, 0, 0]
    assert after == await total_cases(system) == before + REAL_ROWS


@with_real_file
async def test_a_draft_policy_is_tried_on_the_real_messages(linli: CommandLine) -> None:
    """They are years old and nobody has acted on them here, so each of them would have climbed to the top."""
    draft = SAMPLE / "escalation.yaml"
    found = await linli.figures("policy", "try", str(draft), "--community", "fushan-road")
    assert found["cases"] >= found["escalated"] >= REAL_ROWS
    assert (
        sum(found["by_level"].values())
        == sum(found["by_deadline"].values())
        == sum(group["steps"] for group in found["by_party"])
    )
    assert found["by_level"]["subdistrict"] >= REAL_ROWS


@with_real_file
async def test_killing_services_during_an_import_changes_none_of_its_figures(
    system: System, linli: CommandLine
) -> None:
    before = await total_cases(system)
    importing = asyncio.create_task(linli.figures("import", str(REAL_FILE), "--channel", "suishoupai"))

    async def dispatched(rows: int) -> bool:
        return await total_cases(system) >= before + rows

    for rows, services in ((1, ["intake"]), (600, ["notify", "workflow"])):
        await until(partial(dispatched, rows))
        assert not importing.done()
        for service in services:
            system.kill(service)
            system.launch(service)

    assert ALL_ACCEPTED.items() <= (await importing).items()
    assert await total_cases(system) == before + REAL_ROWS
