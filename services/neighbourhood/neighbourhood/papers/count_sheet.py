"""The sheet by which an official checks a count by hand: every number, its base, and each comparison written out."""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo

from linli.contracts.neighbourhood.rules import Base
from linli.contracts.neighbourhood.votes import Weight
from neighbourhood.papers.document import Block, Document, Facts, Heading, Paragraph, Signatures, Table
from neighbourhood.papers.law import CHANNELS, LEGAL_CLASSES, citation_words, rule_words
from neighbourhood.papers.matters import Texts
from neighbourhood.papers.text import Both, Says, both, moment, square_metres
from neighbourhood.votes.domain.sheet import Check, MatterSheet, ResultSheet

HOW = Both(
    "核对方法：以“部分”乘分母、“基数”乘分子，比较两个整数；面积以 0.01㎡ 为单位，不作四舍五入。",
    "How to check: part × denominator against base × numerator, whole numbers; areas in 0.01 ㎡, nothing is rounded.",
)


def count_sheet(
    of: ResultSheet, title: Both, texts: Texts, tellers: Mapping[str, str], zone: tzinfo, made_at: datetime
) -> Document:
    """`tellers`: their names. Raises `KeyError` for a matter without a text."""
    blocks: list[Block] = [Facts(tuple(_about(of, zone))), Paragraph(HOW)]
    for number, matter in enumerate(of.matters, start=1):
        blocks += _matter(number, matter, texts)
    signed = [Both(f"计票人 {tellers.get(each, each)}", "teller") for each in of.tellers]
    blocks.append(Signatures((*signed, Both("监票 / 主管部门", "official"))))
    footer = f"表决 {of.vote_id} · 名册 SHA-256 {of.snapshot[:16]}… · 公告 SHA-256 {of.notice[:16]}…"
    return Document(Both(f"计票核对表：{title.zh}", f"Count sheet: {title.en}"), tuple(blocks), footer, made_at)


def _about(of: ResultSheet, zone: tzinfo) -> Iterator[tuple[Says, Says]]:
    yield Both("表决编号", "vote"), of.vote_id
    yield Both("冻结名册", "frozen register"), f"{of.snapshot_id}  SHA-256 {of.snapshot}"
    yield Both("专有部分", "units"), f"{of.units}"
    yield Both("全体业主", "all owners"), weight(of.electorate)
    yield Both("公告内容", "what was posted"), f"SHA-256 {of.notice}"
    for name, at in (
        (Both("公告", "posted"), of.noticed_at),
        (Both("开始投票", "opened"), of.opened_at),
        (Both("截止投票", "closed"), of.closed_at),
    ):
        yield name, moment(at, zone)
    yield Both("收回表决票", "ballots"), weight(of.turnout)
    for channel, weighed in of.by_channel.items():
        yield CHANNELS[channel], weight(weighed)
    yield Both("作废票", "put aside"), f"{of.spoiled}"
    yield Both("已登记委托", "proxies lodged"), f"{of.proxies}"
    yield Both("性质", "effect"), both(of.standing)


def _matter(number: int, of: MatterSheet, texts: Texts) -> Iterator[Block]:
    count, rule = of.count, of.matter.rule
    said = texts[of.matter.id].title
    yield Heading(Both(f"事项{number}：{said.zh}", said.en))
    yield Paragraph(Both(f"{LEGAL_CLASSES[rule.legal_class].zh}。", LEGAL_CLASSES[rule.legal_class].en))
    yield Paragraph(rule_words(rule))
    yield Paragraph(citation_words(of.citation))
    yield Facts((("正文 SHA-256", of.matter.text_sha256),))
    weights = (
        (Both("应参加", "electorate"), count.electorate),
        (Both("参与表决", "took part"), count.took_part),
        (Both("同意", "for"), count.approve),
        (Both("反对", "against"), count.oppose),
        (Both("弃权", "abstained"), count.abstain),
        (Both("未参与", "silent"), of.silent),
    )
    head = (Both("", ""), Both("面积（㎡）", "area"), Both("人数", "heads"))
    rows = tuple((name, square_metres(each.area), f"{each.heads:,}") for name, each in weights)
    yield Table(head, rows, (2, 2, 1), (1, 2))
    base = Both("全体", "of all") if rule.base is Base.ALL else Both("参与表决者", "of those who took part")
    yield Paragraph(Both(f"同意的基数：{base.zh}。", f"Consent is a share {base.en}."))
    yield Table(
        (
            Both("比较", "comparison"),
            Both("部分", "part"),
            Both("基数", "base"),
            Both("规定", "needed"),
            Both("算式", "in whole numbers"),
            Both("结果", "met"),
        ),
        tuple(_check(each) for each in of.checks),
        (6, 3, 3, 2, 7, 2),
        (1, 2),
    )
    passed = Both("通过", "passed") if count.passed else Both("未通过", "not passed")
    yield Paragraph(Both(f"事项{number}：{passed.zh}", passed.en), strong=True)


def _check(check: Check) -> tuple[Says, ...]:
    share = check.share
    least = "≥" if share.or_equal else "＞"
    sign = least if check.met else ("＜" if share.or_equal else "≤")
    left = f"{check.part} × {share.denominator} = {check.left}"
    right = f"{check.whole} × {share.numerator} = {check.right}"
    met = Both("符合", "yes") if check.met else Both("不符合", "no")
    needed = f"{least} {share.numerator}/{share.denominator}"
    return both(check.what), f"{check.part}", f"{check.whole}", needed, f"{left}  {sign}  {right}", met


def weight(of: Weight) -> str:
    return f"{square_metres(of.area)} ㎡，{of.heads:,} 人"
