"""The notice by which owners are told what they will decide, when and how 表决公告: what is posted before a vote."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from linli.contracts.neighbourhood.votes import Matter, VotePrepared
from neighbourhood.papers.document import Block, Document, Facts, Heading, Paragraph, Signatures
from neighbourhood.papers.law import CHANNELS, EFFECTS, LEGAL_CLASSES, citation_words, rule_words
from neighbourhood.papers.matters import MatterText, Texts, as_posted
from neighbourhood.papers.text import Both, Says, both, square_metres, until
from neighbourhood.votes.domain.sheet import standing
from neighbourhood.votes.domain.snapshot import Snapshot
from neighbourhood.votes.domain.vote import digest_of


@dataclass(frozen=True, slots=True)
class PostedVote:
    """What the vote's terms do not say themselves."""

    title: Both
    texts: Texts
    opens_from: datetime | None
    """None of one that is not posted yet: its days count from when it is."""
    closes_at: datetime | None
    """None before it opens."""
    office: Both
    """Where ballots go and who helps."""
    zone: tzinfo
    made_at: datetime


def vote_notice(terms: VotePrepared, snapshot: Snapshot, posted: PostedVote) -> Document:
    """Raises `KeyError` for a matter without a text, `OtherText` for one with another."""
    texts = as_posted(terms.matters, posted.texts)
    blocks: list[Block] = [Facts(tuple(_about(terms, snapshot, posted)))]
    for number, matter in enumerate(terms.matters, start=1):
        blocks += _matter(number, matter, texts[matter.id])
    blocks += [Paragraph(each) for each in _rules(terms)]
    blocks.append(Signatures((Both("发布单位（盖章）", "office, seal"),)))
    footer = f"表决 {terms.vote_id} · 公告 SHA-256 {digest_of(terms)}"
    title = Both(f"业主表决公告：{posted.title.zh}", f"Notice of a vote: {posted.title.en}")
    return Document(title, tuple(blocks), footer, posted.made_at)


def _about(terms: VotePrepared, snapshot: Snapshot, posted: PostedVote) -> Iterator[tuple[Says, Says]]:
    worth, whole = both(standing(terms.effect)), snapshot.whole()
    begins = until(posted.opens_from, posted.zone) if posted.opens_from else _AFTER_ITS_DAYS
    ends = until(posted.closes_at, posted.zone) if posted.closes_at else _AS_IT_OPENS
    ways = [CHANNELS[each] for each in terms.channels]
    yield Both("性质", "effect"), Both(f"{EFFECTS[terms.effect].zh}。{worth.zh}", worth.en)
    yield Both("投票时间", "voting"), Both(f"{begins.zh} 至 {ends.zh}", f"{begins.en} to {ends.en}")
    yield Both("投票方式", "ways"), Both("、".join(each.zh for each in ways), ", ".join(each.en for each in ways))
    electorate = f"{len(snapshot.entries):,} 套，{square_metres(whole.area)} ㎡，{whole.heads:,} 人"
    yield Both("名册（已冻结）", "frozen register"), Both(electorate, f"SHA-256 {snapshot.sha256}")
    yield Both("交票、咨询", "office"), posted.office


_AFTER_ITS_DAYS = Both("公告期满后", "once the days of this notice are over")
_AS_IT_OPENS = Both("开始投票时公布的截止时间", "the hour that is told as it opens")


def _matter(number: int, matter: Matter, text: MatterText) -> Iterator[Block]:
    yield Heading(Both(f"事项{number}：{text.title.zh}", text.title.en))
    yield Paragraph(text.text)
    yield Facts(
        (
            (Both("类别", "kind"), LEGAL_CLASSES[matter.rule.legal_class]),
            (Both("须", "needs"), rule_words(matter.rule)),
            (Both("依据", "by"), citation_words(matter.rule.citation)),
            (Both("范围", "concerns"), _concerned(matter)),
            ("正文 SHA-256", matter.text_sha256),
        )
    )


def _concerned(matter: Matter) -> Both:
    if matter.units is None:
        return Both("全体业主", "all owners")
    return Both(f"{len(matter.units)} 套房屋的业主", f"the owners of {len(matter.units)} units")


def _rules(terms: VotePrepared) -> Iterator[Both]:
    zh = "弃权计入参与表决，不计入同意" if terms.abstention_takes_part else "弃权不计入参与表决"
    en = "Who abstains takes part" if terms.abstention_takes_part else "Who abstains does not take part"
    yield Both(f"每位业主一票；未投票、未选择的事项不计票，也不视为同意；{zh}。", f"Silence counts for nothing. {en}.")
    paper = "须书面并签名，" if terms.proxy_in_writing else ""
    most = terms.principals_per_agent
    yield Both(f"可以委托他人投票：{paper}一人最多受托 {most} 位业主。", f"An agent votes for {most} owners at most.")
    yield Both(
        f"计票由 {terms.certified_by} 名计票人分别核对一致后生效；本公告内容有任何改动，须重新公告、重新计算公告期。",
        f"{terms.certified_by} tellers find the same numbers. What changes here is posted anew, with new days.",
    )
