"""A row as it was read, and the refusal of a file."""

from dataclasses import dataclass


class UnreadableTable(Exception):
    """The file is no table that can be read; the message says what to do. `line` where it is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class FromNumber(str):
    """The text of a cell that was a number in its sheet: what Excel does to long numbers has been done to it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line (text) or row (sheet) where it begins, counted from 1 with the header, and its cells."""

    line: int
    cells: tuple[str, ...]
    across: bool = False
    """Its only cell is merged over several columns: a line between the rows, and no row."""
