"""The cells of a file, line by line: of a workbook's sheets, or of text in usual encodings and separators."""

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from itertools import islice
from typing import NamedTuple, TypeAlias

import python_calamine

from linli.text.spreadsheet_cells import unmarked
from linli.web.localized import Localized
from neighbourhood.papers.registers.headings import FEWEST, LOOKED_AT, columns_of

MOST_BYTES = 16 * 1024 * 1024
MOST_LINES = 60_000
MOST_CELLS = 64
"""In a line."""
LONGEST_CELL = 4_000
"""Characters. A longer one is a quotation mark that nobody closed."""
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SEPARATORS = ",\t;|，"


class Unreadable(Exception):
    """What is wrong with the file as a whole, for who handed it in."""

    def __init__(self, why: Localized) -> None:
        super().__init__(why)
        self.why = why


class Day(str):
    """A cell that the spreadsheet holds as a date or time: what was typed there is lost."""

    __slots__ = ()


class Figure(NamedTuple):
    """A cell that the spreadsheet holds as a number."""

    value: float


Cell: TypeAlias = str | Day | Figure


@dataclass(frozen=True, slots=True)
class Line:
    """`number` is the one that people see beside it. `merged` says which cells go on from the line above."""

    number: int
    cells: tuple[Cell, ...]
    merged: frozenset[int] = frozenset()


def lines_of(content: bytes) -> Iterator[Line]:
    """Of the first sheet that has headings. Raises `Unreadable`."""
    if len(content) > MOST_BYTES:
        raise Unreadable(Localized("the file is larger than 16 MB", "文件超过 16 MB"))
    lines = _of_workbook(content) if content.startswith(_WORKBOOKS) else _of_text(content)
    for count, line in enumerate(lines):
        if count >= MOST_LINES or len(line.cells) > MOST_CELLS:
            raise Unreadable(Localized("the list is too long or too wide", "名册行数或列数过多"))
        yield line


def texts(cells: Sequence[Cell]) -> list[str]:
    return [cell if isinstance(cell, str) else "" for cell in cells]


def _has_headings(lines: Sequence[Line]) -> bool:
    return any(len(columns_of(texts(line.cells))) >= FEWEST for line in lines)


def _of_workbook(content: bytes) -> Iterator[Line]:
    try:
        workbook = python_calamine.load_workbook(BytesIO(content))
    except python_calamine.PasswordError as error:
        raise Unreadable(Localized("the workbook has a password", "工作簿有密码，请另存为无密码的文件")) from error
    except (python_calamine.CalamineError, OSError) as error:
        raise Unreadable(Localized("the workbook cannot be opened", "工作簿打不开，请另存为 XLSX")) from error
    with workbook:
        seen = [each.name for each in workbook.sheets_metadata if _is_seen(each)]
        if not seen:
            raise Unreadable(Localized("the workbook has no sheet", "工作簿里没有可见的工作表"))
        for name in seen:
            sheet = workbook.get_sheet_by_name(name)
            if name == seen[-1] or _has_headings(list(islice(_rows(sheet), LOOKED_AT))):
                yield from _rows(sheet)
                return


def _is_seen(sheet: python_calamine.SheetMetadata) -> bool:
    is_table = sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    return is_table and sheet.visible == python_calamine.SheetVisibleEnum.Visible


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[Line]:
    top, left = sheet.start or (0, 0)
    down = [(first, last) for first, last in sheet.merged_cell_ranges or [] if first[0] < last[0]]
    goes_on: dict[int, set[int]] = {}
    for first, last in down:
        if last[0] - first[0] <= MOST_LINES:
            for row in range(first[0] + 1, last[0] + 1):
                goes_on.setdefault(row, set()).add(first[1])
    for at, row_cells in enumerate(sheet.iter_rows(), start=top):
        cells = ("",) * left + tuple(_cell(each) for each in row_cells)
        if any(cells) or at in goes_on:
            yield Line(at + 1, cells, frozenset(goes_on.get(at, ())))


def _cell(value: object) -> Cell:
    match value:
        case str():
            return value.strip()
        case bool():
            return str(value)
        case int() | float():
            return Figure(float(value))
        case datetime() | date() | time() | timedelta():
            return Day(str(value))
        case _:
            return ""


def _of_text(content: bytes) -> Iterator[Line]:
    text = _decoded(content)
    start = "".join(text.splitlines(keepends=True)[:LOOKED_AT])
    for separator in _SEPARATORS:
        if _has_headings(list(_cut(start, separator))):
            return _cut(text, separator)
    return _cut(text, ",")


def _cut(text: str, separator: str) -> Iterator[Line]:
    reader, before = csv.reader(StringIO(text), delimiter=separator), 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise Unreadable(_NO_TABLE)
            if any(cells):
                yield Line(number, tuple(unmarked(cell).strip() for cell in cells))
    except csv.Error as error:
        raise Unreadable(_NO_TABLE) from error


_NO_TABLE = Localized("the text is no table: is a quotation mark not closed?", "文本不是表格：是否有引号没有成对？")


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16", "utf-8-sig", "gb18030"):
        if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(letter) == "Cc" for letter in set(text) - {"\t", "\r", "\n"}):
            return text
    raise Unreadable(Localized("the file is neither a workbook nor text", "文件不是工作簿，也不是文本"))
