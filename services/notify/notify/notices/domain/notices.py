"""Who is notified of an event, and by which channel: applies the table in `notice_rules`."""

from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType

from linli.contracts.workflow.case import CaseEscalated, CaseEvent, CaseMerged
from notify.notices.domain.directory import Directory
from notify.notices.domain.kinds import Channel, NoticeKind
from notify.notices.domain.notice_rules import NOTICE_RULES, NoticeRule, To


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
    """The notices of an event, at most one set per recipient.

    A reporter without a resident id follows the case by its tracking code. Only intake knows a resident's contact,
    so the notice starts as a letter, and `ways` decides when it is sent. A step copied from a head to its follower is
    only for the reporter: the party has heard of it at the head.
    """
    by_recipient: dict[str, list[Notice]] = {}
    for rule in NOTICE_RULES[type(event)].rules:
        if not rule.when(event):
            continue
        if rule.to is To.REPORTER:
            recipient = f"resident:{event.resident_id}"
            if event.resident_id is not None:
                by_recipient.setdefault(recipient, [Notice(rule.kind, recipient, Channel.EMAIL)])
        elif event.merged_into is None and (party := _party(rule, event, directory)):
            by_recipient.setdefault(f"party:{party}", to_party(rule.kind, party, directory))
    return [notice for each in by_recipient.values() for notice in each]


def notifies_reporter(event: CaseEvent) -> bool:
    """Whether the reporter hears of an event, if there is a way to them."""
    rules = NOTICE_RULES[type(event)].rules
    return event.resident_id is not None and any(rule.to is To.REPORTER and rule.when(event) for rule in rules)


def _party(rule: NoticeRule, event: CaseEvent, directory: Directory) -> str | None:
    """Who that is, here; None when there is nobody, or nobody that need be told what it has done itself."""
    match rule.to:
        case To.PREVIOUS:
            found = _had_it(event)
        case To.DECIDES:
            found = directory.above(event.party)
        case To.LEVEL:
            assert isinstance(event, CaseEscalated)
            found = event.to
        case _:
            found = event.party
    return None if found == event.by and not rule.own else found


def _had_it(event: CaseEvent) -> str | None:
    """Who no longer has it; None when it stays."""
    before: str | None = event.previous_party if isinstance(event, CaseMerged) else getattr(event, "previous", None)
    return None if before == event.party else before


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
    """The channels to a resident: e-mail if there is an address, otherwise text message."""
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
