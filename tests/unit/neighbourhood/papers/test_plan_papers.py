"""A plan's version on the notice board, read back from the PDF and from the DOCX."""

from datetime import UTC, date, datetime
from io import BytesIO

import docx
import pytest

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.plan_text import (
    CostShare,
    DeclinedDemand,
    ItemCategory,
    Payer,
    PlanItem,
    VersionText,
)
from linli.frozen import replace
from neighbourhood.digests import digest_of
from neighbourhood.papers.document import MOST_ROWS, Document, Table, as_sheet
from neighbourhood.papers.plan_papers import PostedPlan, plan_version
from neighbourhood.papers.sheet import TooLong
from neighbourhood.papers.text import Both
from neighbourhood.papers.word import docx_of
from tests.support.papers import squeezed, words

MADE = datetime(2026, 11, 9, 1, tzinfo=UTC)


def item(id: str, category: ItemCategory, zh: str, *demands: str, **shares: int) -> PlanItem:
    paid = tuple(
        CostShare(payer=Payer(payer), party="gas" if payer == "utility" else None, fen=fen)
        for payer, fen in shares.items()
    )
    return PlanItem(
        id=id,
        category=category,
        title=Wording(zh=zh, en=f"Item {id}"),
        description=Wording(zh="含验收"),
        estimate=sum(shares.values()),
        shares=paid,
        demands=demands,
    )


def posted() -> PostedPlan:
    text = VersionText(
        plan_id="p1",
        number=2,
        title=Wording(zh="槐荫里改造方案", en="Plan for Huaiyinli"),
        items=(
            item("lift", ItemCategory.ENHANCEMENT, "加装电梯", government=200_000_00, owners=150_000_50),
            item("pipes", ItemCategory.BASIC, "更换供水管", "d1", "d2", government=90_000_00, utility=30_000_00),
        ),
        declined=(DeclinedDemand(demand="d3", reason=Wording(zh="消防通道不得占用", en="A fire lane")),),
    )
    return PostedPlan(
        text=text,
        digest=digest_of((text,)),
        neighbourhood=Both("槐荫里", "Huaiyinli"),
        demands={"d1": Both("需求 1：水压低", "1: pressure"), "d3": Both("需求 3：建车位")},
        parties={"gas": "青岛水务"},
        days=(date(2026, 11, 10), date(2026, 11, 16)),
        objections_to=Both("公示期内向居委会书面或网上提出。"),
        made_at=MADE,
    )


def in_word(document: Document) -> tuple[str, str]:
    """What its pages say, and its footer."""
    read = docx.Document(BytesIO(docx_of(document)))
    cells = (cell.text for table in read.tables for row in table.rows for cell in row.cells)
    said = squeezed("".join([*(each.text for each in read.paragraphs), *cells]))
    return said, squeezed("".join(each.text for each in read.sections[0].footer.paragraphs))


EXPECTED = (
    "槐荫里改造方案（第2版）",
    "PlanforHuaiyinli,version2",
    "基础类",
    "提升类",
    "更换供水管：含验收",
    "财政资金90,000.00；专业经营单位（青岛水务）30,000.00",
    "120,000.00",
    "470,000.50",
    "居民出资",
    "需求1：水压低；d2",
    "未采纳的需求及理由",
    "需求3：建车位",
    "消防通道不得占用",
    "2026年11月10日（星期二）至2026年11月16日（星期一）",
    "公示期内向居委会书面或网上提出。",
    "采纳2条，说明不采纳理由1条",
)


def test_the_board_says_what_is_done_who_pays_what_is_answered_and_what_is_declined_and_why() -> None:
    read = words(as_sheet(plan_version(posted())))
    for expected in EXPECTED:
        assert expected in read, expected
    assert "完善类" not in read, "there is nothing of it"
    assert read.index("基础类") < read.index("提升类"), "in the order of the rules, not of the plan"


def test_the_hash_of_the_version_is_on_every_page() -> None:
    of = posted()
    assert f"方案p1第2版·SHA-256{of.digest}" in words(as_sheet(plan_version(of)))
    assert in_word(plan_version(of))[1].startswith(f"方案p1第2版·SHA-256{of.digest}")


def test_the_docx_says_the_same_in_fonts_that_offices_have() -> None:
    said, _ = in_word(plan_version(posted()))
    for expected in EXPECTED:
        assert expected in said, expected
    read = docx.Document(BytesIO(docx_of(plan_version(posted()))))
    assert 'w:eastAsia="宋体"' in read.styles["Normal"].element.xml
    assert read.core_properties.created == datetime(2026, 11, 9, 1, tzinfo=UTC)
    assert read.tables[1].rows[0]._tr.xml.count("w:tblHeader") == 1, "the head is repeated on each page"


def test_a_version_that_does_not_hang_names_no_days() -> None:
    assert "公示期2026" not in words(as_sheet(plan_version(replace(posted(), days=None))))


def test_control_characters_and_what_nobody_sees_are_left_out_of_both() -> None:
    of = replace(posted(), objections_to=Both("向居委会\x00\x0b\u202e提出\ud800"))
    assert "向居委会提出" in words(as_sheet(plan_version(of)))
    assert "向居委会提出" in in_word(plan_version(of))[0]


def test_a_docx_is_bounded() -> None:
    table = Table(("a",), (("b",),) * (MOST_ROWS + 1), (1,))
    with pytest.raises(TooLong):
        docx_of(Document(Both("长"), (table,), "", MADE))
