"""What a command on a round comes to: events, or a refusal."""

from datetime import datetime, tzinfo
from typing import TypeAlias

from linli.contracts.neighbourhood import rounds as events
from linli.contracts.neighbourhood.rounds import RoundEvent, RoundStage
from linli.web.localized import Localized
from neighbourhood.digests import digest_of
from neighbourhood.profiles.days import IsWorkingDay, Place
from neighbourhood.refusal import Refusal, refused
from neighbourhood.rounds.domain.checking import not_settled
from neighbourhood.rounds.domain.commands import (
    Close,
    Command,
    DraftRound,
    Extend,
    LeaveOut,
    Open,
    Publish,
    Revise,
    SettleCluster,
    Summarise,
)
from neighbourhood.rounds.domain.counting import summarised
from neighbourhood.rounds.domain.questions import questionnaire_fault
from neighbourhood.rounds.domain.round import Round
from neighbourhood.rounds.domain.rules import RoundRules

Decision: TypeAlias = tuple[RoundEvent, ...] | Refusal
_WHILE: dict[type, RoundStage] = {
    Revise: RoundStage.DRAFT,
    Open: RoundStage.DRAFT,
    Extend: RoundStage.OPEN,
    Close: RoundStage.OPEN,
    SettleCluster: RoundStage.CLOSED,
    LeaveOut: RoundStage.CLOSED,
    Summarise: RoundStage.CLOSED,
    Publish: RoundStage.SUMMARISED,
}
"""In which stage each is possible."""
_STAGES = {
    RoundStage.DRAFT: Localized("a draft", "拟定"),
    RoundStage.OPEN: Localized("open", "征集中"),
    RoundStage.CLOSED: Localized("closed", "已截止"),
    RoundStage.SUMMARISED: Localized("summarised", "已汇总"),
    RoundStage.PUBLISHED: Localized("published", "已公布"),
}


def decide(
    round: Round | None,
    command: Command,
    now: datetime,
    rules: RoundRules,
    zone: tzinfo,
    is_working_day: IsWorkingDay,
) -> Decision:
    """The events of a command. `zone` is the community's."""
    if isinstance(command, DraftRound):
        return _drafted(round, command, now)
    if round is None:
        return refused("no_round", "There is no such round.", "没有这次征集。")
    if round.stage is not _WHILE[type(command)]:
        english, chinese = "The round is {stage}; that is not possible now.", "征集现在“{stage}”，不能这样做。"
        return refused("round_stage", english, chinese, stage=_STAGES[round.stage])
    if isinstance(command, Open | Extend):
        return _open_until(round, command, now, rules, zone, is_working_day)
    if isinstance(command, Summarise):
        return _summarised(round, command, now, rules)
    return (
        _settled(round, command, now)
        if isinstance(command, SettleCluster | LeaveOut)
        else _moved_on(round, command, now)
    )


def _drafted(round: Round | None, command: DraftRound, now: datetime) -> Decision:
    if round is not None:
        return refused("round_exists", "There is such a round already.", "这次征集已经有了。")
    return (
        events.RoundDrafted(
            round_id=command.id,
            at=now,
            by=command.by,
            community=command.community,
            neighbourhood=command.neighbourhood,
            title=command.title,
            questions=command.questions,
        ),
    )


def _open_until(
    round: Round, command: Open | Extend, now: datetime, rules: RoundRules, zone: tzinfo, is_working_day: IsWorkingDay
) -> Decision:
    about = {"round_id": round.id, "at": now, "by": command.by, "closes_at": command.closes_at}
    if isinstance(command, Extend):
        assert round.closes_at is not None
        if not round.takes_answers(now):
            english = "It has ended, as was announced."
            return refused("round_not_open", english, "已按公布的时间截止，不能再延长。")
        if command.closes_at <= round.closes_at:
            return refused("closes_too_early", "It is open for so long already.", "征集期本来就更长。", "/closes_at")
        return (events.RoundExtended(**about),)
    if fault := questionnaire_fault(round.questions):
        return fault
    least = Place(zone, is_working_day).period(now, rules.open_for)
    if command.closes_at < least.ends_at:
        english = "Households have {days} full days to answer: until {last} is over."
        chinese = "征集期须满 {days} 天，到 {last} 二十四时为止。"
        days, last = rules.open_for.length, least.last_day.isoformat()
        return refused("closes_too_early", english, chinese, "/closes_at", days=days, last=last)
    return (events.RoundOpened(**about, digest=digest_of(round.questions)),)


def _moved_on(round: Round, command: Revise | Close | Publish, now: datetime) -> Decision:
    about = {"round_id": round.id, "at": now, "by": command.by}
    match command:
        case Revise():
            return (events.RoundRevised(**about, title=command.title, questions=command.questions),)
        case Publish():
            return (events.RoundPublished(**about, digest=round.summary_digest),)
        case Close():
            if round.takes_answers(now):
                english = "Households were told that they can answer until {at}."
                at = round.closes_at.isoformat() if round.closes_at else ""
                return refused("closes_too_early", english, "已公布征集到 {at} 为止。", at=at)
            return (events.RoundClosed(**about, seed=command.seed),)


def _settled(round: Round, command: SettleCluster | LeaveOut, now: datetime) -> Decision:
    demands = tuple(sorted(set(command.demands))) if isinstance(command, SettleCluster) else (command.demand,)
    if not demands or (unknown := sorted(set(demands) - command.known)):
        which = unknown[0] if demands else ""
        return refused("no_demand", "There is no demand {which}.", "没有需求 {which}。", which=which)
    about = {"round_id": round.id, "at": now, "by": command.by}
    if isinstance(command, LeaveOut):
        same = round.left_out.get(command.demand) == command.reason
        return () if same else (events.DemandLeftOut(**about, demand=command.demand, reason=command.reason),)
    had = round.clusters.get(command.cluster)
    if had and (had.title, had.demands) == (command.title, frozenset(demands)):
        return ()
    return (events.DemandsClustered(**about, cluster=command.cluster, title=command.title, demands=demands),)


def _summarised(round: Round, command: Summarise, now: datetime, rules: RoundRules) -> Decision:
    """Every sheet that has to be is read again, every need with consent is a demand, every demand is settled."""
    assert round.seed is not None
    if unread := not_settled(command.responses, round.seed, rules):
        english = "{count} sheets have to be read by a second person, or put right."
        return refused("sheets_not_checked", english, "还有 {count} 份纸质答卷待复核或更正。", count=len(unread))
    counted = [each for each in command.responses if each.counts]
    if waiting := sum(len(each.to_raise) for each in counted):
        english = "{count} needs that households consented to are no demands yet."
        return refused("needs_not_raised", english, "还有 {count} 条已同意的需求没有转办。", count=waiting)
    demands = {demand for each in counted for demand in each.raised.values()}
    if left := sorted(demands - round.settled):
        english = "{count} demands are in no cluster and have no reason, such as {first}."
        chinese = "还有 {count} 条需求既未归类也未说明理由，例如 {first}。"
        return refused("demands_not_settled", english, chinese, count=len(left), first=left[0])
    summary = summarised(round, command.responses)
    digest = digest_of((summary,))
    return (events.RoundSummarised(round_id=round.id, at=now, by=command.by, summary=summary, digest=digest),)
