"""What is said against a vote. 民法典 280: an owner may ask a court to set a decision aside; the office cannot."""

from collections.abc import Mapping
from datetime import datetime

from linli.contracts.neighbourhood.votes import VoteEvent, VoteState
from linli.contracts.neighbourhood.votes_disputed import (
    ChallengeDismissed,
    ChallengeFiled,
    ChallengeUpheld,
    VoteVoided,
)
from neighbourhood.refusal import Refusal, refused
from neighbourhood.votes.domain.commands import FileChallenge, SettleChallenge, VoidVote
from neighbourhood.votes.domain.snapshot import Snapshot
from neighbourhood.votes.domain.vote import Vote

DECIDED = frozenset({VoteState.DECLARED, VoteState.PUBLISHED})
Common = Mapping[str, object]


def filed(
    vote: Vote, command: FileChallenge, snapshot: Snapshot, now: datetime, common: Common
) -> tuple[ChallengeFiled, ...] | Refusal:
    if (known := vote.challenges.get(command.challenge_id)) is not None:
        if (known.owner, known.ground) == (command.owner, command.ground):
            return ()
        return refused("challenge-exists", "This id is another challenge's.", "该编号已用于另一异议。")
    if vote.state in {VoteState.PREPARED, VoteState.VOIDED}:
        return refused("nothing-to-challenge", "There is nothing to challenge.", "没有可提出异议的表决。")
    if command.owner not in snapshot.areas:
        return refused("not-an-owner", "The frozen register has no such owner.", "冻结名册中没有该业主。")
    if vote.challenge_until is not None and now >= vote.challenge_until:
        return refused("too-late", "The year for a challenge is over.", "异议期限（一年）已过。")
    fields = {"challenge_id": command.challenge_id, "owner": command.owner, "ground": command.ground}
    return (ChallengeFiled.model_validate({**common, **fields, "document": command.document}),)


def settled(vote: Vote, command: SettleChallenge, common: Common) -> tuple[VoteEvent, ...] | Refusal:
    """Dismissed; or upheld, and the vote is void with it."""
    found = vote.challenges.get(command.challenge_id)
    if found is None:
        return refused("no-challenge", "There is no such challenge.", "没有该异议。")
    if found.upheld is not None:
        same = found.upheld is command.upheld
        return () if same else refused("settled", "It is settled the other way.", "该异议已有相反结论。")
    if command.upheld and vote.state in DECIDED and not command.judgment:
        return _a_court_s()
    said = {**common, "challenge_id": command.challenge_id, "document": command.document}
    if not command.upheld:
        return (ChallengeDismissed.model_validate(said),)
    upheld = ChallengeUpheld.model_validate(said)
    if vote.state is VoteState.VOIDED:
        return (upheld,)
    return upheld, VoteVoided.model_validate({**common, "ground": found.ground, "document": command.document})


def voided(vote: Vote, command: VoidVote, common: Common) -> tuple[VoteVoided, ...] | Refusal:
    if vote.state is VoteState.VOIDED:
        return ()
    if vote.state in DECIDED:
        return _a_court_s()
    return (VoteVoided.model_validate({**common, "ground": command.ground, "document": command.document}),)


def _a_court_s() -> Refusal:
    return refused(
        "decided", "A declared decision is set aside by a court's judgment only.", "已公布的决定只能由法院判决撤销。"
    )
