"""Reading tables that people keep: CSV in UTF-8 or GB18030, with or without a byte-order mark, and XLSX."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from linli_cli.spreadsheet_cells import unmarked

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How XLSX and ODS begin (a zip file), and XLS (a compound file), whatever they are called."""
NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"{\\rtf")
BYTE_ORDER_MARKS_16 = (b"\xff\xfe", b"\xfe\xff")
LONGEST_CELL = 1_000_000
"""Characters; the csv module's own 131,072 is less than some pasted correspondence."""


class UnreadableTable(Exception):
    """The file is no table that can be read; the message says what to do. `line` where it is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Row:
    """One row: the line (CSV) or row (XLSX) where it begins, counted from 1 with the header, and its cells."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A header and the rows below it; rows without any content are left out."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path) -> Table:
    """Read a CSV or XLSX file whole. Raises `UnreadableTable`, or `OSError` when it cannot be opened."""
    raw = path.read_bytes()
    if path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".ods"} or raw.startswith(WORKBOOKS):
        return _table(_sheet_rows(raw))
    return _table(_csv_rows(decoded(raw)))


def decoded(raw: bytes) -> str:
    """The text of a file that is UTF-8 or, failing that, GB18030 (which GBK and GB 2312 are part of)."""
    advice = "save it as “CSV UTF-8” or as XLSX and try again"
    if raw.startswith(BYTE_ORDER_MARKS_16):
        raise UnreadableTable(f"the file is UTF-16 text; {advice}")
    if raw.startswith(NO_TABLES) or b"\0" in raw:
        raise UnreadableTable("this is no CSV or XLSX file: it holds binary data, not text")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTable(f"the file is neither UTF-8 nor GB18030 text; {advice}")


def header_fields(
    header: Sequence[str], names: Mapping[str, str], chosen: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Which column holds which field.

    `names` maps a column's name, in lower case, to its field; `chosen` maps a field to the exact name of the column
    that the user picked for it. Raises `KeyError` with the name of a chosen column that does not exist.
    """
    fields: dict[str, int] = {}
    for index, column in enumerate(header):
        field = names.get(column.strip().lower())
        if field and field not in fields:
            fields[field] = index
    for field, column in (chosen or {}).items():
        if column not in header:
            raise KeyError(column)
        index = header.index(column)
        fields = {name: at for name, at in fields.items() if at != index or name in (chosen or {})}
        fields[field] = index
    return fields


def _table(rows: Iterator[Row]) -> Table:
    filled = [row for row in rows if any(row.cells)]
    if not filled:
        raise UnreadableTable("the file is empty; its first row must name the columns")
    return Table(header=filled[0].cells, rows=tuple(filled[1:]))


def _csv_rows(text: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""))
    begins = 1
    try:
        for cells in reader:
            yield Row(begins, tuple(unmarked(cell).strip() for cell in cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableTable(f"the CSV cannot be read here: {error}", begins) from error


def _sheet_rows(raw: bytes) -> Iterator[Row]:
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(raw))
        sheet = workbook.get_sheet_by_index(0)
    except (python_calamine.CalamineError, OSError) as error:
        raise UnreadableTable(f"the workbook cannot be opened: {error}; save it as XLSX and try again") from error
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        yield Row(number, tuple(_cell_text(cell) for cell in cells))


def _cell_text(cell: object) -> str:
    """A sheet's value as its text: a whole number without `.0`, a date or time in ISO 8601."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    isoformat = getattr(cell, "isoformat", None)
    return str(isoformat()) if isoformat else str(cell).strip()
