"""What `linli report` shows and writes."""

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from rich.console import Console
from typer.testing import CliRunner

from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.community import PartyKind
from linli.text.spreadsheet_cells import private_file, write_csv
from linli_cli.cases.case_rows import ANSWERS, CASES, STATES, Words, headers, row_of
from linli_cli.cases.case_rows import KINDS as SUBMITTED_AS
from linli_cli.cases.report import Period
from linli_cli.cases.report_files import show, workbook, write_report_csv, write_report_xlsx, write_sheet
from linli_cli.cases.report_table import CHANNELS, COLUMNS, COUNTS, GROUPS, KINDS, RATES, Report, Share
from linli_cli.main import app
from tests.support.builders import community

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAME = "浮山路街道办事处城市管理和综合行政执法服务中心"


def row(key: str | None, name: str | None = None, returns: int | None = None, **changes: Any) -> dict[str, Any]:
    counts = {"cases": 4, "open": 1, "open_late": 1, "resolved": 2, "in_time": 1, "late": 1, "withdrawn": 1}
    counts |= {"escalated": 1, "returned": 1, "followers": 0, "parts": 0}
    rates = {rate: {"yes": 1, "of": 16, "rate": 1 / 16} for rate in RATES}
    return {"key": key, "name": name, "returns": returns, "median_days": 2.25} | counts | rates | changes


def a_report(**groups: list[dict[str, Any]]) -> Report:
    rows = {by: [row("x", NAME)] for by in GROUPS} | {"level": [row("household")], "channel": [row("hotline")]}
    made_at = datetime(2026, 12, 1, 9, 5, tzinfo=SHANGHAI)
    return Report("浮山路街道", "2026年11月", "来电时间", made_at, rows | groups)


def shown(report: Report, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show(report, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_what_nobody_counted_is_no_zero(tmp_path: Path) -> None:
    write_report_csv(tmp_path / "r.csv", a_report(party=[row("estate", NAME, returns=0)]))
    returned = {line["分类"]: line["退单数"] for line in read(tmp_path / "r.csv") if line["编号"] != "合计"}
    assert returned == {"总计": "0", "责任方": "0", "层级": "", "类别": "", "小区": "", "渠道": ""}


def test_everything_that_a_row_can_be_called_has_a_name() -> None:
    assert set(KINDS) == set(PartyKind)
    assert set(CHANNELS) == set(Channel)
    assert set(SUBMITTED_AS) == set(Kind)
    assert set(STATES) == set(CaseState)
    words = shown(a_report(neighbourhood=[row(None)], category=[row(None)], party=[row(None)]), 160)
    assert all(name in words for name in ("党员中心户", "热线", "未写小区", "未分类", "无责任方"))


@pytest.mark.parametrize("width", [80, 160])
def test_a_long_name_is_whole_at_every_width(width: int) -> None:
    lines = shown(a_report(), width).splitlines()
    folded = "".join(line.split()[0] for line in lines if line[:3].strip())
    assert NAME in folded
    assert max(map(len, lines)) <= width


def test_a_report_says_of_which_days_it_is_and_when_it_was_made(tmp_path: Path) -> None:
    write_report_xlsx(tmp_path / "r.xlsx", a_report(), headers(CASES), [])
    sheet = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx")).get_sheet_by_name("责任方").to_python()
    assert [line[0] for line in sheet[:3]] == [
        "浮山路街道 2026年11月 诉求办理情况",
        "统计期间：2026年11月（按来电时间）",
        "制表时间：2026-12-01 09:05",
    ]
    write_report_csv(tmp_path / "r.csv", a_report())
    assert {(line["统计期间"], line["制表时间"]) for line in read(tmp_path / "r.csv")} == {
        ("2026年11月", "2026-12-01 09:05")
    }


def test_a_table_ends_with_sums_and_its_percentages_come_from_them(tmp_path: Path) -> None:
    half = {"response": {"yes": 3, "of": 4, "rate": 0.75}}
    report = a_report(party=[row("a", "甲", 2), row("b", "乙", 1, **half)], all=[row("x", "街道", cases=8)])
    *_, total = report.lines("party")
    cells = dict(zip(COLUMNS, total, strict=True))
    assert (cells["编号"], cells["事项数"], cells["退单数"], cells["回访数"]) == ("合计", 8, 3, 20)
    assert str(cells["响应率"]) == "20.0%"
    assert cells["事项数"] == cells["在办"] + cells["办结"] + cells["撤回"]
    write_report_xlsx(tmp_path / "r.xlsx", report, headers(CASES), [])
    sheet = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx")).get_sheet_by_name("责任方").to_python()
    assert (sheet[6][0], sheet[6][COLUMNS.index("响应率")]) == ("合计", 0.2)


def test_sums_that_differ_say_why() -> None:
    total = row("x", "街道", cases=4, followers=3, parts=2)
    notes = list(a_report(all=[total], party=[row("a", "甲", cases=6)]).notes("party"))
    assert any("拆分的 2 件分办事项" in note for note in notes)
    assert any("另有 3 件并入其他事项" in note for note in notes)
    assert not any("制表期间" in note for note in notes)
    meanwhile = list(a_report(all=[total], category=[row("a", "甲", cases=5)]).notes("category"))
    assert any("相差 1 件" in note for note in meanwhile)


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_percentage_is_rounded_once_half_up(yes: int, of: int) -> None:
    yes = min(yes, of)
    tenths = int(str(Share(yes, of)).rstrip("%").replace(".", ""))
    assert abs(tenths * of - yes * 1000) * 2 <= of
    assert str(Share(1, 16)) == "6.3%"
    assert str(Share(0, 0)) == "-"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ((2026, 12, 1), (2026, 12, 31), "2026年12月"),
        ((2028, 2, 1), (2028, 2, 29), "2028年2月"),
        ((2026, 11, 1), (2026, 11, 15), "2026-11-01 至 2026-11-15"),
        ((2026, 1, 1), (2026, 12, 31), "2026-01-01 至 2026-12-31"),
    ],
)
def test_a_period_is_called_by_its_month_or_its_days(first: Any, last: Any, said: str) -> None:
    period = Period(date(*first), date(*last))
    assert str(period) == said
    assert period.bounds(SHANGHAI)[0].endswith("T00:00:00+08:00")


@pytest.mark.parametrize(
    "asked",
    [[], ["--month", "2026-13"], ["--month", "11"], ["--from", "2026-11-01"], ["--month", "2026-11", "--to", "x"]],
)
def test_a_period_that_is_none_is_refused_in_words(asked: list[str]) -> None:
    done = CliRunner().invoke(app, ["report", *asked])
    assert (done.exit_code, "2026-11" in done.output) == (2, True)


def test_an_empty_month_says_so() -> None:
    assert shown(a_report(**{by: [] for by in GROUPS}), 80) == "浮山路街道 2026年11月 诉求办理情况: no cases.\n"


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "r.csv"
    out.write_text("kept")
    for asked in (["report", "--month", "2026-11"], ["export", "cases", "--since", "7d"]):
        done = CliRunner().invoke(app, [*asked, "--out", str(out)])
        assert (done.exit_code, "add --force" in done.output, out.read_text()) == (1, True, "kept")


CALLED = datetime(2026, 10, 31, 23, 50)  # noqa: DTZ001 - a sheet's times have no zone


def test_times_are_times_in_a_workbook_and_are_written_to_the_second_in_csv(tmp_path: Path) -> None:
    with workbook(tmp_path / "cases.xlsx") as book:
        write_sheet(book, "事项", ["来电时间", "签收时间"], [[CALLED, None]])
    [_, row] = CalamineWorkbook.from_path(str(tmp_path / "cases.xlsx")).get_sheet_by_name("事项").to_python()
    assert row[0] == CALLED
    with private_file(tmp_path / "cases.csv") as file:
        write_csv(file, [["来电时间"], [CALLED]])
    assert read(tmp_path / "cases.csv") == [{"来电时间": "2026-10-31 23:50:00"}]


def test_a_case_is_told_in_names_and_local_times() -> None:
    case: dict[str, Any] = dict.fromkeys(
        ("category", "place", "accept_by", "accepted_at", "contacted", "satisfied", "merged_into", "part_of")
    )
    case |= {"id": "1", "external_id": "12345-7", "channel": "hotline", "title": "=1+1", "text": "", "kind": "report"}
    case |= {
        "state": "resolved",
        "party": {"id": "estate", "name": "物业公司"},
        "neighbourhood": "east",
        "solved": True,
    }
    case |= {"submitted_at": "2026-10-31T15:50:00Z", "opened_at": "2026-11-28T00:00:00Z", "answer": "已修好"}
    case |= {"resolve_by": "2026-11-29T00:00:00Z", "resolved_at": "2026-11-29T00:00:01Z"}
    case |= {"escalations": 0, "returned_by": ["estate"]}
    words = Words.of(community())
    cells = dict(zip(headers(CASES), row_of(case, CASES, words), strict=True))
    assert (cells["工单编号"], cells["渠道"], cells["来电时间"]) == ("12345-7", "热线", CALLED)
    assert (cells["小区"], cells["责任方"], cells["状态"]) == ("东院", "物业公司", "已办结")
    assert (cells["超期办结"], cells["退单次数"]) == ("是", 1)
    answer = dict(zip(headers(ANSWERS, english=True), row_of(case, ANSWERS, words), strict=True))
    assert (answer["answer"], answer["solved"], answer["contacted"]) == ("已修好", "是", None)
    assert len(COUNTS) == 9
