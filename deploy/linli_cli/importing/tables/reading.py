"""A file opened as a table: what it was understood to be, and its rows, as often as they are wanted."""

import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from linli_cli.importing.tables import delimited, encodings, workbooks
from linli_cli.importing.tables.headers import LOOKED_AT, Header, count_known, find_header
from linli_cli.importing.tables.leftovers import FOOT, why_a_foot_note, why_no_record
from linli_cli.importing.tables.rows import Row, UnreadableTable
from linli_cli.terminal.language import say


@dataclass(frozen=True)
class Asked:
    """What the user says of a file; None where it is to be found out."""

    encoding: str | None = None
    separator: str | None = None
    header_line: int | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Form:
    """What sort of file it is, in the words that are shown."""

    kind: str
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()
    from_1904: bool = False
    not_calculated: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True)
class OpenTable:
    """A table whose rows have all been looked at once."""

    form: Form
    header: tuple[str, ...]
    header_line: int
    above: int
    """Rows before the header, which are titles."""
    count: int
    """Rows with records."""
    left_out: Mapping[int, str]
    """Line → why the row is no record."""
    _rows: Callable[[], Iterator[Row]] = field(repr=False)
    _last_line: int = 0

    def rows(self) -> Iterator[Row]:
        """The records, anew each time; one at a time may be under way."""
        for row in self._rows():
            if row.line > self._last_line and row.line not in self.left_out and any(row.cells):
                yield row


@dataclass(frozen=True)
class Table:
    """A header and the rows below it; rows without any content are left out."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path) -> Table:
    """Read a file whole whose first row is the header. Raises `UnreadableTable`, or `OSError`."""
    with _opened(path, Asked(), count_known(())) as (_, rows):
        filled = [row for row in rows() if any(row.cells)]
    if not filled:
        raise UnreadableTable(say("the file is empty; its first row must name the columns"))
    return Table(header=filled[0].cells, rows=tuple(filled[1:]))


@contextmanager
def open_table(
    path: Path, names: Mapping[str, str], wanted: Sequence[str] = (), asked: Asked | None = None
) -> Iterator[OpenTable]:
    """Open a file of records. `names` says which field a column's name stands for, `wanted` are those the user named.

    Raises `UnreadableTable`, or `OSError` when it cannot be opened.
    """
    asked = asked or Asked()
    with _opened(path, asked, count_known(names, wanted)) as (form, rows):
        first = list(islice((row for row in rows() if any(row.cells)), LOOKED_AT))
        header = find_header(first, names, wanted, asked.header_line)
        count, left_out = _looked_at(rows(), header)
        yield OpenTable(form, header.names, header.line, header.above, count, left_out, rows, header.last_line)


def _looked_at(rows: Iterator[Row], header: Header) -> tuple[int, dict[int, str]]:
    """How many records there are, and the rows that are none."""
    count, left_out = 0, dict[int, str]()
    last: deque[Row] = deque(maxlen=FOOT)
    for row in rows:
        if row.line <= header.last_line or not any(row.cells):
            continue
        count += 1
        last.append(row)
        if why := why_no_record(row, header.names):
            left_out[row.line] = why
    for row in reversed(last):
        if row.line not in left_out:
            if not (why := why_a_foot_note(row, header.names)):
                break
            left_out[row.line] = why
    return count - len(left_out), left_out


@contextmanager
def _opened(
    path: Path, asked: Asked, knows: Callable[[Sequence[str]], int]
) -> Iterator[tuple[Form, Callable[[], Iterator[Row]]]]:
    with path.open("rb") as given, tempfile.TemporaryFile() as spooled:
        file: BinaryIO = given
        if not given.seekable():
            shutil.copyfileobj(given, spooled)
            file = spooled
        file.seek(0)
        if path.suffix.lower() in workbooks.SUFFIXES or file.read(4) in workbooks.BEGINNINGS:
            with tempfile.TemporaryFile() as lines:
                sheet = workbooks.read_sheet(path, asked.sheet, lines)
                yield _workbook_form(sheet), sheet.rows
            return
        if asked.sheet is not None:
            raise UnreadableTable(say("--sheet: this is no workbook, it has no sheets"))
        encoding = encodings.encoding_of(file, asked.encoding)
        separator = asked.separator or delimited.separator_of(file, encoding, knows)
        shown = delimited.SEPARATOR_NAMES.get(separator, separator)
        form = Form("text", encodings.named(encoding), shown)
        yield form, lambda: delimited.rows_of(file, encoding, separator)


def _workbook_form(sheet: workbooks.Sheet) -> Form:
    return Form(
        "workbook",
        sheet=sheet.name,
        other_sheets=sheet.others,
        from_1904=sheet.from_1904,
        not_calculated=sheet.not_calculated,
    )
