"""What is said and supported, in a room and online: one record."""

from collections.abc import Mapping
from datetime import datetime

from linli.contracts.neighbourhood import deliberations as events
from linli.contracts.neighbourhood.deliberations import Attendee, Said, Voice, VoiceKind
from neighbourhood.deliberations.domain import commands as do
from neighbourhood.deliberations.domain.deliberation import Deliberation, DeliberationState
from neighbourhood.deliberations.domain.rules import DeliberationRules
from neighbourhood.deliberations.domain.telling import KNOWN, NOT_NOW, UNKNOWN, Decision, may_not_speak, tell, too_many
from neighbourhood.refusal import Refusal, refused

MOST_STATEMENTS, MOST_PROPOSALS = 50, 20
"""Of one household or party in one deliberation; what the office enters of a room is beside that."""


def decide_talk(deliberation: Deliberation, command: do.OfTalk, rules: DeliberationRules, now: datetime) -> Decision:
    """What a meeting in a room, a statement, a proposal or support comes to."""
    if isinstance(command, do.RecordSession):
        return _held(deliberation, command, rules, now)
    if refusal := may_not_speak(deliberation, command):
        return refusal
    match command:
        case do.MakeStatement():
            return _stated(deliberation, command, now)
        case do.MakeProposal():
            return _proposed(deliberation, command, now)
        case do.SupportProposal() | do.WithdrawSupport():
            return _supported(deliberation, command, now)


def said(command: do.Utterance, words: str) -> Said:
    return Said(voice=command.voice, session_id=command.session_id, words_digest=words)


def _held(deliberation: Deliberation, command: do.RecordSession, rules: DeliberationRules, now: datetime) -> Decision:
    if deliberation.state is not DeliberationState.OPEN:
        return NOT_NOW
    if command.session_id in deliberation.sessions:
        return KNOWN
    if command.held_at > now or rules.place.day_of(command.held_at) < deliberation.first_day:
        return refused(
            "session_day",
            "They met between the first day and now.",
            "现场会的时间应在协商首日与现在之间。",
            "/held_at",
        )
    if refusal := _not_a_list(deliberation, command.present):
        return refusal
    names = ("session_id", "held_at", "place", "present")
    fields = {name: getattr(command, name) for name in names}
    return tell(events.DeliberationSessionHeld, deliberation, command, now, **fields)


def _not_a_list(deliberation: Deliberation, present: tuple[Attendee, ...]) -> Refusal | None:
    if len({*present}) < len(present):
        return refused("present_twice", "Each is listed once.", "签到不能重复。", "/present")
    for each in present:
        if (each.voice.kind is VoiceKind.PARTY) is not (each.person is not None):
            return refused(
                "who_spoke",
                "Of a party it is said who was there; of a household nobody is told apart.",
                "单位要写明到会人，住户不区分个人。",
                "/present",
            )
        if not deliberation.takes_part(each.voice):
            return refused(
                "not_invited", "That party was not invited, or does not come.", "该单位未受邀或未答复参加。", "/present"
            )
    return None


def _proposed(deliberation: Deliberation, command: do.MakeProposal, now: datetime) -> Decision:
    if command.proposal_id in deliberation.proposals:
        return KNOWN
    if command.session_id is None and spoken(deliberation.proposed_by, command.voice) >= MOST_PROPOSALS:
        return too_many(MOST_PROPOSALS)
    fields = {"proposal_id": command.proposal_id, "said": said(command, command.words)}
    return tell(events.ProposalMade, deliberation, command, now, **fields)


def spoken(by: Mapping[str, Voice], voice: Voice) -> int:
    """How many of these are a voice's."""
    return sum(each == voice for each in by.values())


def _stated(deliberation: Deliberation, command: do.MakeStatement, now: datetime) -> Decision:
    if command.statement_id in deliberation.statements:
        return KNOWN
    if command.session_id is None and spoken(deliberation.statements, command.voice) >= MOST_STATEMENTS:
        return too_many(MOST_STATEMENTS)
    if command.on is not None and command.on not in deliberation.proposals:
        return UNKNOWN
    fields = {"statement_id": command.statement_id, "said": said(command, command.words), "on": command.on}
    return tell(events.StatementMade, deliberation, command, now, **fields)


def _supported(deliberation: Deliberation, command: do.SupportProposal | do.WithdrawSupport, now: datetime) -> Decision:
    """A household or a party counts once, by whatever way it says so."""
    supporters = deliberation.proposals.get(command.proposal_id)
    if supporters is None:
        return UNKNOWN
    fields = {"proposal_id": command.proposal_id, "voice": command.voice, "session_id": command.session_id}
    if isinstance(command, do.SupportProposal):
        if command.voice in supporters:
            return KNOWN
        return tell(events.ProposalSupported, deliberation, command, now, **fields)
    if command.voice not in supporters:
        return UNKNOWN
    return tell(events.SupportWithdrawn, deliberation, command, now, **fields)
