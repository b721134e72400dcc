"""What an import shows before it sends anything, and what it leaves beside the file."""

import csv
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from linli.contracts.kinds import Channel, Kind
from linli_cli.community.names import Names
from linli_cli.importing.columns import match_columns
from linli_cli.importing.files import keep_receipts, keep_rejections, own_columns
from linli_cli.importing.rows import defaults_for
from linli_cli.importing.run import Item, Tally, prepared
from linli_cli.importing.shown import doubt_lines, doubts, sample_lines
from linli_cli.importing.tables import Row
from linli_cli.importing.tables.dates import Reading
from tests.support.builders import community

HEADER = ("工单编号", "标题", "来电时间", "小区", "联系电话")
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])


def understood(*cells: tuple[str, ...]) -> tuple[list[Item], Tally]:
    """Rows of a file, from line 2 on."""
    here = community()
    how = defaults_for(here, Channel.HOTLINE, Kind.REPORT, Reading(), strict=False, due_from_call=False)
    tally = Tally(rows=len(cells), receipts=[])
    rows = [Row(line, row) for line, row in enumerate(cells, 2)]
    items = list(prepared(rows, len(HEADER), match_columns(HEADER, {}), how, tally))
    for item in items:
        tally.leaves_out(item)
    return items, tally


def test_a_row_is_shown_with_names_and_in_the_communitys_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_LANGUAGE", "zh")
    items, tally = understood(("4711", "停水了", "2026-11-23 12:00", "东院", "打不通"), ("4712", "", "", "", ""))
    first, second = sample_lines(items, tally.rejections, Names.of(community()), ZoneInfo("Asia/Shanghai"))
    assert (
        first
        == "第 2 行：工单号：4711；来电：2026-11-23 12:00；类型：报事；标题：停水了；小区：东院；电话未能识别：打不通"
    )
    assert second == "第 3 行：不受理：标题是空的"


def test_what_is_doubtful_is_counted_by_column_over_the_whole_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_LANGUAGE", "en")
    rows = [(str(number), f"第{number}件", "", "没有的小区" if number % 2 else "东院", "") for number in range(30)]
    _, tally = understood(*rows, ("x", "", "", "", ""))
    assert list(doubt_lines(tally)) == [
        "neighbourhood: 15 cells are not understood, in row 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, ….",
        "1 row is to be rejected: 32.",
    ]
    assert doubts(tally)["untaken"] == {"neighbourhood": 15}
    assert doubts(tally)["rejected"] == 1


@LANGUAGES
def test_a_rejected_row_keeps_the_number_that_it_has_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("LINLI_LANGUAGE", language)
    items, tally = understood(("4711", "停水了", "昨天", "", ""), ("4712", "路灯坏了", "", "没有", "打不通"))
    tally.take(items[0], {"status": "accepted", "id": "s-1", "tracking_code": "code"})
    keep_receipts(tmp_path / "receipts.csv", tally.receipts or [])
    header, rejected, taken = csv.reader((tmp_path / "receipts.csv").read_text(encoding="utf-8-sig").splitlines())
    words = {"en": ["status", "rejected", "accepted", "phone"], "zh": ["结果", "未受理", "已受理", "电话"]}[language]
    assert [header[2], rejected[2], taken[2], taken[6]] == words
    assert (rejected[0], rejected[1], taken[1]) == ("2", "4711", "4712")


@LANGUAGES
def test_a_corrected_file_of_rejected_rows_is_known_in_either_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("LINLI_LANGUAGE", language)
    _, tally = understood(("4711", "停水了", "昨天", "", ""))
    kept = keep_rejections(tmp_path / "a.csv", HEADER, tally.rejections)
    header, row = csv.reader(kept.read_text(encoding="utf-8-sig").splitlines())
    monkeypatch.setenv("LINLI_LANGUAGE", "zh" if language == "en" else "en")
    assert len(own_columns(header)) == 2
    assert match_columns(header, {}).at["title"] == 3

    [rejection] = tally.rejections
    again = keep_rejections(kept, header, [type(rejection)(Row(2, tuple(row)), "again")])
    header, row = csv.reader(again.read_text(encoding="utf-8-sig").splitlines())
    assert tuple(header[2:]) == HEADER
    assert row[:4] == ["2", "again", "4711", "停水了"]
