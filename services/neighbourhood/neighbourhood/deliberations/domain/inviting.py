"""Parties are asked to take part, and say who may commit them."""

from datetime import datetime

from linli.contracts.neighbourhood import deliberations_parties as events
from neighbourhood.deliberations.domain import commands as do
from neighbourhood.deliberations.domain.deliberation import Deliberation, DeliberationState
from neighbourhood.deliberations.domain.rules import DeliberationRules
from neighbourhood.deliberations.domain.telling import KNOWN, NOT_NOW, NOT_THEIRS, UNKNOWN, Decision, tell, too_many
from neighbourhood.refusal import refused

UNDER_WAY = frozenset({DeliberationState.CONVENED, DeliberationState.OPEN})
MOST_MANDATES = 50
"""Of one party."""
NO_LETTER = refused(
    "letter_missing", "Who enters another's mandate has its letter.", "代为录入授权的，要有授权书扫描件。", "/letter"
)


def decide_party(deliberation: Deliberation, command: do.OfParty, rules: DeliberationRules, now: datetime) -> Decision:
    """What an invitation, its answer or a mandate comes to."""
    if deliberation.state not in UNDER_WAY:
        return NOT_NOW
    match command:
        case do.InviteParty():
            return _invited(deliberation, command, now)
        case do.AnswerInvitation():
            return _answered(deliberation, command, now)
        case do.GrantMandate():
            return _granted(deliberation, command, rules, now)
        case do.RevokeMandate():
            return _revoked(deliberation, command, now)


def _invited(deliberation: Deliberation, command: do.InviteParty, now: datetime) -> Decision:
    before = deliberation.invitation_of(command.invited)
    if command.invitation_id in deliberation.invitations or (before and before.comes is not False):
        return KNOWN
    if command.answer_by <= now:
        return refused("due_passed", "The time to answer is past already.", "答复期限不能早于现在。", "/answer_by")
    fields = {name: getattr(command, name) for name in ("invitation_id", "invited", "title", "asks", "answer_by")}
    return tell(events.PartyInvited, deliberation, command, now, **fields, talks_until=deliberation.last_day)


def _answered(deliberation: Deliberation, command: do.AnswerInvitation, now: datetime) -> Decision:
    """It may change its mind, also where the time to answer is over: late is better than not."""
    invitation = deliberation.invitations.get(command.invitation_id)
    if invitation is None:
        return UNKNOWN
    if command.party != invitation.party:
        return NOT_THEIRS
    if invitation != deliberation.invitation_of(invitation.party) or invitation.comes is command.comes:
        return KNOWN
    fields = {"invitation_id": invitation.id, "invited": invitation.party, "comes": command.comes}
    return tell(events.InvitationAnswered, deliberation, command, now, **fields, words_digest=command.words)


def _granted(deliberation: Deliberation, command: do.GrantMandate, rules: DeliberationRules, now: datetime) -> Decision:
    if command.mandate_id in deliberation.mandates:
        return KNOWN
    if sum(each.of == command.of for each in deliberation.mandates.values()) >= MOST_MANDATES:
        return too_many(MOST_MANDATES)
    invitation = deliberation.invitation_of(command.of)
    if invitation is None or invitation.comes is False:
        return refused("not_invited", "That party was not invited, or does not come.", "该单位未受邀或不参加。", "/of")
    if command.party != command.of and command.letter is None:
        return NO_LETTER
    if command.mandate.until < rules.place.day_of(now):
        return refused("due_passed", "It has ended already.", "授权期限已过。", "/mandate/until")
    fields = {"mandate_id": command.mandate_id, "of": command.of, "mandate": command.mandate, "letter": command.letter}
    return tell(events.MandateGranted, deliberation, command, now, **fields)


def _revoked(deliberation: Deliberation, command: do.RevokeMandate, now: datetime) -> Decision:
    granted = deliberation.mandates.get(command.mandate_id)
    if granted is None:
        return UNKNOWN
    if command.party != granted.of:
        return NOT_THEIRS
    if granted.revoked:
        return KNOWN
    return tell(events.MandateRevoked, deliberation, command, now, mandate_id=command.mandate_id)
