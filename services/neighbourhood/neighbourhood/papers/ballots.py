"""Ballot papers of a vote: to each owner a letter with the matters' texts and a personal code, and a ballot to sign.

No name is on them until an owner signs. The ballot has no code: what comes back on paper opens nothing online.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from linli.contracts.neighbourhood.ballots import Choice
from linli.contracts.neighbourhood.votes import BallotChannel, Effect, Matter
from neighbourhood.papers.law import CHANNELS, CHOICES, EFFECTS, LEGAL_CLASSES, citation_words, rule_words
from neighbourhood.papers.letters import MOST_DOORS, WAY_IN
from neighbourhood.papers.matters import Texts, as_posted
from neighbourhood.papers.qr import link_of
from neighbourhood.papers.sheet import Sheet, TooLong, sheet
from neighbourhood.papers.text import Both, both, grouped, square_metres, until
from neighbourhood.votes.domain.sheet import standing


@dataclass(frozen=True, slots=True)
class OwnersPaper:
    """To whom a ballot goes: an owner, by the doors of all units, with the area that the frozen register has."""

    doors: tuple[str, ...]
    units: frozenset[str]
    area: int
    """Hundredths of a ㎡."""
    code: str = field(default="", repr=False)
    """Empty where the vote takes no ballots online."""
    link: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class BallotPapers:
    """A stairwell's ballots."""

    title: Both
    neighbourhood: Both
    office: Both
    address: str
    matters: tuple[Matter, ...]
    texts: Texts
    channels: tuple[BallotChannel, ...]
    effect: Effect
    abstention_takes_part: bool
    opens_from: datetime
    closes_at: datetime
    zone: tzinfo
    digest: str
    """Of what was posted."""
    owners: tuple[OwnersPaper, ...]
    printed_at: datetime
    two_sided: bool = False


def ballots(of: BallotPapers) -> Sheet:
    """Raises `TooLong`, `KeyError` for a matter without a text, `OtherText` for one with another than was posted and,
    for a link that fits on no paper, `ValueError`."""
    if len(of.owners) > MOST_DOORS:
        raise TooLong
    as_posted(of.matters, of.texts)
    words = {
        "title": of.title,
        "neighbourhood": of.neighbourhood,
        "office": of.office,
        "address": of.address,
        "two_sided": of.two_sided,
        "mark": f"表决 {of.digest[:12]}",
        "labels": _labels(of),
        "choices": [CHOICES[each] for each in Choice],
        "signatures": [
            Both("业主签名", "owner's signature"),
            *([Both("受托人签名", "agent's signature")] if BallotChannel.PROXY in of.channels else []),
        ],
        "owners": [_owner(each, of) for each in of.owners],
    }
    return sheet("ballots", words, of.printed_at)


def _owner(owner: OwnersPaper, of: BallotPapers) -> dict[str, Any]:
    online = BallotChannel.CODE in of.channels and bool(owner.link)
    more = f" 等 {len(owner.doors)} 处" if len(owner.doors) > 1 else ""
    return {
        "to": owner.doors[0] + more,
        "doors": owner.doors,
        "area": square_metres(owner.area),
        "code": grouped(owner.code) if online else "",
        "qr": link_of(owner.link) if online else "",
        "matters": [_matter(number, each, of.texts) for number, each in _concerning(owner, of.matters)],
    }


def _concerning(owner: OwnersPaper, matters: Iterable[Matter]) -> list[tuple[int, Matter]]:
    """A matter of another stairwell is not on the owner's ballot; each has the same number on all."""
    every = enumerate(matters, start=1)
    return [(at, each) for at, each in every if each.units is None or not owner.units.isdisjoint(each.units)]


def _matter(number: int, matter: Matter, texts: Texts) -> dict[str, Any]:
    text = texts[matter.id]
    return {
        "number": str(number),
        "title": text.title,
        "text": text.text,
        "class": LEGAL_CLASSES[matter.rule.legal_class],
        "needs": rule_words(matter.rule),
        "citation": citation_words(matter.rule.citation),
    }


def _labels(of: BallotPapers) -> dict[str, Both]:
    begins, ends = until(of.opens_from, of.zone), until(of.closes_at, of.zone)
    worth, ways = both(standing(of.effect)), [CHANNELS[each] for each in of.channels]
    zh_abstain = "弃权计入参与表决，不计入同意" if of.abstention_takes_part else "弃权不计入参与表决"
    en_abstain = "takes part and is no consent" if of.abstention_takes_part else "does not take part"
    effect = EFFECTS[of.effect].zh
    return {
        **WAY_IN,
        "keep": Both(
            "此码只属于该业主，请勿转给他人；遗失可补发，旧码随即作废。",
            "The code is the owner's own. If it is lost there is a new one, and this one ends.",
        ),
        "doors": Both("房屋", "units"),
        "weight": Both("专有部分面积合计（业主人数计 1）", "area of all units (one head)"),
        "class": Both("事项类别", "kind"),
        "effect": Both(f"性质：{effect}。{worth.zh}", worth.en),
        "until": Both(f"投票时间：{begins.zh} 至 {ends.zh}", f"From {begins.en} to {ends.en}"),
        "ways": Both(
            f"投票方式：{'、'.join(each.zh for each in ways)}，任选一种，每位业主一票。",
            f"Vote {', or '.join(each.en for each in ways)}: one ballot an owner.",
        ),
        "silence": Both(
            f"未投票、未选择的事项不计入参与表决，也不视为同意；{zh_abstain}。",
            f"No ballot and no mark count for nothing; who abstains {en_abstain}.",
        ),
        "cut": Both("沿此线剪下", "cut here"),
        "ballot": Both("表决票", "Ballot"),
        "mark_one": Both(
            "每项只选一格打 √；多选、涂改无法辨认的事项无效。", "One tick a matter; what cannot be read does not count."
        ),
        "hand_in": Both(f"请于{ends.zh}前交回：{of.office.zh}", f"Hand it in by {ends.en}: {of.office.en}"),
    }
