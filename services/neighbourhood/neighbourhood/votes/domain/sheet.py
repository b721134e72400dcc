"""What the result sheet holds: every number that an official needs to check a result by hand, with its law."""

from dataclasses import dataclass
from datetime import datetime

from linli.contracts.neighbourhood.rules import Citation, Share
from linli.contracts.neighbourhood.votes import BallotChannel, Effect, Matter, MatterCount, VoteCount, VoteState, Weight
from linli.web.localized import Localized
from neighbourhood.votes.domain.snapshot import Snapshot
from neighbourhood.votes.domain.tally import base_of
from neighbourhood.votes.domain.vote import Vote

COUNTED = frozenset({VoteState.COUNTED, VoteState.DECLARED, VoteState.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: `part × denominator` against `whole × numerator`, whole numbers both."""

    what: Localized
    part: int
    whole: int
    share: Share

    @property
    def left(self) -> int:
        return self.part * self.share.denominator

    @property
    def right(self) -> int:
        return self.whole * self.share.numerator

    @property
    def met(self) -> bool:
        return self.share.met(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class MatterSheet:
    matter: Matter
    count: MatterCount
    checks: tuple[Check, ...]
    silent: Weight
    """Who took no part: in the electorate, and in no sum of consent but where a rule counts all."""

    @property
    def citation(self) -> Citation:
        return self.matter.rule.citation


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """A PDF is made of it, and nothing else."""

    vote_id: str
    snapshot_id: str
    snapshot: str
    """SHA-256 of the frozen register."""
    units: int
    electorate: Weight
    notice: str
    """SHA-256 of what was posted."""
    noticed_at: datetime
    opened_at: datetime
    closed_at: datetime
    turnout: Weight
    by_channel: dict[BallotChannel, Weight]
    spoiled: int
    proxies: int
    """Owners who had given a proxy, used or not."""
    tellers: tuple[str, ...]
    """Who certified."""
    effect: Effect
    standing: Localized
    matters: tuple[MatterSheet, ...]


def result_sheet(vote: Vote, snapshot: Snapshot) -> ResultSheet:
    """Raises `ValueError` before the count is certified: until then nobody has a result."""
    if vote.state not in COUNTED or vote.count is None or vote.noticed is None:
        raise ValueError(f"vote {vote.id} has no certified count")
    assert vote.noticed_at and vote.opened_at and vote.closed_at, "it was noticed, opened and closed before the count"
    return ResultSheet(
        vote_id=vote.id,
        snapshot_id=snapshot.id,
        snapshot=snapshot.sha256,
        units=len(snapshot.entries),
        electorate=vote.count.electorate,
        notice=vote.noticed,
        noticed_at=vote.noticed_at,
        opened_at=vote.opened_at,
        closed_at=vote.closed_at,
        turnout=vote.count.turnout,
        by_channel=vote.count.by_channel,
        spoiled=vote.count.spoiled,
        proxies=len(vote.proxies),
        tellers=vote.certified,
        effect=vote.effect,
        standing=standing(vote.effect),
        matters=_of_each(vote, vote.count),
    )


def standing(effect: Effect) -> Localized:
    """What the result is worth, in a sentence."""
    if effect is Effect.DECISION:
        return Localized("Decided in common by the owners.", "业主共同决定。")
    return Localized(
        "A consultation of intentions; no decision of the owners until the office confirms this way of voting.",
        "意向征询结果；在主管部门确认本投票方式前，不是业主共同决定。",
    )


def checks(matter: Matter, count: MatterCount) -> tuple[Check, ...]:
    """In the order of the law: who takes part, then who consents; by area, then by heads."""
    rule, found = matter.rule, []
    if rule.quorum is not None:
        found += _both(Localized("takes part", "参与表决"), rule.quorum, count.took_part, count.electorate)
    base = base_of(rule, count.took_part, count.electorate)
    found += _both(Localized("consents", "同意"), rule.approval, count.approve, base)
    return tuple(found)


def _of_each(vote: Vote, count: VoteCount) -> tuple[MatterSheet, ...]:
    return tuple(
        MatterSheet(matter, found, checks(matter, found), _less(found.electorate, found.took_part))
        for matter, found in zip(vote.matters, count.matters, strict=True)
    )


def _both(what: Localized, share: Share, part: Weight, whole: Weight) -> list[Check]:
    by_area = Localized("{what}, by area (0.01 ㎡)", "{what}（面积，0.01㎡）", what=what)
    by_heads = Localized("{what}, by heads", "{what}（人数）", what=what)
    return [Check(by_area, part.area, whole.area, share), Check(by_heads, part.heads, whole.heads, share)]


def _less(whole: Weight, part: Weight) -> Weight:
    return Weight(area=whole.area - part.area, heads=whole.heads - part.heads)
