"""The notice by which a vote's result is made public 公示: sums and what they mean, and nobody's choice."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from linli.contracts.neighbourhood.rules import Base
from linli.contracts.neighbourhood.votes import Effect, Weight
from neighbourhood.papers.count_sheet import weight
from neighbourhood.papers.document import Block, Document, Facts, Paragraph, Signatures, Table
from neighbourhood.papers.law import EFFECTS, LEGAL_CLASSES, citation_words, rule_words
from neighbourhood.papers.matters import Texts
from neighbourhood.papers.text import Both, Says, both, day, moment, until
from neighbourhood.votes.domain.sheet import MatterSheet, ResultSheet

CHALLENGE = Both(
    "受侵害的业主可以自知道或者应当知道决定之日起一年内请求人民法院撤销（民法典第二百八十条、区分所有权解释第十二条）。",
    "An owner whose rights it infringes may ask the court to set it aside, within a year from when it was known.",
)


@dataclass(frozen=True, slots=True)
class PostedResult:
    """What the sheet does not say itself."""

    title: Both
    texts: Texts
    declared_at: datetime
    challenge_until: datetime | None
    """Counted from the posting; None before it hangs."""
    days: tuple[date, date] | None
    """The notice's first and last day."""
    office: Both
    zone: tzinfo
    made_at: datetime


def result_notice(of: ResultSheet, posted: PostedResult) -> Document:
    """Raises `KeyError` for a matter without a text."""
    about: list[tuple[Says, Says]] = [
        (Both("性质", "effect"), Both(f"{EFFECTS[of.effect].zh}。{of.standing.chinese}", str(of.standing))),
        (Both("全体业主", "all owners"), weight(of.electorate)),
        (Both("收回表决票", "ballots"), weight(of.turnout)),
        (Both("占面积", "by area"), percent(of.turnout.area, of.electorate.area)),
        (Both("占人数", "by heads"), percent(of.turnout.heads, of.electorate.heads)),
        (Both("投票时间", "voted"), _between(of, posted.zone)),
        (Both("宣布", "declared"), moment(posted.declared_at, posted.zone)),
    ]
    if posted.days:
        first, last = (day(each) for each in posted.days)
        about.append((Both("公示期", "posted"), Both(f"{first.zh}至{last.zh}", f"{first.en} to {last.en}")))
    head = (
        Both("事项", "matter"),
        Both("要求", "needed"),
        Both("参与表决", "took part"),
        Both("同意", "for"),
        Both("反对", "against"),
        Both("弃权", "abstained"),
        Both("结果", "result"),
    )
    rows = tuple(_matter(number, each, posted.texts) for number, each in enumerate(of.matters, start=1))
    blocks: tuple[Block, ...] = (
        Facts(tuple(about)),
        Table(head, rows, (5, 6, 4, 4, 3, 3, 2)),
        *(Paragraph(each) for each in _rights(of, posted)),
        Paragraph(posted.office),
        Signatures((Both("发布单位（盖章）", "office, seal"),)),
    )
    footer = f"表决 {of.vote_id} · 名册 SHA-256 {of.snapshot[:16]}… · 公告 SHA-256 {of.notice[:16]}…"
    title = Both(f"表决结果公示：{posted.title.zh}", f"Result: {posted.title.en}")
    return Document(title, blocks, footer, posted.made_at, landscape=True)


def percent(part: int, whole: int) -> str:
    """To two places, cut and not rounded: a share that is not reached never looks as if it was."""
    if whole <= 0:
        return "—"
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def _between(of: ResultSheet, zone: tzinfo) -> Both:
    begins, ends = moment(of.opened_at, zone), until(of.closed_at, zone)
    return Both(f"{begins.zh}至{ends.zh}", f"{begins.en} to {ends.en}")


def _matter(number: int, of: MatterSheet, texts: Texts) -> tuple[Says, ...]:
    count, rule, title = of.count, of.matter.rule, texts[of.matter.id].title
    base = count.electorate if rule.base is Base.ALL else count.took_part
    kind, needs = LEGAL_CLASSES[rule.legal_class], rule_words(rule)
    return (
        Both(f"{number}. {title.zh}（{kind.zh}）", title.en),
        Both(f"{needs.zh}{citation_words(of.citation).zh}", needs.en),
        weight(count.took_part) + _shares(count.took_part, count.electorate),
        weight(count.approve) + _shares(count.approve, base),
        weight(count.oppose),
        weight(count.abstain),
        Both("通过", "passed") if count.passed else Both("未通过", "not passed"),
    )


def _shares(part: Weight, whole: Weight) -> str:
    return f"（面积 {percent(part.area, whole.area)}，人数 {percent(part.heads, whole.heads)}）"


def _rights(of: ResultSheet, posted: PostedResult) -> list[Both]:
    if of.effect is not Effect.DECISION:
        return [both(of.standing)]
    if posted.challenge_until is None:
        return [CHALLENGE]
    ends = until(posted.challenge_until, posted.zone)
    last = Both(f"自公示起算，至{ends.zh}。", f"Counted from the posting: until {ends.en}.")
    return [CHALLENGE, last]
