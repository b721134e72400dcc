"""Which column of a register means what, by what people write above it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from linli.web.localized import Localized


class Column(StrEnum):
    """What a register tells of a unit."""

    BUILDING = "building"
    STAIRWELL = "stairwell"
    DOOR = "door"
    AREA = "area"
    AREA_FROM = "area_from"
    OWNER = "owner"
    DOCUMENT = "document"


NAMES: Mapping[Column, Sequence[str]] = {
    Column.BUILDING: ("楼号", "楼栋", "楼栋号", "栋号", "幢号", "楼", "栋", "幢", "楼幢", "building"),
    Column.STAIRWELL: ("单元", "单元号", "楼单元", "楼号单元", "楼栋单元", "stairwell", "entrance"),
    Column.DOOR: (
        *("房号", "房屋", "房间号", "室号", "户号", "门牌", "门牌号", "房屋坐落", "坐落", "房屋地址", "地址"),
        *("专有部分", "房屋编号", "室", "unit", "door", "room"),
    ),
    Column.AREA: (
        *("面积", "建筑面积", "专有部分面积", "产权面积", "房屋面积", "房屋建筑面积", "登记面积", "产权建筑面积"),
        *("专有部分建筑面积", "area"),
    ),
    Column.AREA_FROM: ("面积来源", "面积依据", "来源", "依据", "面积出处", "areasource", "areafrom", "source"),
    Column.OWNER: (
        *(
            "业主",
            "业主姓名",
            "产权人",
            "产权人姓名",
            "所有权人",
            "权利人",
            "房主",
            "姓名",
            "业主名称",
            "业主姓名或名称",
        ),
        *("业主姓名/名称", "owner", "name"),
    ),
    Column.DOCUMENT: (
        *("证件号", "证件号码", "身份证号", "身份证号码", "身份证", "证件", "业主证件号", "有效证件号码"),
        *("统一社会信用代码", "身份证号/统一社会信用代码", "证件号码/统一社会信用代码", "document", "id", "idnumber"),
    ),
}
_COLUMNS = {name: column for column, names in NAMES.items() for name in names}
TOLD = {
    Column.DOOR: Localized("the unit (房号)", "房号"),
    Column.AREA: Localized("the area (面积)", "面积"),
    Column.AREA_FROM: Localized("the area's source (面积来源)", "面积来源"),
    Column.OWNER: Localized("the owner (业主)", "业主"),
    Column.DOCUMENT: Localized("the owner's document (证件号)", "证件号"),
}
"""The columns that every register has, by how we call them. A stairwell may stand in the door."""
LOOKED_AT = 30
"""Lines at the top in which headings are looked for: below a title, a note, a date."""
FEWEST = 3
"""So many known columns make a line of headings."""


def column_of(heading: str) -> Column | None:
    """`＊建筑面积（㎡）` is the area."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    plain = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", plain)
    return _COLUMNS.get(re.sub(r"[\s*:_.、-]+|m2$|平方米$", "", plain))


def columns_of(cells: Sequence[str]) -> dict[Column, int]:
    """Where each known column stands; of two with one meaning, the first."""
    found: dict[Column, int] = {}
    for at, cell in enumerate(cells):
        if (column := column_of(cell)) is not None:
            found.setdefault(column, at)
    return found
