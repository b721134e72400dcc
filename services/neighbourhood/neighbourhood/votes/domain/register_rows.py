"""A list of units, areas and owners as somebody's file has it: what is wrong in it, and what it comes to.

The rows were read already. A fault keeps the list out; a doubt is for a person to look at and confirm. 区分所有权解释
8: the area is of the real-estate registry, else of a survey, else of the contract; 9: one unit is one head, and who
owns several is one head, as a developer is with all that is not handed over.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from linli.contracts.neighbourhood.register import AreaFrom, Entry
from linli.web.localized import Localized

LARGE = 1_000_00
"""Hundredths of a ㎡. Few homes have so much: somebody may have left out the decimal point."""
_AREA = re.compile(r"(\d{1,3}(?:,\d{3}){1,2}|\d{1,7})(?:\.(\d{1,2})0*)?\s*(?:m2|平方米|平米|平方)?")
_SOURCES: Mapping[str, AreaFrom] = {
    **dict.fromkeys(("registry", "不动产登记簿", "登记簿", "不动产权证", "产权证", "房产证"), AreaFrom.REGISTRY),
    **dict.fromkeys(("survey", "测绘", "实测", "测绘机构实测"), AreaFrom.SURVEY),
    **dict.fromkeys(("contract", "合同", "买卖合同", "购房合同"), AreaFrom.CONTRACT),
}


class Row(NamedTuple):
    """One line of the file, as it was written. Only this module and the list beside the register see a name."""

    line: int
    door: str
    stairwell: str
    area: str
    area_from: str
    owner: str
    """Who owns it; several in common together."""
    owner_key: str
    """What tells one owner from another of the same name: a keyed hash of the document's number. Empty: not known."""


class OpaqueIds(NamedTuple):
    """How what a clerk wrote becomes an id that tells nothing: keyed hashes, made where the key is."""

    unit: Callable[[str], str]
    stairwell: Callable[[str], str]
    owner: Callable[[str], str]


class RowFault(NamedTuple):
    line: int
    why: Localized


@dataclass(frozen=True, slots=True)
class Checked:
    """`entries` may be compiled when there is no fault, and somebody has looked at each doubt."""

    entries: tuple[Entry, ...]
    faults: tuple[RowFault, ...]
    doubts: tuple[RowFault, ...]


def area_of(text: str) -> int | None:
    """Hundredths of a ㎡; None of what is no area. Two decimals at most: nothing is rounded."""
    found = _AREA.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))


def check(rows: Sequence[Row], ids: OpaqueIds, total_area: int | None = None) -> Checked:
    """What a list comes to; `total_area` is what all must add up to, in hundredths of a ㎡."""
    faults: list[RowFault] = []
    entries: list[Entry] = []
    doors: dict[str, int] = {}
    for row in rows:
        entry = _entry(row, ids, faults)
        if (first := doors.setdefault(_door(row), row.line)) != row.line:
            twice = Localized("the unit stands in line {first} already", "该房号在第 {first} 行已有", first=first)
            faults.append(RowFault(row.line, twice))
        elif entry is not None:
            entries.append(entry)
    if not rows:
        faults.append(RowFault(0, Localized("the list is empty", "名册是空的")))
    found = sum(entry.area for entry in entries)
    if total_area is not None and found != total_area:
        english = "the areas add up to {found} hundredths of a ㎡, and {wanted} were told"
        differs = Localized(english, "面积合计 {found}（百分之一㎡），应为 {wanted}", found=found, wanted=total_area)
        faults.append(RowFault(0, differs))
    return Checked(tuple(entries), tuple(faults), tuple(_doubts(rows)))


def _entry(row: Row, ids: OpaqueIds, faults: list[RowFault]) -> Entry | None:
    area, area_from = area_of(row.area), _SOURCES.get(row.area_from.strip().lower())
    wrong = [
        why
        for is_wrong, why in (
            (not row.door.strip(), Localized("a unit is missing", "缺房号")),
            (not row.stairwell.strip(), Localized("a stairwell is missing", "缺单元")),
            (
                not area,
                Localized("the area is no number with two decimals at most", "面积应为最多两位小数的数字"),
            ),
            (area_from is None, Localized("the area's source is not known", "面积来源应为登记、实测或合同")),
            (not row.owner.strip(), Localized("an owner is missing", "缺业主")),
            (not row.owner_key.strip(), Localized("nothing tells this owner from another", "缺业主证件，无法区分")),
        )
        if is_wrong
    ]
    faults.extend(RowFault(row.line, why) for why in wrong)
    if wrong or not area or area_from is None:
        return None
    return Entry(
        unit=ids.unit(_door(row)),
        stairwell=ids.stairwell(_plain(row.stairwell)),
        area=area,
        area_from=area_from,
        owner=ids.owner(row.owner_key.strip()),
    )


def _door(row: Row) -> str:
    return _plain(row.door)


def _plain(text: str) -> str:
    """One unit is one, in wide figures or narrow ones."""
    return unicodedata.normalize("NFKC", text).strip()


def _doubts(rows: Sequence[Row]) -> list[RowFault]:
    keys, names = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for row in rows:
        keys[row.owner.strip()].add(row.owner_key.strip())
        names[row.owner_key.strip()].add(row.owner.strip())
    found = []
    for row in rows:
        if len(keys[row.owner.strip()] - {""}) > 1:
            namesake = Localized("two owners have this name: two heads, or one?", "同名不同证件：是一人吗？")
            found.append(RowFault(row.line, namesake))
        if row.owner_key.strip() and len(names[row.owner_key.strip()]) > 1:
            other = Localized("one document has two names: one head, or two?", "同证件不同姓名：是一人吗？")
            found.append(RowFault(row.line, other))
        if (area_of(row.area) or 0) > LARGE:
            large = Localized("the area is unusually large", "面积异常大，请核对小数点")
            found.append(RowFault(row.line, large))
    return found
