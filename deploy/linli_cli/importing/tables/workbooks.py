"""Workbooks: XLSX, XLS and ODS. A child process reads them (`sheet_child.py`); nothing in a file can end this one."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import orjson

from linli_cli.importing.tables.rows import FromNumber, Row, UnreadableTable
from linli_cli.terminal.language import say, sentence

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".et"})
BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How XLSX and ODS begin (a zip file), and XLS (a compound file), whatever they are called."""
PATIENCE = 240.0
"""Seconds that the child gets; its own bound is of processor time."""


@dataclass(frozen=True)
class Sheet:
    """One sheet as it was read: its rows stand in a file as lines of JSON."""

    name: str
    others: tuple[str, ...]
    """More sheets that are seen and hold something."""
    from_1904: bool
    """Days are counted from 1904, as old Excel for Mac did."""
    not_calculated: frozenset[tuple[int, int]]
    """Row and column (from 1 and from 0) of formulas without a result."""
    file: IO[bytes] = field(repr=False)

    def rows(self) -> Iterator[Row]:
        """May be read again and again."""
        self.file.seek(0)
        next(self.file)
        for line in self.file:
            number, cells, across = orjson.loads(line)
            yield Row(number, tuple([_text(cell) for cell in cells]), across)


def read_sheet(path: Path, wanted: str | None, into: IO[bytes]) -> Sheet:
    """Have the child write a sheet's rows `into` a file. Raises `UnreadableTable`."""
    command = [
        sys.executable,
        "-m",
        "linli_cli.importing.tables.sheet_child",
        str(path.resolve()),
        *([wanted] if wanted else []),
    ]
    try:
        done = subprocess.run(command, stdout=into, stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableTable(say(_TOO_MUCH)) from error
    if done.returncode:
        raise UnreadableTable(_refusal(done.stderr) or say(_TOO_MUCH))
    into.seek(0)
    about = orjson.loads(next(iter(into)))
    cells = frozenset(map(_place, about["not_calculated"]))
    return Sheet(about["sheet"], tuple(about["others"]), about["from_1904"], cells, into)


_TOO_MUCH = sentence(
    "reading this workbook takes more memory or time than a table may. Does a cell stand far below or far to the right "
    "of the others? Delete the empty rows and columns between, or save the rows as CSV"
)


def _refusal(output: bytes) -> str | None:
    lines = output.splitlines()
    try:
        refused = orjson.loads(lines[-1]) if lines else {}
        return say(refused["refused"], **refused["fields"]) if refused else None
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None


def _text(cell: str | float | int | Mapping[str, Any]) -> str:
    """A sheet's value as its text: a whole number without `.0`, a date or time in ISO 8601."""
    match cell:
        case str():
            return cell
        case float() if cell.is_integer():
            return FromNumber(int(cell))
        case int() | float():
            return FromNumber(cell)
        case _:
            return str(cell["at"])


def _place(reference: str) -> tuple[int, int]:
    """`C7` is (7, 2)."""
    found = re.fullmatch(r"([A-Z]+)(\d+)", reference)
    assert found
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column - 1
