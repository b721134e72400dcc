"""Commitments: offered by who may commit the party, taken up by another. What is taken up becomes an action.

What comes by the case of an invitation cannot be said to be wrong on the spot: it is kept as refused, and told there.
"""

from datetime import datetime

from linli.contracts.neighbourhood import deliberations_settled as events
from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.deliberations import Voice, VoiceKind
from linli.contracts.neighbourhood.deliberations_parties import MayCommit
from neighbourhood.deliberations.domain import commands as do
from neighbourhood.deliberations.domain.deliberation import (
    Commitment,
    CommitmentState,
    Deliberation,
    DeliberationState,
)
from neighbourhood.deliberations.domain.rules import DeliberationRules
from neighbourhood.deliberations.domain.talking import said
from neighbourhood.deliberations.domain.telling import (
    KNOWN,
    NOT_NOW,
    NOT_THEIRS,
    UNKNOWN,
    Decision,
    may_not_speak,
    tell,
    too_many,
)
from neighbourhood.refusal import Refusal, refused

_ANSWERED_WHILE = frozenset({DeliberationState.OPEN, DeliberationState.CONCLUDED})
MOST_COMMITMENTS = MOST_REFUSED = 50
"""Of one party in one deliberation: those that a mandate covers, and those that none does."""
_PAST = refused("due_passed", "The day is past already.", "期限不能早于今天。", "/promise/due")


def decide_commitment(
    deliberation: Deliberation, command: do.OfCommitment, rules: DeliberationRules, now: datetime
) -> Decision:
    """What an offer comes to, and what becomes of it."""
    if isinstance(command, do.HearPromise):
        return _heard(deliberation, command, rules, now)
    if isinstance(command, do.OfferCommitment):
        return _offered(deliberation, command, rules, now)
    if isinstance(command, do.HearAgain):
        return _heard_again(deliberation, command, rules, now)
    commitment = deliberation.commitments.get(command.commitment_id)
    # What was refused is taken back at any time: nobody is to hear it again whose party does not want it any more.
    unheard = commitment is not None and commitment.state is CommitmentState.REFUSED
    back = unheard and isinstance(command, do.WithdrawCommitment)
    if not back and deliberation.state not in _ANSWERED_WHILE:
        return NOT_NOW
    if commitment is None or not (back or commitment.state is CommitmentState.OFFERED):
        return UNKNOWN if commitment is None else NOT_NOW
    return _answered(deliberation, commitment, command, rules, now)


def _offered(
    deliberation: Deliberation, command: do.OfferCommitment, rules: DeliberationRules, now: datetime
) -> Decision:
    if refusal := may_not_speak(deliberation, command) or _not_whole(deliberation, command, rules, now):
        return refusal
    before = deliberation.commitments.get(command.commitment_id)
    if before is not None and before.state is not CommitmentState.REFUSED:
        return KNOWN
    if deliberation.promised_by(command.voice.id, bound=True) >= MOST_COMMITMENTS:
        return too_many(MOST_COMMITMENTS)
    party, today = command.voice.id, rules.place.day_of(now)
    mandate = deliberation.mandate_for(party, command.speaker, command.promise, today)
    if mandate is None:
        return refused(
            "no_mandate",
            "Nobody commits a party to that without a mandate that says so and holds today.",
            "承诺人没有在期限内、包括这一事项的授权。",
            "/speaker",
        )
    fields = {"speaker": command.speaker, "mandate_id": mandate, "promise": command.promise}
    return tell(
        events.CommitmentOffered,
        deliberation,
        command,
        now,
        commitment_id=command.commitment_id,
        said=said(command, command.words),
        **fields,
    )


def _heard(deliberation: Deliberation, command: do.HearPromise, rules: DeliberationRules, now: datetime) -> Decision:
    if command.commitment_id in deliberation.commitments:
        return KNOWN
    decided = _offered(deliberation, command, rules, now)
    if not isinstance(decided, Refusal):
        return decided
    if deliberation.promised_by(command.voice.id, bound=False) >= MOST_REFUSED:
        decided = too_many(MOST_REFUSED)
    fields = {"invitation_id": command.invitation_id, "speaker": command.speaker, "promise": command.promise}
    return tell(
        events.CommitmentRefused,
        deliberation,
        command,
        now,
        commitment_id=command.commitment_id,
        said=said(command, command.words),
        reason=decided.slug,
        why=Wording(zh=decided.why.chinese, en=str(decided.why)),
        **fields,
    )


def _heard_again(
    deliberation: Deliberation, command: do.HearAgain, rules: DeliberationRules, now: datetime
) -> Decision:
    """As the party said it, by what holds now; it is refused to who asks for it, and stays as it is."""
    kept = deliberation.commitments.get(command.commitment_id)
    if kept is None:
        return UNKNOWN
    if kept.state is not CommitmentState.REFUSED or kept.speaker is None:
        return NOT_NOW
    offer = do.OfferCommitment(
        by=kept.speaker,
        party=kept.party,
        voice=Voice(kind=VoiceKind.PARTY, id=kept.party),
        session_id=None,
        commitment_id=command.commitment_id,
        speaker=kept.speaker,
        words=kept.words,
        promise=kept.promise,
    )
    return _offered(deliberation, offer, rules, now)


def _not_whole(
    deliberation: Deliberation, command: do.OfferCommitment, rules: DeliberationRules, now: datetime
) -> Refusal | None:
    promise = command.promise
    if command.voice.kind is not VoiceKind.PARTY:
        return refused("not_a_party", "Parties commit themselves.", "作出承诺的应是受邀单位。", "/voice")
    own_words = command.session_id is None and command.speaker != command.by
    there = command.session_id is None or deliberation.was_there(command.session_id, command.voice, command.speaker)
    if own_words or not there:
        return refused(
            "not_the_speaker", "Who commits the party says so themselves.", "应由承诺人本人作出。", "/speaker"
        )
    if (promise.kind is MayCommit.MONEY) is not (promise.fen is not None):
        return refused(
            "sum_missing", "Of money it is said how much, and of nothing else.", "出资应写明金额。", "/promise"
        )
    if promise.proposal_id is not None and promise.proposal_id not in deliberation.proposals:
        return UNKNOWN
    return _PAST if promise.due < rules.place.day_of(now) else None


def _answered(
    deliberation: Deliberation,
    commitment: Commitment,
    command: do.WithdrawCommitment | do.AcceptCommitment | do.DeclineCommitment,
    rules: DeliberationRules,
    now: datetime,
) -> Decision:
    id, theirs = command.commitment_id, command.party == commitment.party
    if isinstance(command, do.WithdrawCommitment):
        return tell(events.CommitmentWithdrawn, deliberation, command, now, commitment_id=id) if theirs else NOT_THEIRS
    if theirs:
        return refused(
            "their_own", "A party does not decide on what it offers itself.", "承诺单位不能自己决定是否采纳。"
        )
    if isinstance(command, do.DeclineCommitment):
        return tell(events.CommitmentDeclined, deliberation, command, now, commitment_id=id, why=command.why)
    return _accepted(deliberation, commitment, command, rules, now)


def _accepted(
    deliberation: Deliberation,
    commitment: Commitment,
    command: do.AcceptCommitment,
    rules: DeliberationRules,
    now: datetime,
) -> Decision:
    taskforce = command.taskforce_id or deliberation.taskforce_id
    if taskforce is None:
        return refused("no_taskforce", "Say whose action it becomes.", "请指明由哪个专班列为任务。", "/taskforce_id")
    if commitment.promise.due < rules.place.day_of(now):
        return _PAST
    fields = {"owner": commitment.party, "due": commitment.promise.due, "words_digest": commitment.words}
    return tell(
        events.CommitmentAccepted,
        deliberation,
        command,
        now,
        commitment_id=command.commitment_id,
        mandate_id=commitment.mandate_id,
        taskforce_id=taskforce,
        concerns=deliberation.concerns,
        **fields,
    )
