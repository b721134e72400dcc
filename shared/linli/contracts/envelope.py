"""The envelope: CloudEvents 1.0 in Kafka's binary mode (`ce_*` headers, JSON value).

An event's id is `<subject>:<sequence>`. So a producer's unique index on ids also guards the order of a story, and the
position that a consumer has reached in a story is the whole set of ids that it has seen (docs/adr/0003).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from pydantic import ValidationError

from linli.contracts.base import Event, strict_json, tolerant
from linli.contracts.catalogue import BY_TYPE
from linli.contracts.community import CommunityPublished

E_co = TypeVar("E_co", bound=Event, covariant=True)

MAX_VALUE_BYTES = 900_000
"""Below Kafka's default `max.message.bytes`, with room for headers."""
MAX_COMMUNITY_BYTES = 7_500_000
"""The community topic allows 8 MB (topics.yaml), the producer 8,000,000 bytes."""


@dataclass(frozen=True, slots=True)
class Envelope(Generic[E_co]):
    """One event with where it stands in its story."""

    source: str
    """Who says it: `linli/intake`, `linli/workflow`, `linli/notify`."""
    subject: str
    """Whose story it belongs to: a submission, case, delivery or community id."""
    sequence: int
    """The place in that story, from 1, without gaps."""
    time: datetime
    correlationid: str
    """The first submission's id, unchanged through the whole story."""
    data: E_co
    traceparent: str | None = None

    @property
    def id(self) -> str:
        return f"{self.subject}:{self.sequence}"

    @property
    def type(self) -> str:
        return self.data.TYPE


class Unreadable(Exception):
    """A record that is no event of ours: `reason` is a slug, `detail` says more without quoting the value."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


class _ValueAsItIs(JSONFormat):
    """Leaves the value alone: pydantic writes and reads it in one pass."""

    def read_data(self, body: bytes, datacontenttype: str | None) -> Any:
        return body


_FORMAT = _ValueAsItIs()


def encode(envelope: Envelope[Event]) -> KafkaMessage:
    """The Kafka message of an event. Raises ValueError when the value is larger than a topic takes."""
    attributes = {
        "specversion": "1.0",
        "id": envelope.id,
        "type": envelope.type,
        "source": envelope.source,
        "subject": envelope.subject,
        "time": envelope.time,
        "datacontenttype": "application/json",
        "correlationid": envelope.correlationid,
        "sequence": str(envelope.sequence),
    }
    if envelope.traceparent:
        attributes["traceparent"] = envelope.traceparent
    message = to_binary(CloudEvent(attributes, strict_json(envelope.data)), _FORMAT, lambda _: envelope.subject)
    most = MAX_COMMUNITY_BYTES if isinstance(envelope.data, CommunityPublished) else MAX_VALUE_BYTES
    if len(message.value) > most:
        raise ValueError(f"{envelope.type} {envelope.id} has {len(message.value):,} bytes, over {most:,}")
    return message


def decode(key: bytes | None, value: bytes | None, headers: Iterable[tuple[str, bytes]]) -> Envelope[Event]:
    """The event in a Kafka record. Raises `Unreadable` for whatever is not one."""
    try:
        message = KafkaMessage(headers=dict(headers), key=key, value=value or b"")
        attributes = from_binary(message, _FORMAT).get_attributes()
        event_type, subject = str(attributes["type"]), str(attributes["subject"])
        sequence, time = int(attributes["sequence"]), attributes["time"]
    except (CloudEventValidationError, UnicodeDecodeError) as error:
        raise Unreadable("not_a_cloudevent", _plain(error)) from error
    except (KeyError, ValueError, TypeError) as error:
        raise Unreadable("attribute_missing", _plain(error)) from error
    if sequence < 1 or attributes["id"] != f"{subject}:{sequence}":
        raise Unreadable("identity", "the id is not <subject>:<sequence>")
    if key is not None and key != subject.encode():
        raise Unreadable("identity", "the record's key is not the subject")
    model = BY_TYPE.get(event_type)
    if model is None:
        raise Unreadable("unknown_type", f"nobody here knows {event_type[:120]}")
    try:
        data = tolerant(model, message.value)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors(include_input=False))
        raise Unreadable("invalid_data", faults[:500]) from error
    return Envelope(
        source=str(attributes["source"]),
        subject=subject,
        sequence=sequence,
        time=time,
        correlationid=str(attributes.get("correlationid", subject)),
        data=data,
        traceparent=attributes.get("traceparent"),
    )


def _plain(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
