"""Who hears what about a case, and by which channel."""

from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType

from linli.contracts.case import (
    CaseClosed,
    CaseDispatched,
    CaseEscalated,
    CaseEvent,
    CaseMerged,
    CaseProgressed,
    CaseRated,
    CaseReminded,
    CaseReopened,
    CaseResolved,
    CaseReturned,
    CaseSplit,
    CaseUnmerged,
)
from notify.domain.directory import Directory


class NoticeKind(StrEnum):
    """What a recipient is told; each has its texts in `templates/`."""

    REPORTER_DISPATCHED = "reporter_dispatched"
    REPORTER_PROGRESSED = "reporter_progressed"
    REPORTER_RESOLVED = "reporter_resolved"
    REPORTER_REOPENED = "reporter_reopened"
    REPORTER_NOT_REOPENED = "reporter_not_reopened"
    REPORTER_MERGED = "reporter_merged"
    REPORTER_UNMERGED = "reporter_unmerged"
    REPORTER_SPLIT = "reporter_split"
    PARTY_DISPATCHED = "party_dispatched"
    PARTY_REASSIGNED = "party_reassigned"
    PARTY_REOPENED = "party_reopened"
    PARTY_REMINDED = "party_reminded"
    PARTY_NOT_SATISFIED = "party_not_satisfied"
    PARTY_MERGED = "party_merged"
    PARTY_UNMERGED = "party_unmerged"
    NODE_RETURNED = "node_returned"
    NODE_ESCALATED = "node_escalated"


class Channel(StrEnum):
    """By what a recipient is told."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    SMS = "sms"
    NONE = "none"
    """There is none: the delivery stands for what could not be said."""


TO_REPORTER: dict[type[CaseEvent], NoticeKind] = {
    CaseDispatched: NoticeKind.REPORTER_DISPATCHED,
    CaseProgressed: NoticeKind.REPORTER_PROGRESSED,
    CaseResolved: NoticeKind.REPORTER_RESOLVED,
    CaseReopened: NoticeKind.REPORTER_REOPENED,
    CaseMerged: NoticeKind.REPORTER_MERGED,
    CaseUnmerged: NoticeKind.REPORTER_UNMERGED,
    CaseSplit: NoticeKind.REPORTER_SPLIT,
}
TO_PARTY: dict[type[CaseEvent], NoticeKind] = {
    CaseDispatched: NoticeKind.PARTY_DISPATCHED,
    CaseReopened: NoticeKind.PARTY_REOPENED,
    CaseReminded: NoticeKind.PARTY_REMINDED,
    CaseReturned: NoticeKind.NODE_RETURNED,  # its `party` is the node above, which decides now
    CaseUnmerged: NoticeKind.PARTY_UNMERGED,
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one recipient on one channel."""

    kind: NoticeKind
    recipient: str
    """`party:<id>` or `resident:<resident id>`."""
    channel: Channel
    reason: str | None = None
    """Why it cannot be said, with the channel `none`."""


def notices(event: CaseEvent, directory: Directory) -> list[Notice]:
    """Who is told of an event, and how.

    A reporter without a resident id follows the case by its tracking code. How a resident can be reached only intake
    knows, so a letter is meant first, and `ways` decides when it is sent. A step of another case, told in the story of
    one that follows it, is for the reporter alone: the party has heard of it there.
    """
    told: list[Notice] = []
    if (kind := _to_reporter(event)) and event.resident_id is not None:
        told.append(Notice(kind, f"resident:{event.resident_id}", Channel.EMAIL))
    if event.merged_into is not None:
        return told
    if (kind := TO_PARTY.get(type(event))) and event.party is not None:
        told += to_party(kind, event.party, directory)
    if isinstance(event, CaseRated) and event.reopen_requested and event.party:
        told += to_party(NoticeKind.PARTY_NOT_SATISFIED, event.party, directory)
    told += _to_previous_party(event, directory)
    if isinstance(event, CaseEscalated):
        told += to_party(NoticeKind.NODE_ESCALATED, event.to, directory)
    return told


def _to_previous_party(event: CaseEvent, directory: Directory) -> list[Notice]:
    """A party that has it no more, unless it has done that itself: it would go on with it, or wonder where it is."""
    match event:
        case CaseDispatched(previous=party):
            kind = NoticeKind.PARTY_REASSIGNED
        case CaseMerged(previous_party=party):
            kind = NoticeKind.PARTY_MERGED
        case _:
            return []
    return to_party(kind, party, directory) if party not in {None, event.party, event.by} else []


def _to_reporter(event: CaseEvent) -> NoticeKind | None:
    """What the reporter is told of an event: of a closing, only the one who had asked for more."""
    match event:
        case CaseMerged() if event.previous is not None:
            return None  # joined with another before; that both are joined with a third is no news
        case CaseClosed():
            return NoticeKind.REPORTER_NOT_REOPENED if event.reopen_declined else None
        case _:
            return TO_REPORTER.get(type(event))


def to_party(kind: NoticeKind, party_id: str, directory: Directory) -> list[Notice]:
    """A party hears on every channel that it has; one that has none is recorded, so that somebody sees it."""
    recipient = f"party:{party_id}"
    party = directory.parties.get(party_id)
    if party is None:
        return [Notice(kind, recipient, Channel.NONE, "unknown_party")]
    channels = [Channel.EMAIL] * bool(party.email) + [Channel.WEBHOOK] * bool(party.webhook)
    return [Notice(kind, recipient, channel) for channel in channels] or [
        Notice(kind, recipient, Channel.NONE, "no_channel")
    ]


BY_EVERY_WAY = frozenset({NoticeKind.REPORTER_RESOLVED})
"""What is asked for an answer is asked by every way that the resident gave: the follow-up."""


def ways(kind: NoticeKind, *, mail: bool, phone: bool) -> tuple[Channel, ...]:
    """By which channels a resident is told: by e-mail where there is an address, else by text message."""
    if not phone:
        return (Channel.EMAIL,)
    if not mail:
        return (Channel.SMS,)
    return (Channel.EMAIL, Channel.SMS) if kind in BY_EVERY_WAY else (Channel.EMAIL,)


_CAN_READ = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
"""The second is what the number plans of North America say of every number."""


def takes_messages(phone: str) -> bool:
    """Whether a number (E.164) can be sent a text message; a landline cannot."""
    try:
        return phonenumbers.number_type(phonenumbers.parse(phone)) in _CAN_READ
    except phonenumbers.NumberParseException:
        return False
