"""Taking a ballot: who may cast it, when, by which way, and that it is the owner's only one."""

from datetime import datetime

from linli.contracts.neighbourhood.ballots import BallotDelivered, BallotEvent, BallotRecorded, BallotSpoiled
from linli.contracts.neighbourhood.votes import BallotChannel, VoteState
from neighbourhood.refusal import Refusal, refused
from neighbourhood.votes.domain.ballot import (
    BallotCommand,
    DeliverBallot,
    OwnersBallot,
    RecordBallot,
    SpoilBallot,
    seal_of,
)
from neighbourhood.votes.domain.snapshot import Snapshot
from neighbourhood.votes.domain.vote import Vote

NONCE_AT_LEAST = 64
"""Hexadecimal digits: 32 bytes."""


def decide(
    owners: OwnersBallot, command: BallotCommand, vote: Vote, snapshot: Snapshot, now: datetime
) -> tuple[BallotEvent, ...] | Refusal:
    """The events of a command; none where the same ballot is there already."""
    if vote.terms is None or snapshot.sha256 != vote.terms.snapshot:
        return refused("not-the-register", "The register is not the frozen one.", "业主名册与冻结时不一致。")
    if owners.owner not in snapshot.areas:
        return refused("not-an-owner", "The frozen register has no such owner.", "冻结名册中没有该业主。")
    match command:
        case DeliverBallot():
            return _delivered(owners, command, vote, now)
        case RecordBallot():
            return _recorded(owners, command, vote, snapshot, now)
        case SpoilBallot():
            return _spoiled(owners, command, vote, now)


def _delivered(
    owners: OwnersBallot, command: DeliverBallot, vote: Vote, now: datetime
) -> tuple[BallotDelivered] | Refusal:
    if vote.state not in {VoteState.NOTICED, VoteState.OPEN}:
        return refused("not-open", "Ballots go out once the vote is posted.", "公告后才能发放表决票。")
    common = _common(owners, command.by, now)
    return (BallotDelivered.model_validate({**common, "issue": owners.issue + 1}),)


def _recorded(
    owners: OwnersBallot, command: RecordBallot, vote: Vote, snapshot: Snapshot, now: datetime
) -> tuple[BallotRecorded, ...] | Refusal:
    ballot, seal = command.ballot, seal_of(command.ballot)
    if (ballot.vote_id, ballot.owner) != (owners.vote_id, owners.owner):
        return refused("another-ballot", "The ballot is of another vote or owner.", "表决票不属于该业主或该表决。")
    if owners.ballot_id is not None:
        if (owners.ballot_id, owners.seal) == (ballot.id, seal):
            return ()
        return refused("has-voted", "This owner has voted already.", "该业主已投票，不能重复。")
    if ballot.id in owners.spoiled:
        return refused("spoiled", "This ballot was put aside.", "该表决票已作废。")
    if why := _not_now(command, vote, now) or _not_so(owners, command, vote) or _not_this(command, vote, snapshot):
        return why
    event = {
        "ballot_id": ballot.id,
        "channel": command.channel,
        "received_at": command.received_at,
        "seal": seal,
        "agent": command.agent,
        "scan": command.scan,
    }
    return (BallotRecorded.model_validate({**_common(owners, command.by, now), **event}),)


def _not_now(command: RecordBallot, vote: Vote, now: datetime) -> Refusal | None:
    """By code it counts at the moment; a paper when it went into the box, and it is entered until the count is made."""
    on_paper = command.channel is not BallotChannel.CODE
    states = {VoteState.OPEN, VoteState.CLOSED} if on_paper else {VoteState.OPEN}
    came_in = command.received_at if on_paper else now
    if vote.state in states and came_in <= now and vote.was_open(came_in) and (on_paper or command.received_at == now):
        return None
    return refused("not-open", "The vote was not open when this ballot came in.", "收到该票时不在投票时间内。")


def _not_so(owners: OwnersBallot, command: RecordBallot, vote: Vote) -> Refusal | None:
    if not vote.takes(command.channel):
        return refused("no-channel", "This vote takes no ballots this way.", "本次表决不接受这种投票方式。")
    agent = vote.proxies.get(owners.owner)
    if command.channel is BallotChannel.PROXY:
        if agent is None or command.agent != agent:
            return refused("no-proxy", "This agent has no proxy of the owner.", "没有该业主给此人的有效委托。")
    elif command.agent is not None:
        return refused("no-proxy", "An agent votes by proxy.", "代投须走委托投票。", "/agent")
    if command.channel is BallotChannel.CODE:
        if not owners.issue or command.issue != owners.issue:
            return refused("old-code", "This code does not count any more.", "该投票码已失效。")
    elif command.scan is None:
        return refused("no-scan", "A paper is entered with its scan.", "纸质票须附扫描件。", "/scan")
    return None


def _not_this(command: RecordBallot, vote: Vote, snapshot: Snapshot) -> Refusal | None:
    ballot = command.ballot
    if len(ballot.nonce) < NONCE_AT_LEAST:
        return refused("weak-seal", "The seal needs more randomness.", "封印码随机数不足。")
    if not ballot.choices:
        return refused("blank", "Nothing is marked, and silence is no vote.", "没有选择；未表态不计票。", "/choices")
    known = {matter.id: matter for matter in vote.matters}
    owned = {entry.unit for entry in snapshot.owned[ballot.owner]}
    for id in ballot.choices:
        if id not in known:
            return refused("no-matter", "The vote has no such matter.", "没有该表决事项。", f"/choices/{id}")
        units = known[id].units
        if units is not None and owned.isdisjoint(units):
            return refused("not-concerned", "It does not concern this owner.", "该事项与此业主无关。", f"/choices/{id}")
    return None


def _spoiled(
    owners: OwnersBallot, command: SpoilBallot, vote: Vote, now: datetime
) -> tuple[BallotSpoiled, ...] | Refusal:
    if command.ballot_id in owners.spoiled:
        return ()
    if owners.ballot_id != command.ballot_id:
        return refused("no-ballot", "There is no such ballot.", "没有该表决票。")
    if vote.state not in {VoteState.OPEN, VoteState.CLOSED}:
        return refused("counted", "The count is made.", "计票已确认，不能再作废。")
    both = {command.by, command.second} - {None}
    if command.by == command.second or not both <= {*vote.asked.tellers}:
        return refused("two-tellers", "Two of its tellers put a ballot aside.", "作废须由两名计票人共同确认。")
    if command.second is None:  # it counts until another teller's own key confirms it
        return ()
    said = {"ballot_id": command.ballot_id, "because": command.because, "second": command.second}
    return (BallotSpoiled.model_validate({**_common(owners, command.by, now), **said}),)


def _common(owners: OwnersBallot, by: str, now: datetime) -> dict[str, object]:
    return {
        "vote_id": owners.vote_id,
        "owner": owners.owner,
        "community": owners.community,
        "neighbourhood": owners.neighbourhood,
        "at": now,
        "by": by,
    }
