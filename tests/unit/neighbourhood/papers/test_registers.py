"""Registers of owners as clerks keep them: workbooks and text with headings of any wording."""

import time
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from io import BytesIO

import pytest
import xlsxwriter

from linli.text.spreadsheet_cells import WORKBOOK_OPTIONS
from neighbourhood.papers.registers import form
from neighbourhood.papers.registers.headings import Column, column_of
from neighbourhood.papers.registers.lines import RegisterFile
from neighbourhood.papers.registers.reading import packed, read_register, rows_of, unpacked
from neighbourhood.papers.registers.tables import MOST_BYTES
from neighbourhood.votes.domain.register_rows import Checked, OpaqueIds, check

HEAD = ("楼号", "单元", "房号", "建筑面积（㎡）", "面积来源", "业主姓名", "身份证号")
Write = Callable[[xlsxwriter.worksheet.Worksheet, xlsxwriter.Workbook], None]


def identity(number: int) -> str:
    """One whose last digit fits."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    first = f"37020219800101{number:03}"
    return first + "10X98765432"[sum(int(each) * by for each, by in zip(first, weights, strict=True)) % 11]


def workbook(write: Write, **options: object) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {**WORKBOOK_OPTIONS, "in_memory": True, **options}) as book:
        write(book.add_worksheet("名册"), book)
    return out.getvalue()


def with_rows(*rows: Sequence[object]) -> bytes:
    def write(sheet: xlsxwriter.worksheet.Worksheet, _: xlsxwriter.Workbook) -> None:
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)

    return workbook(write)


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def checked(file: RegisterFile) -> Checked:
    assert not file.faults, [str(each.why) for each in file.faults]
    return check(rows_of(file, hashed), OpaqueIds(hashed, hashed, hashed), file.total_area)


def told(file: RegisterFile) -> list[tuple[int, str]]:
    assert all(each.why.chinese for each in (*file.faults, *file.doubts))
    return [(each.line, str(each.why)) for each in file.faults]


def test_a_register_with_a_title_wide_figures_sums_and_notes_becomes_entries() -> None:
    def write(sheet: xlsxwriter.worksheet.Worksheet, book: xlsxwriter.Workbook) -> None:
        sheet.merge_range(0, 0, 0, 6, "槐荫里小区业主名册", book.add_format())
        sheet.write(1, 0, "制表日期：2026 年 11 月")
        sheet.write_row(2, 0, ("楼 号", "单元", "房号", "＊建筑面积\n（㎡）", "面积依据", "产权人", "证件号码"))
        sheet.merge_range(3, 0, 5, 0, "３号楼", book.add_format())
        sheet.merge_range(3, 1, 4, 1, 1, book.add_format())
        sheet.write_row(3, 2, ("１０１", "５９．８７", "不动产登记簿", "王　伟", identity(1)))
        sheet.write_row(4, 2, (102.0, 60.120000000000005, "合同", "李娟，王伟", f"{identity(2)},{identity(1)}"))
        sheet.write_row(5, 1, ("2单元", "201室", "60", "实测", "青岛 某某 公司", "91370200ma3c0000x1"))
        sheet.write_row(7, 0, ("合 计", "", "", 179.99))
        sheet.write(8, 0, "注：面积以登记簿为准")

    file = read_register(workbook(write))
    assert [(each.line, each.door, each.stairwell) for each in file.rows] == [
        (4, "3号楼1单元101", "3号楼1单元"),
        (5, "3号楼1单元102", "3号楼1单元"),
        (6, "3号楼2单元201室", "3号楼2单元"),
    ]
    assert [each.owner for each in file.rows] == ["王伟", "李娟、王伟", "青岛某某公司"]
    found = checked(file)
    assert [each.area for each in found.entries] == [59_87, 60_12, 60_00] and file.total_area == 179_99
    assert not found.faults and not file.doubts
    assert file.rows[1].documents == "、".join(sorted((identity(1), identity(2))))


def test_owners_in_common_are_one_head_whoever_is_named_first() -> None:
    first, second = identity(1), identity(2)
    rows = [
        ("3", "1", "101", "60", "实测", "王伟、李娟", f"{first}、{second}"),
        ("3#", "1", "102", "60", "实测", "李娟 王伟", f"{second} {first}"),
    ]
    found = checked(read_register(with_rows(HEAD, *rows)))
    assert len({each.owner for each in found.entries}) == 1 and len({each.stairwell for each in found.entries}) == 1


def test_an_owner_of_several_units_may_stand_in_one_merged_cell_but_an_area_may_not() -> None:
    def write(sheet: xlsxwriter.worksheet.Worksheet, book: xlsxwriter.Workbook) -> None:
        sheet.write_row(0, 0, HEAD)
        for at in (1, 2):
            sheet.write_row(at, 0, ("3", "1", f"10{at}", "", "实测"))
        for column, value in ((3, "120"), (5, "开发公司"), (6, "91370200MA3C0000X1")):
            sheet.merge_range(1, column, 2, column, value, book.add_format())

    file = read_register(workbook(write))
    assert [each.owner for each in file.rows] == ["开发公司"] * 2
    assert [(each.line, str(each.why)) for each in checked(file).faults] == [
        (3, "the area is no number with two decimals at most")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_in_usual_encodings_and_separators_is_read(encoding: str, separator: str) -> None:
    lines = [HEAD, ("3", "1", "101", "60.5", "登记簿", "王伟", "'" + identity(1))]
    file = read_register("\r\n".join(separator.join(each) for each in lines).encode(encoding))
    [row] = file.rows
    assert (row.line, row.door, row.area, row.documents) == (2, "3号楼1单元101", "60.5", identity(1))


def test_a_door_that_says_all_needs_no_column_for_the_stairwell() -> None:
    head = ("房屋坐落", "面积", "来源", "业主", "证件")
    doors = ("3号楼1单元402", "3-1-402", "５幢２单元 301室")
    rows = [(door, "60", "实测", f"业主{at}", identity(at)) for at, door in enumerate(doors)]
    file = read_register(with_rows(head, *rows))
    assert [each.stairwell for each in file.rows] == ["3号楼1单元", "3-1", "5幢2单元"]
    assert not checked(file).faults


def test_each_fault_says_its_line() -> None:
    good = ("3", "1", "101", "60", "实测", "王伟", identity(1))

    def write(sheet: xlsxwriter.worksheet.Worksheet, book: xlsxwriter.Workbook) -> None:
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, good)
        sheet.write_row(2, 0, ("3", "1", "102", "60", "实测", "李娟", int(identity(2).replace("X", "1"))))
        sheet.write_row(3, 0, ("3", "1", "", "60", "实测", "赵强", identity(3)))
        sheet.write_datetime(3, 2, date(2026, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))

    assert told(read_register(workbook(write))) == [
        (3, "the spreadsheet has lost the last digits of the document's number; write it as text"),
        (4, "the spreadsheet made a date of a cell; write it as text"),
    ]
    assert told(read_register(with_rows(HEAD, (*good[:6], "3.70202E+17"))))[0][0] == 2
    file = read_register(with_rows(HEAD, good, (*good[:3], "60.123", "听说", "", identity(1))))
    assert [each.line for each in checked(file).faults] == [3, 3, 3, 3], "area, source, owner, the same door"


def test_an_identity_number_that_is_mistyped_is_a_doubt() -> None:
    wrong = identity(1)[:-1] + ("0" if identity(1)[-1] != "0" else "1")
    file = read_register(with_rows(HEAD, ("3", "1", "101", "60", "实测", "王伟", wrong)))
    assert [(each.line, str(each.why)) for each in file.doubts] == [
        (2, "the identity number's last digit does not fit: mistyped?")
    ]
    assert wrong not in repr(file)


def test_a_missing_column_is_told_once_and_by_its_name() -> None:
    file = read_register(with_rows(("楼号", "单元", "房号", "面积", "业主"), ("3", "1", "101", "60", "王伟")))
    assert told(file) == [
        (1, "there is no column for the area's source (面积来源)"),
        (1, "there is no column for the owner's document (证件号)"),
    ]
    assert file.faults[0].why.chinese == "缺少“面积来源”一列"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "no line of headings was found"),
        ("没有表头,的表".encode(), "no line of headings was found"),
        (b"\x00\x01\x02" * 10, "neither a workbook nor text"),
        (b"PK\x03\x04 broken", "cannot be opened"),
        (b"x" * (MOST_BYTES + 1), "larger than 16 MB"),
        (b",".join([b"x"] * 100), "too long or too wide"),
        (",".join(HEAD).encode() + b"\n\n" + b'"a' * 5_000, "no table"),
        (",".join(HEAD).encode() + b"\n\n" + b'"a' * 200_000, "no table"),
    ],
)
def test_a_file_that_is_no_list_says_why(content: bytes, what: str) -> None:
    [(line, why)] = told(read_register(content))
    assert line == 0 and what in why


def test_the_form_is_read_as_it_is_filled_in_and_its_example_is_left_out() -> None:
    content = form.form()
    assert content == form.form()
    empty = read_register(content)
    assert not empty.rows and not empty.faults, "its headings are known, the example is none of the owners"
    assert {column_of(each) for each in form.HEADINGS} == {*Column, None}
    assert check([], OpaqueIds(hashed, hashed, hashed)).faults


def test_headings_are_known_by_what_people_write() -> None:
    for heading, column in (
        ("＊建筑面积（㎡）", Column.AREA),
        ("专有部分面积 (平方米)", Column.AREA),
        ("建筑面积m2", Column.AREA),
        ("身份证号/统一社会信用代码", Column.DOCUMENT),
        ("业主（产权人）", Column.OWNER),
        ("栋  号：", Column.BUILDING),
        ("联系电话", None),
    ):
        assert column_of(heading) is column, heading


def test_what_the_process_says_is_what_was_read() -> None:
    file = read_register(with_rows(HEAD, ("3", "1", "101", "60", "实测", "王伟", "370202198001010010"), ("合计",)))
    again = unpacked(packed(file))
    assert again == file and [each.why.chinese for each in again.doubts] == [each.why.chinese for each in file.doubts]


def test_20_000_units_are_read_and_checked_at_once() -> None:
    rows = [
        (
            f"{at // 200 + 1}",
            f"{at % 200 // 50 + 1}",
            f"{at % 50 + 101}",
            60.5,
            "不动产登记簿",
            f"业主{at}",
            f"D{at:08}",
        )
        for at in range(20_000)
    ]
    content = with_rows(("名册",), HEAD, *rows, ("合计", "", "", 60.5 * 20_000))
    begun = time.process_time()
    found = checked(read_register(content))
    spent = time.process_time() - begun
    assert len(found.entries) == 20_000 and not found.faults
    assert spent < 10, f"{spent:.1f} s of a processor; it was written where it took one"
