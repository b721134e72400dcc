"""Who hears what about a case, and what follows from an attempt to tell them. Values and times in, decisions out.

A *notice* is one message about one event to one recipient; a *delivery* is one try-until-done of it on one channel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

import phonenumbers
from phonenumbers import PhoneNumberType

from linli.contracts.case import (
    NOT_PUBLIC,
    SAID_AMONG_STAFF,
    STAGES_AMONG_STAFF,
    CaseDispatched,
    CaseDocumented,
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
from linli.contracts.catalogue import BY_TYPE
from linli.contracts.community import Community, Party
from linli.contracts.envelope import Envelope
from linli.contracts.erasure import Scope, erased_text
from linli.contracts.kinds import Language

# The community, as notify looks at it ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Directory:
    """A community's parties and names, by id."""

    community: Community
    parties: Mapping[str, Party]
    names: Mapping[str, Mapping[Language, str]]
    """What a party, a neighbourhood or a category is called; keys are `party:<id>` and so on."""

    @classmethod
    def of(cls, community: Community) -> "Directory":
        """Index a community once per version, not once per event."""
        sections: dict[str, Sequence[Any]] = {
            "party": community.parties,
            "neighbourhood": community.neighbourhoods,
            "category": community.categories,
        }
        names = {
            f"{section}:{entry.id}": {Language.ZH: entry.name, Language.EN: entry.name_en or entry.name}
            for section, entries in sections.items()
            for entry in entries
        }
        return cls(community, {party.id: party for party in community.parties}, names)

    def name(self, section: str, id: str | None, language: Language) -> str | None:
        """What people call it; its id when this copy does not know it (yet)."""
        if id is None:
            return None
        known = self.names.get(f"{section}:{id}")
        return known[language] if known else id


# Who hears what -------------------------------------------------------------------------------------------------------


class NoticeKind(StrEnum):
    """What a recipient is told; each has its texts in `templates/`."""

    REPORTER_DISPATCHED = "reporter_dispatched"
    REPORTER_PROGRESSED = "reporter_progressed"
    REPORTER_RESOLVED = "reporter_resolved"
    REPORTER_MERGED = "reporter_merged"
    REPORTER_UNMERGED = "reporter_unmerged"
    REPORTER_SPLIT = "reporter_split"
    PARTY_DISPATCHED = "party_dispatched"
    PARTY_REOPENED = "party_reopened"
    PARTY_REMINDED = "party_reminded"
    PARTY_NOT_SATISFIED = "party_not_satisfied"
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
    if (kind := TO_REPORTER.get(type(event))) and event.resident_id is not None and not _heard_before(event):
        told.append(Notice(kind, f"resident:{event.resident_id}", Channel.EMAIL))
    if event.merged_into is not None:
        return told
    if (kind := TO_PARTY.get(type(event))) and event.party is not None:
        told += to_party(kind, event.party, directory)
    if isinstance(event, CaseRated) and event.reopen_requested and event.party:
        told += to_party(NoticeKind.PARTY_NOT_SATISFIED, event.party, directory)
    if isinstance(event, CaseEscalated):
        told += to_party(NoticeKind.NODE_ESCALATED, event.to, directory)
    return told


def _heard_before(event: CaseEvent) -> bool:
    """A reporter whose report was joined with another is not told when both are joined with a third."""
    return isinstance(event, CaseMerged) and event.previous is not None


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


_NOT_FOR_PARTIES = frozenset({"resident_id", "language", "tracking_hash"})


def facts(event: CaseEvent) -> dict[str, Any]:
    """The fields of an event that a party may see: all but what points to the reporter."""
    return event.model_dump(mode="json", exclude=set(_NOT_FOR_PARTIES), exclude_none=True)


def facts_emptied(told: Mapping[str, Any], event_type: str, scope: Scope) -> dict[str, Any]:
    """The same without what people wrote; of a split stays which party has a part."""
    words = scope.words(BY_TYPE[event_type])
    kept = {name: value for name, value in told.items() if name not in words}
    nothing = erased_text(Language.ZH)
    if "title" in words:
        kept["title"] = nothing
    if "parts" in words:
        kept["parts"] = [part | {"what": nothing, "title": nothing} for part in told.get("parts", ())]
    return kept


# What the public timeline says ----------------------------------------------------------------------------------------


def public_entry(envelope: Envelope[CaseEvent], directory: Directory) -> dict[str, Any] | None:
    """One line of the timeline that a tracking code opens; None for what is among staff.

    The same steps as workflow's `GET /v1/track/<code>` shows; parties are named in the reporter's language.
    """
    event = envelope.data
    documented = event if isinstance(event, CaseDocumented) else None
    if isinstance(event, NOT_PUBLIC) or (documented and documented.stage in STAGES_AMONG_STAFF):
        return None
    entry: dict[str, Any] = {
        "type": envelope.type,
        "at": envelope.time,
        "state": event.state.value,
        "party": directory.name("party", event.party, event.language),
        "message": None if isinstance(event, SAID_AMONG_STAFF) else event.message,
        "stage": documented and documented.stage.value,
        "photos": documented and [photo.id for photo in documented.photos],
    }
    return {name: value for name, value in entry.items() if value is not None}


# Deliveries -----------------------------------------------------------------------------------------------------------


class State(StrEnum):
    """Where a delivery stands."""

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    """Given up; an operator may try again."""
    SKIPPED = "skipped"
    """The resident left no address, or there is no mail server or SMS gateway: there is nobody to tell, or no way."""
    UNDELIVERABLE = "undeliverable"
    """The party has no channel."""
    REPLACED = "replaced"
    """The party has been given a channel, or the resident has none but another: the notice went there instead."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice on its way. It holds no address: that is looked up when it is sent."""

    id: str
    case_id: str
    community: str
    event_id: str
    event_type: str
    event_time: datetime
    correlationid: str
    traceparent: str | None
    kind: NoticeKind
    recipient: str
    channel: Channel
    facts: Mapping[str, Any]
    created_at: datetime
    state: State = State.DUE
    reason: str | None = None
    attempts: int = 0
    """Tries altogether."""
    tries: int = 0
    """Tries since it became due, or was made due again: the place in the schedule."""
    outcomes: int = 0
    """How many times its end was told: the sequence of its last event."""
    last_error: str | None = None
    due_at: datetime | None = None
    """When somebody may take it: its time in the schedule or, while a sender has it, the end of the sender's lease."""
    finished_at: datetime | None = None

    @property
    def party(self) -> str | None:
        """The party's id, None when a resident is told."""
        kind, _, id = self.recipient.partition(":")
        return id if kind == "party" else None


def delivery_id(case_id: str, sequence: int, recipient: str, channel: Channel) -> str:
    """Unique per (event, recipient, channel), and fit for a URL."""
    return f"{case_id}.{sequence}.{recipient.replace(':', '.', 1)}.{channel}"


def delivery(envelope: Envelope[CaseEvent], notice: Notice, now: datetime) -> Delivery:
    """A notice's delivery, due at once unless there is no way to say it."""
    possible = notice.channel is not Channel.NONE
    return Delivery(
        id=delivery_id(envelope.data.case_id, envelope.sequence, notice.recipient, notice.channel),
        case_id=envelope.data.case_id,
        community=envelope.data.community,
        event_id=envelope.id,
        event_type=envelope.type,
        event_time=envelope.time,
        correlationid=envelope.correlationid,
        traceparent=envelope.traceparent,
        kind=notice.kind,
        recipient=notice.recipient,
        channel=notice.channel,
        facts=facts(envelope.data) | {"sequence": envelope.sequence},
        created_at=now,
        state=State.DUE if possible else State.UNDELIVERABLE,
        reason=notice.reason,
        due_at=now if possible else None,
        finished_at=None if possible else now,
    )


def on_channel(delivery: Delivery, channel: Channel, now: datetime) -> Delivery:
    """The same notice on another channel, due now."""
    sequence = int(delivery.event_id.rpartition(":")[2])
    return replace(
        delivery,
        id=delivery_id(delivery.case_id, sequence, delivery.recipient, channel),
        channel=channel,
        created_at=now,
        state=State.DUE,
        reason=None,
        attempts=0,
        tries=0,
        outcomes=0,
        last_error=None,
        due_at=now,
        finished_at=None,
    )


# What an attempt came to ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Took:
    """The other end took it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never be taken."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreached:
    """It may be taken later."""

    reason: str
    retry_after: float | None = None
    """Seconds that the other end asked for."""
    away: bool = False
    """Nobody answered at all, so whatever else goes there need not be tried now."""


@dataclass(frozen=True, slots=True)
class NobodyThere:
    """There is no address, and that is as it should be."""

    reason: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """There is no address for this channel, but one for another."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class NotBegun:
    """The sender had to stop before this one's turn came."""


Outcome: TypeAlias = Took | Refused | Unreached | NobodyThere | Elsewhere | NotBegun


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery after an attempt."""

    state: State
    due_at: datetime | None = None
    reason: str | None = None
    """Why it ended, for all states but `sent`; why it did not succeed yet, for `due`."""
    tried: bool = True


RETRY_AFTER_AT_MOST = timedelta(hours=6)
"""Another's wish is granted up to here, so that no one can park a notice for ever."""


def judge(outcome: Outcome, tries: int, schedule: Sequence[float], now: datetime, luck: float) -> Verdict:
    """The next step. `tries` counts those before this one, `luck` a random number from 0 to 1.

    Waits follow the schedule (seconds) with full jitter, never shorter than the other end asked for. The schedule used
    up, it is given up.
    """
    match outcome:
        case Took():
            return Verdict(State.SENT)
        case Refused(reason):
            return Verdict(State.FAILED, reason=reason)
        case NobodyThere(reason):
            return Verdict(State.SKIPPED, reason=reason)
        case Elsewhere(channel):
            return Verdict(State.REPLACED, reason=f"by_{channel}")
        case NotBegun():
            return Verdict(State.DUE, due_at=now, tried=False)
        case Unreached():
            return _later(outcome, tries, schedule, now, luck)


def _later(outcome: Unreached, tries: int, schedule: Sequence[float], now: datetime, luck: float) -> Verdict:
    if tries >= len(schedule):
        return Verdict(State.FAILED, reason=outcome.reason)
    asked = min(outcome.retry_after or 0.0, RETRY_AFTER_AT_MOST.total_seconds())
    return Verdict(State.DUE, now + timedelta(seconds=max(asked, luck * schedule[tries])), outcome.reason)
