"""What a party's system says of its invitation: the steps of the case that the invitation brought, as commands here.

An invitation is a case, so a partner has an order of it; what the partner updates moves the case, and comes back as the
case's events (ADR 0040). Staff of a party without a system do the same by hand, and are heard in the same way.
"""

from dataclasses import dataclass
from typing import TypeAlias

from linli.contracts.neighbourhood.deliberations import Voice, VoiceKind
from linli.contracts.workflow import case as cases
from linli.contracts.workflow.case import CaseEvent
from neighbourhood.deliberations.domain.commands import AnswerInvitation, HearPromise, MakeStatement
from neighbourhood.deliberations.domain.deliberation import Deliberation, digest_of_words

Answer: TypeAlias = AnswerInvitation | MakeStatement | HearPromise


@dataclass(frozen=True, slots=True)
class Heard:
    """What to decide on, and the words to keep beside where that is not refused."""

    command: Answer
    words: str | None


def heard(deliberation: Deliberation, event: CaseEvent, sequence: int) -> Heard | None:
    """What a step of a case comes to here; None where it is of no invitation of this deliberation, or says nothing.

    `sequence` is the event's, and gives what is said its id: the same step heard twice is known already. What a step
    promises beside its words is within a mandate or refused, like everybody's.
    """
    invitation = deliberation.invitations.get(event.case_id)
    if invitation is None or event.merged_into is not None:
        return None
    if isinstance(event, cases.CaseReturned):
        # The reason of a return is for staff, as of any case; who was invited too reads the record.
        return _answer(event, None, comes=False) if event.returned_by == invitation.party else None
    if event.party != invitation.party:
        return None
    if isinstance(event, cases.CaseAccepted):
        return _answer(event, event.message, comes=True)
    if isinstance(event, cases.CaseProgressed | cases.CaseResolved) and event.message:
        return _said(event, invitation.party, f"{event.case_id}.{sequence}", event.message)
    return None


def _answer(event: CaseEvent, words: str | None, *, comes: bool) -> Heard:
    party = event.returned_by if isinstance(event, cases.CaseReturned) else event.party
    digest = digest_of_words(words) if words else None
    command = AnswerInvitation(by=event.by, party=party, invitation_id=event.case_id, comes=comes, words=digest)
    return Heard(command, words)


def _said(event: cases.CaseProgressed | cases.CaseResolved, party: str, id: str, words: str) -> Heard:
    voice, digest = Voice(kind=VoiceKind.PARTY, id=party), digest_of_words(words)
    if event.promise is None:
        stated = MakeStatement(by=event.by, party=party, voice=voice, session_id=None, statement_id=id, words=digest)
        return Heard(stated, words)
    offer = HearPromise(
        by=event.by,
        party=party,
        voice=voice,
        session_id=None,
        commitment_id=id,
        speaker=event.by,
        words=digest,
        promise=event.promise,
        invitation_id=event.case_id,
    )
    return Heard(offer, words)
