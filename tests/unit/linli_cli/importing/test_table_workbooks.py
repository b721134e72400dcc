"""Workbooks as people have them, and workbooks that ask for more than a machine has."""

import zipfile
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import pytest
import xlsxwriter

from linli.text.spreadsheet_cells import WORKBOOK_OPTIONS
from linli_cli.importing.columns import COLUMN_FIELDS
from linli_cli.importing.tables import UnreadableTable, sheet_child
from linli_cli.importing.tables.dates import Reading, parse_time
from linli_cli.importing.tables.reading import Asked, Form, open_table
from linli_cli.importing.tables.rows import FromNumber
from tests.support.workbooks import write_workbook

Written = Callable[[xlsxwriter.Workbook], None]
HEAD = ["编号", "标题", "小区", "来电时间"]


def book(path: Path, write: Written, **options: object) -> Path:
    with xlsxwriter.Workbook(str(path), {**WORKBOOK_OPTIONS, **options}) as workbook:
        write(workbook)
    return path


def records(path: Path, asked: Asked | None = None) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    with open_table(path, COLUMN_FIELDS, asked=asked) as table:
        return table.header, [row.cells for row in table.rows()]


def form_of(path: Path) -> Form:
    with open_table(path, COLUMN_FIELDS) as table:
        return table.form


def test_the_first_sheet_that_is_seen_and_holds_something_is_read_and_another_when_asked_for(tmp_path: Path) -> None:
    def write(workbook: xlsxwriter.Workbook) -> None:
        workbook.add_worksheet("封面").activate()
        hidden = workbook.add_worksheet("字典")
        hidden.write_row(0, 0, ["编号", "标题"])
        hidden.hide()
        for name in ("十月", "十一月"):
            workbook.add_worksheet(name).write_column(0, 0, ["标题", f"{name}的路灯"])

    path = book(tmp_path / "a.xlsx", write)

    assert records(path) == (("标题",), [("十月的路灯",)])
    assert (form_of(path).sheet, form_of(path).other_sheets) == ("十月", ("十一月",))
    assert records(path, Asked(sheet="十一月"))[1] == records(path, Asked(sheet="4"))[1] == [("十一月的路灯",)]
    with pytest.raises(UnreadableTable, match="there is no sheet '九月'; the sheets are 封面, 字典, 十月, 十一月"):
        records(path, Asked(sheet="九月"))


def test_merged_cells_fill_their_rows_and_a_line_across_is_no_record(tmp_path: Path) -> None:
    def write(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        sheet.merge_range("A1:D1", "十一月热线工单")
        sheet.write_row(1, 0, HEAD)
        sheet.write_column(2, 1, ["路灯", "漏水", "电梯"])
        sheet.merge_range("C3:C5", "槐荫里")
        sheet.merge_range("A6:D6", "以下为夜间来电")
        sheet.write_row(6, 0, ["7", "噪音", "石榴园"])
        sheet.merge_range("A8:B8", "燃气")

    header, rows = records(book(tmp_path / "a.xlsx", write))

    assert header == tuple(HEAD)
    assert rows[:3] == [("", "路灯", "槐荫里"), ("", "漏水", "槐荫里"), ("", "电梯", "槐荫里")]
    assert [row[1] for row in rows[3:]] == ["噪音"]


def test_a_header_of_two_levels_is_read_merged_or_not(tmp_path: Path) -> None:
    def write(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        for column, name in enumerate(["编号", "标题"]):
            sheet.merge_range(0, column, 1, column, name)
        sheet.merge_range("C1:D1", "来电人")
        sheet.write_row(1, 2, ["姓名", "联系电话"])
        sheet.write_row(2, 0, ["1", "路灯", "王女士", "13900000101"])

    plain = tmp_path / "a.csv"
    plain.write_text("编号,标题,来电人,\n,,姓名,联系电话\n1,路灯,王女士,13900000101\n", encoding="utf-8")

    for path in (book(tmp_path / "a.xlsx", write), plain):
        header, rows = records(path)
        assert (header[:2], header[3], rows) == (
            ("编号", "标题"),
            "联系电话",
            [("1", "路灯", "王女士", "13900000101")],
        )


def test_totals_notes_and_headers_that_come_again_are_no_records(tmp_path: Path) -> None:
    lines = [
        *("编号,标题,小区", "1,合计费用不清,槐荫里", "2,路灯,石榴园", "小计,2件,", "编号,标题,小区", "3,漏水,槐荫里"),
        *("总计：,3件,100%", "制表人：王某,,", "备注：以上为十一月来电,,"),
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")

    with open_table(path, COLUMN_FIELDS) as table:
        assert [row.cells[0] for row in table.rows()] == ["1", "2", "3"]
        assert table.count == 3
        assert table.left_out == {
            4: "a total",
            5: "the header again",
            7: "a total",
            8: "a note below the table",
            9: "a note below the table",
        }


def test_the_user_says_which_row_is_the_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("标题,编号\n事由,序\n路灯,1\n", encoding="utf-8")

    assert records(path, Asked(header_line=2)) == (("事由", "序"), [("路灯", "1")])
    with pytest.raises(UnreadableTable, match="row 9 is empty or not among the first"):
        records(path, Asked(header_line=9))


@pytest.mark.parametrize("from_1904", [False, True])
def test_dates_are_the_same_in_both_systems_with_and_without_a_format(tmp_path: Path, from_1904: bool) -> None:
    def write(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        at = datetime(2026, 11, 3, 9, 32, 9)  # noqa: DTZ001 - a sheet's dates have no zone
        sheet.write_row(0, 0, ["标题", "时间", "编号"])
        sheet.write("A2", "路灯")
        sheet.write_datetime("B2", at, workbook.add_format({"num_format": "yyyy/m/d h:mm"}))
        sheet.write_row("A3", ["漏水", 46329.397326 - 1462 * from_1904, 20261103001])
        sheet.write("A4", "电梯")
        sheet.write_datetime("B4", time(9, 5), workbook.add_format({"num_format": "h:mm"}))

    path = book(tmp_path / "a.xlsx", write, date_1904=from_1904)
    with open_table(path, COLUMN_FIELDS) as table:
        [formatted, number, alone] = list(table.rows())
        reading = Reading(from_1904=table.form.from_1904)

    assert parse_time(formatted.cells[1], reading) == parse_time(number.cells[1], reading) == "2026-11-03T01:32:09Z"
    assert isinstance(number.cells[2], FromNumber)
    assert (number.cells[2], alone.cells[1]) == ("20261103001", "09:05:00")


def test_formulas_that_were_never_calculated_are_found(tmp_path: Path) -> None:
    never, empty = '<c r="A2"><f>B2&amp;"x"</f><v></v></c>', '<c r="B2" t="str"><f>""</f><v></v></c>'
    row = f'<row r="2">{never}{empty}<c r="C2"><f>1</f><v>1</v></c></row>'
    write_workbook(tmp_path / "a.xlsx", [["编号", "标题", "小区"]], more=row)

    assert form_of(tmp_path / "a.xlsx").not_calculated == {(2, 0)}


@pytest.mark.parametrize("cells", ['<c r="XFD1048576"><v>1</v></c>', '<c r="ZZ1000000"><v>1</v></c>'])
def test_a_cell_far_from_the_others_ends_nothing(tmp_path: Path, cells: str) -> None:
    number = cells.split('"')[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    write_workbook(tmp_path / "sparse.xlsx", [["标题"], ["路灯"]], more=f'<row r="{number}">{cells}</row>')

    with pytest.raises(UnreadableTable, match="more memory or time than a table may"):
        records(tmp_path / "sparse.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "huge.xlsx"
    write_workbook(path, [["标题"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package, package.open("xl/sharedStrings.xml", "w") as part:
        for _ in range(sheet_child.UNPACKED // 2**24 + 1):
            part.write(b" " * 2**24)

    assert path.stat().st_size < 4 * 2**20
    with pytest.raises(UnreadableTable, match=r"unpacks to \d+ MB"):
        records(path)


@pytest.mark.parametrize(
    "content", [b"no workbook", b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.xlsx").write_bytes(content)

    with pytest.raises(UnreadableTable, match="cannot be opened"):
        records(tmp_path / "bad.xlsx")
