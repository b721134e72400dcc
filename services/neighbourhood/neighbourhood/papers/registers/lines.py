"""A register's lines as they are meant: doors with their building, owners in common, what a spreadsheet has lost.

Names and numbers of documents are in here and in the list beside the register, and nowhere else.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from linli.web.localized import Localized
from neighbourhood.papers.registers.headings import FEWEST, LOOKED_AT, TOLD, Column, columns_of
from neighbourhood.papers.registers.tables import Cell, Day, Figure, Line, texts
from neighbourhood.votes.domain.register_rows import RowFault, area_of

_SUMS = ("合计", "总计", "共计", "小计", "总面积")
_NOTES = ("注", "备注", "说明", "填表", "制表", "审核", "单位", "日期")
_SEVERAL = re.compile(r"[、,，;；/\n\r]+|\s{2,}")
_COMPANY = re.compile("公司|中心|集团|委员会|银行|学校|医院|局$|厂$")
_BARE_DOOR = re.compile(r"[0-9A-Za-z]{1,6}(?:室|号|户)?")
_STAIRWELL_OF = re.compile(r"(.*\d+\s*单元)|(\d+[-—]\d+)(?=[-—]\d+\w*$)")
_IDENTITY = re.compile(r"\d{17}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LOST = 10**15
"""From so many on a spreadsheet keeps no last digits of a number."""
_FILLED_DOWN = (Column.BUILDING, Column.STAIRWELL, Column.OWNER, Column.DOCUMENT, Column.AREA_FROM)
"""Where a merged cell stands for all its lines. An area does not: it would count once for each."""


class FileRow(NamedTuple):
    """A unit as the file has it. `documents` are the owners' numbers, in one order whoever is named first."""

    line: int
    door: str
    stairwell: str
    area: str
    area_from: str
    owner: str
    documents: str


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """What a file comes to. `faults` are of cells; what the rows say is checked by the register."""

    rows: tuple[FileRow, ...] = field(default=(), repr=False)
    faults: tuple[RowFault, ...] = ()
    doubts: tuple[RowFault, ...] = ()
    total_area: int | None = None
    """Hundredths of a ㎡, of a line 合计."""


def register_of(lines: Iterable[Line]) -> RegisterFile:
    """The rows below the headings."""
    columns: dict[Column, int] = {}
    rows, faults, doubts = list[FileRow](), list[RowFault](), list[RowFault]()
    total, last = None, dict[Column, Cell]()
    for at, line in enumerate(lines):
        if not columns:
            found = columns_of(texts(line.cells))
            if len(found) >= FEWEST:
                columns = found
                if missing := [told for column, told in TOLD.items() if column not in columns]:
                    faults += [RowFault(line.number, _no_column(told)) for told in missing]
                    return RegisterFile(faults=tuple(faults))
            elif at >= LOOKED_AT:
                break
            continue
        last = _said(line, columns, last)
        if (summed := _sum(line)) is not None:
            total = total if "小计" in summed else area_of(_text(last.get(Column.AREA, ""))) or total
        elif not _is_aside(line, columns):
            rows.append(_row(line.number, last, faults, doubts))
    if not columns:
        faults.append(RowFault(0, Localized("no line of headings was found; use the form", "没有找到表头，请使用模板")))
    return RegisterFile(tuple(rows), tuple(faults), tuple(doubts), total)


def _no_column(told: Localized) -> Localized:
    return Localized("there is no column for {told}", "缺少“{told}”一列", told=told)


def _said(line: Line, columns: Mapping[Column, int], last: Mapping[Column, Cell]) -> dict[Column, Cell]:
    """Each column's cell; where cells are merged downwards, the one that they begin with."""
    said = dict[Column, Cell]()
    for column, at in columns.items():
        cell = line.cells[at] if at < len(line.cells) else ""
        said[column] = last.get(column, "") if at in line.merged and column in _FILLED_DOWN else cell
    return said


def _sum(line: Line) -> str | None:
    """What a line of sums is called."""
    first = next((each for each in texts(line.cells) if each), "")
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", first))
    return plain if plain.startswith(_SUMS) else None


def _is_aside(line: Line, columns: Mapping[Column, int]) -> bool:
    """An example, a note below the list, the headings again, a line with nothing in the known columns."""
    filled = [each for each in texts(line.cells) if each]
    if any("示例" in each for each in filled) or columns_of(texts(line.cells)) == columns:
        return True
    if len(filled) == 1 and filled[0].startswith(_NOTES) and not any(isinstance(each, Figure) for each in line.cells):
        return True
    own = [at for column, at in columns.items() if column not in _FILLED_DOWN or at not in line.merged]
    return not any(line.cells[at] for at in own if at < len(line.cells))


def _row(number: int, said: Mapping[Column, Cell], faults: list[RowFault], doubts: list[RowFault]) -> FileRow:
    for column, cell in said.items():
        if isinstance(cell, Day):
            faults.append(RowFault(number, _DATE))
        elif column is Column.DOCUMENT and _is_lost(cell):
            faults.append(RowFault(number, _DIGITS))
    building, stairwell = _plain(said.get(Column.BUILDING, "")), _plain(said.get(Column.STAIRWELL, ""))
    door, stairwell = _place(building, stairwell, _plain(said[Column.DOOR]))
    documents = sorted(each for each in re.split(r"[、,;/\s]+", _plain(said[Column.DOCUMENT]).upper()) if each)
    if any(_IDENTITY.fullmatch(each) and not _checks(each) for each in documents):
        doubts.append(RowFault(number, _MISTYPED))
    return FileRow(
        number,
        door,
        stairwell,
        _text(said[Column.AREA]),
        _plain(said[Column.AREA_FROM]),
        _owners(_text(said[Column.OWNER])),
        "、".join(documents),
    )


_DATE = Localized(
    "the spreadsheet made a date of a cell; write it as text", "有单元格被表格变成了日期，请设为文本后重填"
)
_DIGITS = Localized(
    "the spreadsheet has lost the last digits of the document's number; write it as text",
    "证件号被表格变成数字，后几位已丢失，请设为文本后重填",
)
_MISTYPED = Localized("the identity number's last digit does not fit: mistyped?", "身份证号校验位不符，是否录错？")


def _place(building: str, stairwell: str, door: str) -> tuple[str, str]:
    """The whole door and the whole stairwell, from columns that each have a part of it."""
    block = _named(building, "号楼")
    stairs = _named(stairwell, "单元")
    whole = stairs if not block or stairs.startswith((block, building)) else f"{block}{stairs}"
    if not stairs and (found := _STAIRWELL_OF.match(door)):
        whole = found[0] if not block or found[0].startswith((block, building)) else f"{block}{found[0]}"
    if door and whole and _BARE_DOOR.fullmatch(door):
        return f"{whole}{door}", whole
    return door, whole


def _named(part: str, kind: str) -> str:
    """`3`, `3#` and `3号` are `3号楼`; `1` is `1单元`."""
    bare = re.fullmatch(r"([0-9A-Za-z]{1,4})\s*(?:#|号|栋|幢|座)?", part)
    return f"{bare[1]}{kind}" if bare else part


def _owners(name: str) -> str:
    """`王　伟` is one person; `王伟，李娟` are two. A name in Latin letters keeps its spaces."""
    several = [each.strip() for each in _SEVERAL.split(name) if each.strip()]
    return "、".join(each if re.search(r"[A-Za-z]", each) else _together(each) for each in several)


def _together(name: str) -> str:
    parts = name.split()
    is_one = all(len(part) == 1 for part in parts) or _COMPANY.search(name) is not None
    return "".join(parts) if is_one else "、".join(parts)


def _is_lost(cell: Cell) -> bool:
    if isinstance(cell, Figure):
        return abs(cell.value) >= _LOST
    return re.fullmatch(r"\d(?:\.\d+)?[Ee]\+\d+", cell) is not None


def _checks(identity: str) -> bool:
    """GB 11643: the eighteenth digit is a check of the others."""
    added = sum(int(digit) * weight for digit, weight in zip(identity, _WEIGHTS, strict=False))
    return "10X98765432"[added % 11] == identity[-1]


def _plain(cell: Cell) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", _text(cell))).strip()


def _text(cell: Cell) -> str:
    """A number without what binary fractions add: 59.870000000000005 is 59.87."""
    if isinstance(cell, Figure):
        return f"{cell.value:.6f}".rstrip("0").rstrip(".")
    return cell
