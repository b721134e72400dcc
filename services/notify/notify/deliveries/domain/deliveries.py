"""One delivery, from due to its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from linli.contracts.envelope import Envelope
from linli.contracts.workflow.case import CaseEvent
from linli.frozen import replace
from notify.notices.domain.facts import facts
from notify.notices.domain.kinds import Channel, NoticeKind
from notify.notices.domain.notices import Notice


class State(StrEnum):
    """The state of a delivery."""

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
    """Empty for what is about none: a partner's own system."""
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
    digest: str | None = None
    """The delivery whose letter told this one as well."""
    together: bool | None = None
    """It may wait for others of its kind, which one letter tells; None for what is told by itself."""

    @property
    def told(self) -> str:
        """By what intake knows a resident's contact: the submission, or a subscription to bulletins."""
        return self.case_id or self.recipient.partition(":")[2]

    @property
    def party(self) -> str | None:
        """The party's id, None for a resident."""
        kind, _, id = self.recipient.partition(":")
        return id if kind == "party" else None


def delivery_id(envelope: Envelope[Any], recipient: str, channel: Channel) -> str:
    """Unique per (event, recipient, channel), and fit for a URL.

    An event is its source, its subject and its sequence. In ids from before there were several sources there is none.
    """
    source = envelope.source.rpartition("/")[2]
    return f"{envelope.subject}.{envelope.sequence}.{source}.{recipient.replace(':', '.', 1)}.{channel}"


def delivery(envelope: Envelope[CaseEvent], notice: Notice, now: datetime) -> Delivery:
    """A notice's delivery, due at once, unless there is no way to say it."""
    possible = notice.channel is not Channel.NONE
    return Delivery(
        id=delivery_id(envelope, notice.recipient, notice.channel),
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


def skipped(delivery: Delivery, reason: str, now: datetime) -> Delivery:
    """The same, ended: there is nobody to tell, or no way."""
    return replace(delivery, state=State.SKIPPED, reason=reason, due_at=None, finished_at=now)


def on_channel(delivery: Delivery, channel: Channel, now: datetime) -> Delivery:
    """The same notice on another channel, due now. Its id follows from the other's, whose form may be an older one."""
    return replace(
        delivery,
        id=f"{delivery.id.rpartition('.')[0]}.{channel}",
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
        together=None,
    )
