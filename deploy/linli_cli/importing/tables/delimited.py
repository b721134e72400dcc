"""Text with separators: which one, where cells begin and end, and a quote that is never closed."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from linli.text.spreadsheet_cells import MARK, unmarked
from linli_cli.importing.tables.rows import Row, UnreadableTable
from linli_cli.terminal.language import say, sentence

SEPARATORS = (",", "\t", ";", "|", "，", "；")
SEPARATOR_NAMES = {
    "\t": sentence("a tab"),
    ",": sentence("a comma"),
    ";": sentence("a semicolon"),
    "|": sentence("a bar"),
    "，": "，",
    "；": "；",
}
LONGEST_CELL = 1_000_000
"""Characters; the csv module's own 131,072 is less than some pasted correspondence."""
LOOKED_AT = 40
"""Lines from which the separator is found."""
_SAYS_SEPARATOR = re.compile(r"\"?sep=(.)\"?\s*", re.IGNORECASE)
"""The first line by which Excel tells itself."""


def lines_of(file: BinaryIO, encoding: str) -> Iterator[str]:
    """The text by lines, with their ends, whichever of the three they are; without byte order marks."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield next(text, "").lstrip("\ufeff")
        for line in text:  # noqa: UP028 - `yield from` closes what it reads when it is left early
            yield line
    finally:
        if not file.closed:
            text.detach()  # or it would close the file


def separator_of(file: BinaryIO, encoding: str, knows: Callable[[Sequence[str]], int]) -> str:
    """The separator that makes the most known columns of a line, else the most even table. `knows` counts columns."""
    lines = list(islice(lines_of(file, encoding), LOOKED_AT))
    if lines and (match := _SAYS_SEPARATOR.fullmatch(lines[0])):
        return match[1]

    def worth(separator: str) -> tuple[int, int]:
        csv.field_size_limit(LONGEST_CELL)
        try:
            rows = [row for row in csv.reader(lines, delimiter=separator) if any(row)]
        except csv.Error:
            return 0, 0
        width, times = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
        return max(map(knows, rows), default=0), times if width > 1 else 0

    return max(SEPARATORS, key=worth)


def rows_of(file: BinaryIO, encoding: str, separator: str) -> Iterator[Row]:
    """The rows, empty ones too. Raises `UnreadableTable` with the line where a cell cannot be read."""
    csv.field_size_limit(LONGEST_CELL)
    lines = lines_of(file, encoding)
    first = next(lines, "")
    skipped = _SAYS_SEPARATOR.fullmatch(first) is not None
    reader = csv.reader(lines if skipped else _with(first, lines), delimiter=separator, strict=True)
    shapes: list[set[str]] = []
    begins, learnt = 1 + skipped, 0
    try:
        for read in reader:
            cells = tuple([cell.strip() if cell[:1] != MARK else unmarked(cell).strip() for cell in read])
            if reader.line_num + skipped > begins:
                _not_swallowed(cells, separator, shapes, begins)
            elif learnt < LOOKED_AT:
                learnt += 1
                _learn(shapes, cells)
            yield Row(begins, cells)
            begins = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise UnreadableTable(_meant(str(error)), begins) from error


def _with(first: str, others: Iterator[str]) -> Iterator[str]:
    yield first
    yield from others


def _learn(shapes: list[set[str]], cells: Sequence[str]) -> None:
    shapes += [set() for _ in range(len(cells) - len(shapes))]
    for seen, cell in zip(shapes, cells, strict=False):
        seen.add(_shape(cell))


def _not_swallowed(cells: Sequence[str], separator: str, shapes: Sequence[set[str]], line: int) -> None:
    """Raise when a cell holds lines that look like rows: its quote was never closed, and another one ended it."""
    known = [seen | {_shape(cells[at])} if at < len(cells) else seen for at, seen in enumerate(shapes)]
    for cell in cells:
        for inner in cell.splitlines()[1:]:
            parts = [part.strip(' "') for part in inner.split(separator)]
            alike = [(shape := _shape(part)) and shape in seen for part, seen in zip(parts, known, strict=False)]
            if len(parts) >= max(2, len(known)) and any(alike):
                raise UnreadableTable(
                    say(
                        "a quote opens here and closes lines below, with rows between: “{inner}”. "
                        "Delete the quote, or close it; if the cell is right as it is, save the table as XLSX",
                        inner=inner[:40],
                    ),
                    line,
                )


def _shape(cell: str) -> str:
    """How a number or a date is written, whatever it is: `GD20260001` and `GD20260077` have one shape."""
    return re.sub(r"\d+", "0", cell) if len(cell) < 40 and re.search(r"\d", cell) else ""


def _meant(error: str) -> str:
    if "unexpected end of data" in error:
        return say(
            "a quote opens here and is never closed, so that all rows below stand in one cell; delete or close it"
        )
    if "expected after" in error:
        return say(
            "a quote stands in the middle of a cell here, or one above was not closed; write it twice or delete it"
        )
    return say("the CSV cannot be read here: {error}", error=error)
