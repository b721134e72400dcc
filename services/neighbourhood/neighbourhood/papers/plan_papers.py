"""A plan's version for the notice board: what is done, who pays, which demands it answers, and why others are not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from linli.contracts.neighbourhood.plan_text import CostShare, ItemCategory, Payer, PlanItem, VersionText
from neighbourhood.papers.document import Block, Document, Facts, Heading, Paragraph, Table
from neighbourhood.papers.text import Both, Says, both, day, yuan

CATEGORIES = {
    ItemCategory.BASIC: Both("基础类", "Basic"),
    ItemCategory.IMPROVEMENT: Both("完善类", "Improvement"),
    ItemCategory.ENHANCEMENT: Both("提升类", "Enhancement"),
}
PAYERS = {
    Payer.GOVERNMENT: Both("财政资金", "public funds"),
    Payer.OWNERS: Both("居民出资", "owners"),
    Payer.REPAIR_FUND: Both("住宅专项维修资金", "repair fund"),
    Payer.UTILITY: Both("专业经营单位", "utility"),
    Payer.INVESTOR: Both("社会资本", "investor"),
    Payer.OTHER: Both("其他", "other"),
}


@dataclass(frozen=True, slots=True)
class PostedPlan:
    """A frozen version, and what is told beside it."""

    text: VersionText
    digest: str
    neighbourhood: Both
    demands: Mapping[str, Both]
    """What may be told of each demand in public: its number, its matter. One that is missing is told by its id."""
    parties: Mapping[str, str]
    """Names of the companies that pay."""
    days: tuple[date, date] | None
    """The notice's first and last day; None of a version that does not hang."""
    objections_to: Both
    """Where somebody objects."""
    made_at: datetime


def plan_version(of: PostedPlan) -> Document:
    """The same for a PDF and a DOCX."""
    title = both(of.text.title)
    blocks: list[Block] = [Facts(tuple(_about(of)))]
    for category in ItemCategory:
        items = [each for each in of.text.items if each.category is category]
        if items:
            blocks += _items(category, items, of)
    blocks += _declined(of)
    footer = f"方案 {of.text.plan_id} 第 {of.text.number} 版 · SHA-256 {of.digest}"
    name = Both(f"{title.zh}（第 {of.text.number} 版）", f"{title.en}, version {of.text.number}" if title.en else "")
    return Document(name, tuple(blocks), footer, of.made_at)


def _about(of: PostedPlan) -> Iterator[tuple[Says, Says]]:
    whole = sum(each.estimate for each in of.text.items)
    cited = {demand for each in of.text.items for demand in each.demands}
    yield Both("小区", "neighbourhood"), of.neighbourhood
    if of.days:
        first, last = day(of.days[0]), day(of.days[1])
        yield Both("公示期", "posted"), Both(f"{first.zh}至{last.zh}", f"{first.en} to {last.en}")
    yield Both("估算合计（元）", "estimate, yuan"), yuan(whole)
    for payer in Payer:
        paid = sum(share.fen for each in of.text.items for share in each.shares if share.payer is payer)
        if paid:
            yield PAYERS[payer], yuan(paid)
    answered = f"采纳 {len(cited)} 条，说明不采纳理由 {len(of.text.declined)} 条"
    yield Both("需求", "demands"), Both(answered, f"{len(cited)} answered, {len(of.text.declined)} declined")
    yield Both("异议", "objections"), of.objections_to


def _items(category: ItemCategory, items: list[PlanItem], of: PostedPlan) -> Iterator[Block]:
    yield Heading(CATEGORIES[category])
    head = (
        Both("内容", "what"),
        Both("出资", "who pays (yuan)"),
        Both("估算（元）", "estimate"),
        Both("回应的需求", "demands answered"),
    )
    rows = tuple((_what(each), _payers(each.shares, of), yuan(each.estimate), _demands(each, of)) for each in items)
    yield Table(head, rows, (5, 4, 2, 4), (2,))


def _what(item: PlanItem) -> Both:
    title, more = both(item.title), both(item.description) if item.description else Both("")
    zh = f"{title.zh}：{more.zh}" if more.zh else title.zh
    return Both(zh, ": ".join(each for each in (title.en, more.en) if each))


def _payers(shares: tuple[CostShare, ...], of: PostedPlan) -> Both:
    def named(share: CostShare) -> Both:
        zh, en = PAYERS[share.payer]
        who = f"（{of.parties.get(share.party, share.party)}）" if share.party else ""
        return Both(f"{zh}{who} {yuan(share.fen)}", f"{en} {yuan(share.fen)}")

    every = [named(each) for each in shares]
    return Both("；".join(each.zh for each in every), "; ".join(each.en for each in every))


def _demands(item: PlanItem, of: PostedPlan) -> Both:
    every = [_demand(each, of) for each in item.demands]
    if not every:
        return Both("—")
    return Both("；".join(each.zh for each in every), "; ".join(each.en for each in every if each.en))


def _demand(id: str, of: PostedPlan) -> Both:
    return of.demands.get(id, Both(id))


def _declined(of: PostedPlan) -> Iterator[Block]:
    if not of.text.declined:
        return
    yield Heading(Both("未采纳的需求及理由", "Declined, and why"))
    rows = tuple((_demand(each.demand, of), both(each.reason)) for each in of.text.declined)
    yield Table((Both("需求", "demand"), Both("理由", "reason")), rows, (2, 3))
    about = Both("提出人可在其答复页面查看理由。", "Each demander reads the reason where the demand is answered.")
    yield Paragraph(about)
