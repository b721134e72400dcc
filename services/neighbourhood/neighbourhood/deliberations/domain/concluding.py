"""What it comes to: a text lies open, whoever is against it is listed, then it is concluded and published."""

from datetime import datetime

from linli.contracts.neighbourhood import deliberations_settled as events
from linli.contracts.neighbourhood.deliberations import VoiceKind
from linli.contracts.neighbourhood.deliberations_settled import Dissent, OutcomeResult, OutcomeText, Support
from neighbourhood.deliberations.domain import commands as do
from neighbourhood.deliberations.domain.deliberation import CommitmentState, Deliberation, DeliberationState
from neighbourhood.deliberations.domain.rules import DeliberationRules
from neighbourhood.deliberations.domain.telling import (
    KNOWN,
    NOT_NOW,
    OTHER_TEXT,
    UNKNOWN,
    Decision,
    may_not_speak,
    tell,
)
from neighbourhood.digests import digest_of
from neighbourhood.refusal import refused

S = DeliberationState


def decide_outcome(
    deliberation: Deliberation, command: do.OfOutcome, rules: DeliberationRules, now: datetime
) -> Decision:
    """What a draft, dissent from it, the conclusion or its publication comes to."""
    match command:
        case do.DissentFrom():
            return may_not_speak(deliberation, command) or _dissented(deliberation, command, now)
        case do.WithdrawDissent():
            return may_not_speak(deliberation, command) or _agreed_after_all(deliberation, command, now)
        case do.Publish():
            return _published(deliberation, command, now)
        case _ if deliberation.state is not S.OPEN:
            return NOT_NOW
        case do.DraftOutcome():
            return _drafted(deliberation, command, now)
        case do.Conclude():
            return _concluded(deliberation, command, rules, now)


def _drafted(deliberation: Deliberation, command: do.DraftOutcome, now: datetime) -> Decision:
    if not {*command.proposals} <= deliberation.proposals.keys():
        return UNKNOWN
    if (command.result is OutcomeResult.NOT_AGREED) is (len(command.proposals) > 0):
        return refused(
            "result_and_proposals",
            "Where something was agreed on, it says which proposals; otherwise it names none.",
            "达成一致的应写明提案；未达成一致的不写。",
            "/proposals",
        )
    proposals = tuple(id for id in deliberation.proposals if id in command.proposals)
    text = OutcomeText(deliberation_id=deliberation.id, result=command.result, proposals=proposals, says=command.says)
    digest = digest_of((text,))
    if deliberation.draft and deliberation.draft.digest == digest:
        return refused("same_text", "That is its text already.", "文本没有变化。")
    return tell(events.OutcomeDrafted, deliberation, command, now, text=text, digest=digest)


def _dissented(deliberation: Deliberation, command: do.DissentFrom, now: datetime) -> Decision:
    if deliberation.draft is None or command.digest != deliberation.draft.digest:
        return OTHER_TEXT
    if command.voice.key in deliberation.dissent:
        return KNOWN
    why = command.statement_id
    if why is not None and deliberation.statements.get(why) != command.voice:
        return UNKNOWN
    dissent = Dissent(voice=command.voice, statement_id=why)
    fields = {"session_id": command.session_id, "digest": command.digest}
    return tell(events.DissentRecorded, deliberation, command, now, dissent=dissent, **fields)


def _agreed_after_all(deliberation: Deliberation, command: do.WithdrawDissent, now: datetime) -> Decision:
    if command.voice.key not in deliberation.dissent:
        return UNKNOWN
    fields = {"voice": command.voice, "session_id": command.session_id}
    return tell(events.DissentWithdrawn, deliberation, command, now, **fields)


def _concluded(deliberation: Deliberation, command: do.Conclude, rules: DeliberationRules, now: datetime) -> Decision:
    draft, today = deliberation.draft, rules.place.day_of(now)
    if draft is None or command.digest != draft.digest:
        return OTHER_TEXT
    if today <= deliberation.last_day:
        return refused(
            "talks_not_over",
            "Everybody was told that they are heard until {day} is over.",
            "已告知协商到 {day} 为止，不能提前结束。",
            day=deliberation.last_day.isoformat(),
        )
    if now < rules.place.over_at(draft.drafted_at, rules.dissent):
        return refused(
            "draft_too_new",
            "The text lies open for {days} full days before it is concluded.",
            "协商意见稿应公开满 {days} 天，听取不同意见。",
            days=rules.dissent.length,
        )
    # Listed here from what was recorded: whoever concludes can leave nobody out.
    dissent = tuple(deliberation.dissent.values())
    fields = {"support": support_of(deliberation), "dissent": dissent}
    return tell(
        events.DeliberationConcluded, deliberation, command, now, text=draft.text, digest=draft.digest, **fields
    )


def support_of(deliberation: Deliberation) -> tuple[Support, ...]:
    """How many are for each proposal, in the order in which they were made."""
    return tuple(
        Support(
            proposal_id=id,
            households=sum(each.kind is VoiceKind.HOUSEHOLD for each in voices),
            parties=sum(each.kind is VoiceKind.PARTY for each in voices),
        )
        for id, voices in deliberation.proposals.items()
    )


def _published(deliberation: Deliberation, command: do.Publish, now: datetime) -> Decision:
    if deliberation.state is not S.CONCLUDED or deliberation.draft is None:
        return NOT_NOW
    waiting = sum(each.state is CommitmentState.OFFERED for each in deliberation.commitments.values())
    if waiting:
        return refused(
            "commitments_open",
            "Commitments that nobody has answered: {count}.",
            "还有 {count} 项承诺没有答复是否采纳。",
            count=waiting,
        )
    return tell(events.DeliberationPublished, deliberation, command, now, digest=deliberation.draft.digest)
