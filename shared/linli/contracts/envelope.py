"""The envelope: CloudEvents 1.0 in Kafka's binary mode (`ce_*` headers, JSON value).

An event's id is `<subject>:<sequence>`. So a producer's unique index on ids also guards the order of a story, and the
position that a consumer has reached in a story is the whole set of ids that it has seen (docs/adr/0003).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.exceptions import CloudEventValidationError, MissingRequiredAttributeError
from cloudevents.core.formats.json import JSONFormat
from pydantic import ValidationError

from linli.contracts.base import Event, strict_json, tolerant
from linli.contracts.catalogue import event_named

Headers: TypeAlias = tuple[tuple[str, bytes | None], ...]
"""As they come from Kafka: a name may come again, a value may be null."""
E_co = TypeVar("E_co", bound=Event, covariant=True)

MAX_SUBJECT = 200
"""Characters: ours have at most 80."""
FIRST_YEAR, LAST_YEAR = 1970, 9998
"""In between, a time can be put into any zone and into MongoDB."""


class StreamKey(NamedTuple):
    """The key of a stream: subject and source. Another source numbers the same subject's events separately."""

    source: str
    """Has no `|`."""
    subject: str

    @property
    def id(self) -> str:
        """As it is stored."""
        return f"{self.source}|{self.subject}"


@dataclass(frozen=True, slots=True)
class Envelope(Generic[E_co]):
    """One event with its position in its stream."""

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
        """Unique among what its source says."""
        return f"{self.subject}:{self.sequence}"

    @property
    def stream(self) -> StreamKey:
        """The story that it belongs to."""
        return StreamKey(self.source, self.subject)

    @property
    def unique_id(self) -> str:
        """Unique among all events of all sources."""
        return f"{self.stream.id}:{self.sequence}"

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
_NEEDED = frozenset({"specversion", "id", "type", "source", "subject", "time", "correlationid", "sequence"})
_OURS = {f"ce_{name}": name for name in (*_NEEDED, "traceparent", "seal")} | {"content-type": "datacontenttype"}
"""The headers that `encode` and `linli.messaging.seals` write, and what each holds."""
_OUR_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z", re.ASCII)


def encode(envelope: Envelope[Event]) -> KafkaMessage:
    """The Kafka message of an event. Raises ValueError when the value is larger than a topic takes."""
    headers = {
        "ce_specversion": b"1.0",
        "ce_id": envelope.id.encode(),
        "ce_type": envelope.type.encode(),
        "ce_source": envelope.source.encode(),
        "ce_subject": envelope.subject.encode(),
        "ce_time": _written(envelope.time),
        "content-type": b"application/json",
        "ce_correlationid": envelope.correlationid.encode(),
        "ce_sequence": b"%d" % envelope.sequence,
    }
    if envelope.traceparent:
        headers["ce_traceparent"] = envelope.traceparent.encode()
    if not all(headers.values()):
        raise ValueError(f"{envelope.type}: an attribute is empty")
    value = strict_json(envelope.data)
    most = envelope.data.MOST_BYTES
    if len(value) > most:
        raise ValueError(f"{envelope.type} {envelope.id} has {len(value):,} bytes, over {most:,}")
    return KafkaMessage(headers, envelope.subject, value)


def _written(time: datetime) -> bytes:
    if time.tzinfo is None:
        raise ValueError("the time of an event names its zone")
    return time.isoformat().removesuffix("+00:00").encode() + (b"Z" if not time.utcoffset() else b"")


def decode(key: bytes | None, value: bytes | None, headers: Iterable[tuple[str, bytes | None]]) -> Envelope[Event]:
    """The event in a Kafka record. Raises `Unreadable`, and nothing else, for whatever is not one.

    Anybody who reaches Kafka may have written the record, so no library is trusted to raise only what it documents.
    """
    try:
        return _decode(key, value, tuple(headers))
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("not_a_cloudevent", "the headers are not those of an event") from error


def sequence_claimed(headers: Iterable[tuple[str, bytes | None]]) -> int | None:
    """The place in its story that a record claims, whatever else is wrong with it; None when it claims none."""
    return _sequence((dict(headers).get("ce_sequence") or b"").decode(errors="replace"))


def _decode(key: bytes | None, value: bytes | None, headers: Headers) -> Envelope[Event]:
    attributes = _attributes(key, value, headers)
    event_type, subject = str(attributes["type"]), str(attributes["subject"])
    sequence = _sequence(str(attributes["sequence"]))
    if sequence is None or attributes["id"] != f"{subject}:{sequence}":
        raise Unreadable("identity", "the id is not <subject>:<sequence>")
    if key is not None and key != subject.encode():
        raise Unreadable("identity", "the record's key is not the subject")
    data = _data(event_type, value or b"")
    if data.story != subject:
        raise Unreadable("identity", "the subject is not whose story the data belong to")
    if attributes["source"] != data.SOURCE:
        raise Unreadable("identity", f"{event_type} is said by {data.SOURCE} alone")
    return Envelope(
        source=data.SOURCE,
        subject=subject,
        sequence=sequence,
        time=attributes["time"],
        correlationid=str(attributes.get("correlationid", subject)),
        data=data,
        traceparent=attributes.get("traceparent"),
    )


def _attributes(key: bytes | None, value: bytes | None, headers: Headers) -> dict[str, Any]:
    """The event's attributes, all that it needs, with a time that every store and zone can hold."""
    try:
        attributes = _as_we_write(key, headers) or _as_others_write(key, value, headers)
        if missing := [name for name in ("subject", "sequence", "time") if name not in attributes]:
            raise Unreadable("attribute_missing", f"no {missing[0]}")
        year = attributes["time"].astimezone(UTC).year
    except (CloudEventValidationError, UnicodeDecodeError) as error:
        raise Unreadable("not_a_cloudevent", _plain(error)) from error
    except (ValueError, OverflowError) as error:
        raise Unreadable("attribute_wrong", "a header is not as it must be, such as a time that is none") from error
    if not 1 <= len(str(attributes["subject"])) <= MAX_SUBJECT:
        raise Unreadable("identity", f"a subject of over {MAX_SUBJECT} characters")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable("attribute_wrong", f"the time is not between the years {FIRST_YEAR} and {LAST_YEAR}")
    return attributes


def _as_we_write(key: bytes | None, headers: Headers) -> dict[str, Any] | None:
    """The attributes of a record as `encode` writes them; None for any other, which the library reads or refuses."""
    attributes: dict[str, Any] = {}
    for name, value in headers:
        attribute = _OURS.get(name)
        if attribute is None or not value or not value.isascii() or attribute in attributes:
            return None
        attributes[attribute] = value.decode()
    if not attributes.keys() >= _NEEDED or attributes["specversion"] != "1.0":
        return None
    time = attributes["time"]
    if not _OUR_TIME.fullmatch(time) or key not in {None, attributes["subject"].encode()}:
        return None
    try:
        attributes["time"] = datetime.fromisoformat(time)
    except ValueError:
        return None
    return attributes


def _as_others_write(key: bytes | None, value: bytes | None, headers: Headers) -> dict[str, Any]:
    often = Counter(name.lower() for name, _ in headers)
    if twice := sorted(name for name, times in often.items() if name.startswith("ce_") and times > 1):
        raise Unreadable("not_a_cloudevent", f"more than one header {_printable(twice[0][:40])}")
    given = {name: content for name, content in headers if content is not None}
    attributes = read_by_the_library(given, key, value)
    if "ce_time" not in map(str.lower, given):  # the library puts the moment of reading in its place, another each time
        del attributes["time"]
    return attributes


def read_by_the_library(headers: Mapping[str, bytes], key: bytes | None, value: bytes | None) -> dict[str, Any]:
    """Any record's attributes, slowly. Raises what the library raises."""
    return from_binary(KafkaMessage(dict(headers), key, value or b""), _FORMAT).get_attributes()


def _sequence(text: str) -> int | None:
    """From 1; None for what is no number as a producer writes it, or one that no story reaches."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,8}", text) else None


def _data(event_type: str, value: bytes) -> Event:
    model = event_named(event_type)
    if model is None:
        raise Unreadable("unknown_type", f"nobody here knows {_printable(event_type[:120])}")
    try:
        return tolerant(model, value)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors(include_input=False))
        raise Unreadable("invalid_data", faults[:500]) from error


def _plain(error: Exception) -> str:
    """What is wrong with the headers, for who operates this and knows no class of Python's."""
    if not isinstance(error, CloudEventValidationError):
        return "a header is no UTF-8"
    wrong = [f"the header ce_{name} {_wrong(faults)}" for name, faults in error.errors.items()]
    return _printable("; ".join(wrong)[:300])


def _wrong(faults: Sequence[Exception]) -> str:
    missing = any(isinstance(each, MissingRequiredAttributeError) for each in faults)
    return "is missing" if missing else "is not as it must be"


def _printable(text: str) -> str:
    """Without what a terminal would take for a command; line breaks too."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
