"""Who votes for whom: in writing, for one vote, not passed on, and for so many owners at most as the rules have."""

from collections.abc import Mapping
from datetime import datetime

from linli.contracts.neighbourhood.votes import BallotChannel, ProxyLodged, ProxyRevoked, VoteState
from neighbourhood.refusal import Refusal, refused
from neighbourhood.votes.domain.commands import LodgeProxy, RevokeProxy
from neighbourhood.votes.domain.snapshot import Snapshot
from neighbourhood.votes.domain.vote import Vote


def lodged(
    vote: Vote, command: LodgeProxy, snapshot: Snapshot, now: datetime, common: Mapping[str, object]
) -> tuple[ProxyLodged, ...] | Refusal:
    """The proxy of an owner; nothing where it is there already."""
    principal, agent = command.principal, command.agent
    if why := _not_now(vote, now) or _bad(vote, command, snapshot):
        return why
    if (had := vote.proxies.get(principal)) is not None:
        if had == agent:
            return ()
        return refused("has-proxy", "Another agent has this vote; revoke that first.", "已委托他人，请先撤销原委托。")
    if sum(each == agent for each in vote.proxies.values()) >= vote.asked.principals_per_agent:
        most = vote.asked.principals_per_agent
        english = "One agent votes for {most} owners at most."
        return refused("too-many-principals", english, "一人最多受 {most} 名业主委托。", most=most)
    return (ProxyLodged.model_validate({**common, "principal": principal, "agent": agent, "letter": command.letter}),)


def revoked(
    vote: Vote, command: RevokeProxy, now: datetime, common: Mapping[str, object]
) -> tuple[ProxyRevoked, ...] | Refusal:
    if why := _not_now(vote, now):
        return why
    if command.principal not in vote.proxies:
        return ()
    if command.principal_voted:
        return refused("has-voted", "The agent has voted already.", "受托人已投票，不能撤销。")
    return (ProxyRevoked.model_validate({**common, "principal": command.principal}),)


def _not_now(vote: Vote, now: datetime) -> Refusal | None:
    if not vote.takes(BallotChannel.PROXY):
        return refused("no-proxies", "This vote takes no proxies.", "本次表决不接受委托投票。")
    if vote.state is VoteState.NOTICED or (vote.state is VoteState.OPEN and vote.was_open(now)):
        return None
    return refused("not-open", "Proxies are lodged from the notice until it closes.", "委托须在公告后、截止前办理。")


def _bad(vote: Vote, command: LodgeProxy, snapshot: Snapshot) -> Refusal | None:
    principal, agent = command.principal, command.agent
    if principal not in snapshot.areas:
        return refused("not-an-owner", "The frozen register has no such owner.", "冻结名册中没有该业主。")
    if principal == agent:
        return refused("own-agent", "Nobody is their own agent.", "不能委托自己。")
    if vote.asked.proxy_in_writing and command.letter is None:
        return refused("not-in-writing", "A proxy is given in writing and signed.", "委托须有书面签名的委托书。")
    if command.principal_voted:
        return refused("has-voted", "The owner has voted already.", "该业主已投票，不能再委托。")
    if agent in vote.proxies or principal in vote.proxies.values():
        return refused("proxy-chain", "A vote that was given is not given on.", "不得转委托，委托人也不能受托。")
    return None
