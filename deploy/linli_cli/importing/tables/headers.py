"""Which row names the columns, and which column holds which field."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from linli_cli.importing.tables.rows import Row, UnreadableTable
from linli_cli.terminal.language import say

LOOKED_AT = 20
"""Rows among which the header is looked for."""
NOT_TAKEN = "-"
"""What stands for a column where a field is to be taken from none."""


@dataclass(frozen=True)
class Header:
    """The columns' names, and the lines from the first one that is a title to the last that is header."""

    names: tuple[str, ...]
    line: int
    last_line: int
    above: int
    """Rows before it, which are titles."""


def header_fields(
    header: Sequence[str], names: Mapping[str, str], chosen: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Which column holds which field.

    `names` maps a column's name to its field; where two columns could hold one, the name that comes first there
    decides. `chosen` maps a field to the name of the column that the user picked for it, or to NOT_TAKEN. Raises
    `KeyError` with the name of a chosen column that does not exist.
    """
    chosen = chosen or {}
    picked = {field: _column(header, column) for field, column in chosen.items() if column != NOT_TAKEN}
    ranks = {folded(name): (rank, field) for rank, (name, field) in reversed([*enumerate(names.items())])}
    found: dict[str, tuple[int, int]] = {}
    for index, column in enumerate(header):
        if index in picked.values():
            continue
        rank, field = next((ranks[form] for form in _forms(column) if form in ranks), (0, ""))
        if field and field not in chosen:
            found[field] = min(found.get(field, (rank, index)), (rank, index))
    return {field: index for field, (_, index) in found.items()} | picked


def find_header(
    rows: Sequence[Row], names: Mapping[str, str], wanted: Collection[str] = (), line: int | None = None
) -> Header:
    """The row that names the most fields, or else the first one; two rows where a header has two levels.

    `names` are as in `header_fields`; `wanted` are columns that the user named, which it must have if any row has;
    `said` is the line the user says.
    Raises `UnreadableTable`.
    """
    if not rows:
        raise UnreadableTable(say("the file is empty; its first row must name the columns"))
    known = {folded(name): field for name, field in names.items()}
    asked = {folded(name) for name in wanted}

    def worth(cells: Iterable[str]) -> tuple[int, int]:
        forms = [set(_forms(cell)) for cell in cells if cell]
        fields = {known[form] for each in forms for form in each if form in known}
        return len({form for each in forms for form in each & asked}), len(fields)

    if line is not None:
        at = next((at for at, row in enumerate(rows) if row.line == line), None)
        if at is None:
            raise UnreadableTable(
                say("row {said} is empty or not among the first; it cannot name the columns", said=line), line
            )
    else:
        at = max(range(len(rows)), key=lambda index: (worth(rows[index].cells), -index))
    row = rows[at]
    below = rows[at + 1] if at + 1 < len(rows) else None
    if below is not None and _second_level(row.cells, below.cells, known.keys() | asked):
        both = _both(row.cells, below.cells)
        if worth(both) > worth(row.cells):
            return Header(both, row.line, below.line, at)
    return Header(row.cells, row.line, row.line, at)


def count_known(names: Collection[str], wanted: Collection[str] = ()) -> "_Counting":
    """A function that counts the known columns among cells."""
    return _Counting(frozenset(map(folded, [*names, *wanted])))


@dataclass(frozen=True)
class _Counting:
    known: frozenset[str]

    def __call__(self, cells: Sequence[str]) -> int:
        return sum(1 for cell in cells if self.known.intersection(_forms(cell)))


def folded(name: str) -> str:
    """Capitals, widths, spaces, hyphens, underscores, and marks around a name make no difference."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return re.sub(r"[\s_-]+", "", text).strip("*:#.、'\"[]【】")


def _forms(column: str) -> tuple[str, ...]:
    """The name, and the name without what stands in brackets behind it: 联系电话（必填）."""
    whole = folded(column)
    return (whole, short) if (short := re.sub(r"\(.*\)$", "", whole).strip("*:")) and short != whole else (whole,)


def _column(header: Sequence[str], name: str) -> int:
    if name in header:
        return header.index(name)
    alike = [index for index, column in enumerate(header) if folded(column) == folded(name)]
    if not alike:
        raise KeyError(name)
    return alike[0]


def _second_level(upper: Sequence[str], lower: Sequence[str], known: Collection[str]) -> bool:
    """Every cell of the lower one is a column's name or stands in the upper one too, and one is new."""
    filled = [cell for cell in lower if cell]
    names = [cell for cell in filled if any(form in known for form in _forms(cell))]
    return bool(names) and all(cell in names or cell in upper for cell in filled) and set(filled) - set(upper) != set()


def _both(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    width = max(len(upper), len(lower))
    above, below = ([*cells, *[""] * (width - len(cells))] for cells in (upper, lower))
    return tuple(under or over for over, under in zip(above, below, strict=True))
