"""Holding a vote: each command, the states it is possible in, and its events. Nothing here reads or writes."""

from datetime import datetime

from linli.contracts.neighbourhood.profile import RuleProfile, Term
from linli.contracts.neighbourhood.votes import (
    CountCertified,
    ResultDeclared,
    ResultPublished,
    VoteClosed,
    VoteEvent,
    VoteNoticed,
    VoteOpened,
    VoteState,
)
from neighbourhood.digests import digest_of_text
from neighbourhood.profiles.days import Place
from neighbourhood.refusal import Refusal, refused
from neighbourhood.votes.domain.commands import (
    CertifyCount,
    CloseVote,
    DeclareResult,
    FileChallenge,
    LodgeProxy,
    OpenVote,
    PostNotice,
    PrepareVote,
    PublishResult,
    RevokeProxy,
    SettleChallenge,
    VoidVote,
    VoteCommand,
)
from neighbourhood.votes.domain.disputing import filed, settled, voided
from neighbourhood.votes.domain.preparing import prepared
from neighbourhood.votes.domain.proxies import lodged, revoked
from neighbourhood.votes.domain.snapshot import Snapshot
from neighbourhood.votes.domain.vote import Vote, digest_of

S = VoteState
_POSSIBLE: dict[type[VoteCommand], frozenset[VoteState]] = {
    PrepareVote: frozenset({S.PREPARED, S.NOTICED}),
    PostNotice: frozenset({S.PREPARED}),
    OpenVote: frozenset({S.NOTICED}),
    CloseVote: frozenset({S.OPEN}),
    CertifyCount: frozenset({S.CLOSED}),
    DeclareResult: frozenset({S.COUNTED}),
    PublishResult: frozenset({S.DECLARED}),
}
"""What is not here looks at the state itself."""
_DONE: dict[type[VoteCommand], frozenset[VoteState]] = {
    PostNotice: frozenset({S.NOTICED}),
    CloseVote: frozenset({S.CLOSED}),
    DeclareResult: frozenset({S.DECLARED, S.PUBLISHED}),
    PublishResult: frozenset({S.PUBLISHED}),
}
"""Where it has happened already, saying it again changes nothing."""


def decide(  # noqa: PLR0911, PLR0912 one command, one line
    vote: Vote, command: VoteCommand, snapshot: Snapshot, profile: RuleProfile, place: Place, now: datetime
) -> tuple[VoteEvent, ...] | Refusal:
    """The events of a command; none where it is done already. Raises `NoRule` where the profile lacks what is asked.

    `snapshot` is the frozen register that the vote names, or is to name.
    """
    if _is_done(vote, command):
        return ()
    possible = _POSSIBLE.get(type(command))
    if possible is not None and vote.state not in possible:
        return refused("state", "Not while the vote is {state}.", "表决现在是“{state}”，不能这样做。", state=vote.state)
    if not isinstance(command, PrepareVote):
        if vote.terms is None:
            return refused("not-prepared", "The vote is not prepared.", "表决尚未准备。")
        if snapshot.sha256 != vote.terms.snapshot or not snapshot.is_intact():
            return refused("not-the-register", "The register is not the frozen one.", "业主名册与冻结时不一致。")
    common = _common(vote, command.by, now)
    match command:
        case PrepareVote():
            return prepared(vote, command, snapshot, profile, place, now)
        case PostNotice():
            opens_from = place.over_at(now, profile.term(Term.MEETING_NOTICE))
            return (VoteNoticed.model_validate({**common, "digest": digest_of(vote.asked), "opens_from": opens_from}),)
        case OpenVote():
            return _opened(vote, command, common, now)
        case LodgeProxy():
            return lodged(vote, command, snapshot, now, common)
        case RevokeProxy():
            return revoked(vote, command, now, common)
        case CloseVote():
            return _closed(vote, common, now)
        case CertifyCount():
            return _certified(vote, command, common)
        case DeclareResult():
            post_by = place.over_at(now, profile.term(Term.RESULT_POSTED))
            said = {"matters": vote.matters, "count": vote.count, "effect": vote.effect, "post_by": post_by}
            return (ResultDeclared.model_validate({**common, **said}),)
        case PublishResult():
            late = vote.post_by is not None and now >= vote.post_by
            until = place.over_at(now, profile.term(Term.CHALLENGE))
            return (ResultPublished.model_validate({**common, "late": late, "challenge_until": until}),)
        case FileChallenge():
            return filed(vote, command, snapshot, now, common)
        case SettleChallenge():
            return settled(vote, command, common)
        case VoidVote():
            return voided(vote, command, common)


def _is_done(vote: Vote, command: VoteCommand) -> bool:
    """Whether it has happened already, and just so."""
    match command:
        case OpenVote():
            return vote.state is S.OPEN and vote.closes_at == command.closes_at
        case CertifyCount():
            return vote.state is S.COUNTED and command.by in vote.certified and vote.count == command.count
        case _:
            return vote.state in _DONE.get(type(command), ())


def _opened(vote: Vote, command: OpenVote, common: dict[str, object], now: datetime) -> tuple[VoteOpened] | Refusal:
    if vote.opens_from is None or now < vote.opens_from:
        return refused("short-notice", "The days of the notice are not over.", "公告期未满，不能开始投票。")
    posted = {matter.id: matter.text_sha256 for matter in vote.matters}
    asked = {id: digest_of_text(text) for id, text in command.texts.items()}
    if digest_of(vote.asked) != vote.noticed or posted != asked:
        return refused("changed", "This is not what was posted; post it anew.", "内容与公告不一致，须重新公告。")
    if command.closes_at <= now:
        return refused("no-time", "It closes after it opens.", "截止时间应晚于开始时间。", "/closes_at")
    return (VoteOpened.model_validate({**common, "closes_at": command.closes_at}),)


def _closed(vote: Vote, common: dict[str, object], now: datetime) -> tuple[VoteClosed] | Refusal:
    if vote.closes_at is None or now < vote.closes_at:
        return refused("still-open", "It closes at the time that was told.", "未到公布的截止时间，不能提前结束。")
    return (VoteClosed.model_validate(common),)


def _certified(vote: Vote, command: CertifyCount, common: dict[str, object]) -> tuple[CountCertified, ...] | Refusal:
    if command.by not in vote.asked.tellers:
        return refused("not-a-teller", "Only its tellers certify a count.", "只有本次计票人可以确认计票。")
    if command.count != command.recounted:
        return refused("other-numbers", "A recount finds other numbers.", "与重新计票的结果不一致。", "/count")
    if command.by in vote.certified and command.count == vote.count:
        return ()
    return (CountCertified.model_validate({**common, "count": command.count}),)


def _common(vote: Vote, by: str, now: datetime) -> dict[str, object]:
    return {
        "vote_id": vote.id,
        "community": vote.community,
        "neighbourhood": vote.neighbourhood,
        "at": now,
        "by": by,
    }
