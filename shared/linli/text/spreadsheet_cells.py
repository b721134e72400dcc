"""Cells that spreadsheets leave as they are: CSV and XLSX that Linli writes, and CSV that comes back from there.

A spreadsheet takes a CSV cell that begins like a formula for one and runs it, makes 3.7E+17 of a number of eighteen
digits, drops a leading zero, and makes a date of `3-2`. Such a cell is written with a mark before it, the apostrophe
by which people there say "this is text"; whoever reads a CSV file here gets the cell without the mark. Every file for a
spreadsheet goes through this module.
"""

import csv
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

MARK = "'"
CSV_ENCODING = "utf-8-sig"
"""With a byte order mark, by which spreadsheets know UTF-8."""
WORKBOOK_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""For `xlsxwriter.Workbook`: a text is written as a text, whatever it looks like, and needs no mark then."""
OWNER_ONLY = 0o600

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\u2212")
"""How formulas begin; spreadsheets of East Asia take the full-width forms too."""
_CHANGED = re.compile(r"\d{12,}|0\d+|\d+(?:\.\d+)?[Ee][+-]?\d+|\d{1,2}[-/]\d{1,2}", re.ASCII)
"""What is text to us and becomes another number, or a date, in a spreadsheet: from twelve digits on a spreadsheet saves
3.70202E+17."""


def marked(cell: Any) -> Any:
    """The cell as it goes into a CSV file; what is no text (a number, None) as it is."""
    return MARK + cell if isinstance(cell, str) and _risky(cell) else cell


def unmarked(cell: str) -> str:
    """The cell of a CSV file without the mark that `marked`, or a person, put before it."""
    return cell[1:] if cell.startswith(MARK) and _risky(cell) else cell


def write_csv(file: TextIO, rows: Iterable[Sequence[Any]]) -> None:
    """Write the rows, each cell `marked`. Open the file with `newline=""` and CSV_ENCODING, or by `private_file`."""
    csv.writer(file).writerows([marked(cell) for cell in row] for row in rows)


@contextmanager
def private_file(path: Path, *, replace: bool = False) -> Iterator[TextIO]:
    """A new CSV file that only its owner may read: it holds names and numbers of residents.

    Raises `FileExistsError` for one that is there, unless `replace`.
    """
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if replace else os.O_EXCL)
    with os.fdopen(os.open(path, flags, OWNER_ONLY), "w", encoding=CSV_ENCODING, newline="") as file:
        os.fchmod(file.fileno(), OWNER_ONLY)  # of a file that is replaced
        yield file


def _risky(cell: str) -> bool:
    """Marks before it do not count, so that marking and unmarking are each other's reverse."""
    text = cell.lstrip(MARK)
    if not text:
        return False
    if text[0] in "\t\r\n":
        return True
    shown = _shown(text) if not text[0].isalnum() else text
    return shown.startswith(_FORMULA) or _CHANGED.fullmatch(shown.rstrip()) is not None


def _shown(text: str) -> str:
    """Without the white space and the invisible characters before it."""
    start = next((at for at, letter in enumerate(text) if not _unseen(letter)), len(text))
    return text[start:]


def _unseen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in {"Cf", "Cc"}
