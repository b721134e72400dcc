"""Rows of a table that are no records: totals, who made it, the header once more, a line across."""

import re
import unicodedata
from collections.abc import Sequence

from linli_cli.importing.tables.rows import Row
from linli_cli.terminal.language import say

FOOT = 8
"""Rows at the end among which notes are looked for."""
LONGEST_WORD = 20
"""Characters of the cell that says that a row is a total."""
_TOTAL = re.compile(
    r"(?:本|以上|全)?(?:[月周日年季]度?)?(?:合计|总计|小计|共计|总数|累计|汇总)[:：]?(?:共?\d+[件条宗起个]?)?"
    r"|(?:grand|sub|sub-)?total[s:]*\d*|sum:?\d*"
)
_AMOUNT = re.compile(r"共?[-+]?[\d,]*\.?\d*%?[件条宗起个次]?|[-—/]")
_FOOT_NOTE = re.compile(
    r"(?:制表|填表|填报|审核|审批|统计|打印|导出|报送|签字|签名|联系|经办)(?:人|单位|部门|日期|时间|员)?[:：].*"
    r"|(?:备注|说明|注|数据来源|附注|preparedby|printed|exported|source|note|page)[:：].*|page\d+.*|第\d+页.*"
)


def why_no_record(row: Row, header: Sequence[str]) -> str | None:
    """In words, where the row is none wherever it stands."""
    if row.across and len(header) > 2:
        return say("a line across the table")
    first = next(filter(None, row.cells), "")
    if len(first) <= LONGEST_WORD and _TOTAL.fullmatch(_plain(first)):
        others = (_plain(cell) for cell in row.cells if cell and cell != first)
        return say("a total") if all(_AMOUNT.fullmatch(cell) for cell in others) else None
    if first in header and len(header) > 1 and [*filter(None, row.cells)] == [*filter(None, header)]:
        return say("the header again")
    return None


def why_a_foot_note(row: Row, header: Sequence[str]) -> str | None:
    """In words, where the row is a note, if it is one of the last."""
    filled = [_plain(cell) for cell in row.cells if cell]
    wide = sum(map(bool, header)) > 2
    return say("a note below the table") if wide and 0 < len(filled) <= 3 and _FOOT_NOTE.fullmatch(filled[0]) else None


def _plain(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).casefold().split())
