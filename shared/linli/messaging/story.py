"""Decides the order in which a batch of events takes effect, without I/O.

A *stream* is the sequence of one subject's events from one source. Its `next` is the sequence that is due; a source
numbers a subject's events without gaps, so everything below has been seen. An event that comes early is held; one
that cannot be read or applied is parked and blocks its stream, and what follows in that stream is held behind it.
Other streams go on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from linli.contracts.base import Event
from linli.contracts.envelope import MAX_SUBJECT, Envelope, StreamKey, Unreadable, decode, sequence_claimed
from linli.frozen import replace
from linli.messaging.kafka import Received


@dataclass(frozen=True, slots=True)
class Stream:
    """The position of one consumer in one stream."""

    key: StreamKey
    next: int = 1
    blocked_by: tuple[str, ...] = ()
    """Ids of the parked records that it waits for."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record and the event read from it, or the reason why it is none."""

    record: Received
    writer: str
    """The source that writes to its topic. It tells whose story it is where the record itself cannot be read."""
    event: Envelope[Event] | None
    fault: Unreadable | None = None
    authentic: bool = True
    """Whether a service of ours has written it; what anybody may have written blocks no story."""

    @property
    def source(self) -> str:
        return self.event.source if self.event is not None else self.writer

    @property
    def stream(self) -> StreamKey | None:
        """The story that it belongs to, as far as can be told: an unreadable record's topic and key name it.

        What its headers claim does not count: they may be what is wrong with it.
        """
        if self.event is not None:
            return self.event.stream
        if not self.authentic:
            return None
        try:
            key = (self.record.key or b"").decode()
        except UnicodeDecodeError:
            return None
        return StreamKey(self.writer, key) if 1 <= len(key) <= MAX_SUBJECT else None

    @property
    def sequence(self) -> int | None:
        """Its place in the story; of an unreadable record, what its header claims."""
        if self.event is not None:
            return self.event.sequence
        return sequence_claimed(self.record.headers)

    @property
    def parked_id(self) -> str:
        """Where the record came from and a check sum: a topic made anew counts its offsets anew."""
        place = self.record.place
        check = crc32((self.record.value or b"") + (self.record.key or b""))
        return f"{place.topic}-{place.partition}-{self.record.offset}-{check:08x}"


MOST_HEADERS = 1_000
"""Of a record; ours have a dozen. Each takes more room in MongoDB than in Kafka."""


def too_many_headers(record: Received) -> str | None:
    """What is wrong with a record of millions of headers, which no document could hold."""
    return f"over {MOST_HEADERS:,} headers" if len(record.headers) > MOST_HEADERS else None


def read(record: Received, writer: str) -> Arrival:
    """Decode a record; a fault is a value here, for it must not stop the others. Never raises.

    `writer` is the source that writes to the record's topic.
    """
    if no_record := record.fault or too_many_headers(record):
        return Arrival(record, writer, None, Unreadable("not_a_record", no_record))
    try:
        return Arrival(record, writer, decode(record.key, record.value, record.headers))
    except Unreadable as fault:
        return Arrival(record, writer, None, fault)


@dataclass(frozen=True, slots=True)
class Parking:
    """A record to park, and why."""

    arrival: Arrival
    reason: str
    detail: str


@dataclass(slots=True)
class Plan:
    """The decision about a batch."""

    apply: list[Envelope[Event]] = field(default_factory=list)
    hold: list[Arrival] = field(default_factory=list)
    park: list[Parking] = field(default_factory=list)
    repeated: int = 0
    released: list[str] = field(default_factory=list)
    """Held events that need not be held any more, by their unique ids."""
    streams: dict[StreamKey, Stream] = field(default_factory=dict)
    """The streams that changed."""


def plan(
    arrivals: Iterable[Arrival],
    streams: Mapping[StreamKey, Stream],
    held: Mapping[StreamKey, Sequence[Arrival]],
    refused: Mapping[str, Unreadable],
) -> Plan:
    """Sort a batch into what takes effect now, what waits, and what is parked.

    `streams` and `held` are what is stored of the streams in the batch; `refused` names events (by their unique
    ids) that could not be applied in an earlier try of the same batch.
    """
    done = Plan()
    waiting = {key: {a.event.sequence: a for a in those if a.event} for key, those in held.items()}
    stored = {a.event.unique_id for those in held.values() for a in those if a.event}

    def settle(key: StreamKey) -> None:
        """Apply waiting events that are due; drop past ones."""
        stream, early = done.streams[key], waiting.get(key, {})
        while not stream.blocked_by and (due := early.pop(stream.next, None)) and due.event:
            if due.event.unique_id in stored:
                done.released.append(due.event.unique_id)
            if fault := refused.get(due.event.unique_id):
                done.park.append(Parking(due, fault.reason, fault.detail))
                stream = replace(stream, blocked_by=(*stream.blocked_by, due.parked_id))
            else:
                done.apply.append(due.event)
                stream = replace(stream, next=stream.next + 1)
        for sequence in [s for s in early if s < stream.next]:
            past = early.pop(sequence)
            if past.event and past.event.unique_id in stored:
                done.released.append(past.event.unique_id)
        done.streams[key] = stream

    for arrival in arrivals:
        event, key = arrival.event, arrival.stream
        if key is not None:
            done.streams.setdefault(key, streams.get(key, Stream(key)))
        if event is None or key is None:
            fault = arrival.fault or Unreadable("unreadable", "")
            done.park.append(Parking(arrival, fault.reason, fault.detail))
            if key is not None:
                stream = done.streams[key]
                done.streams[key] = replace(stream, blocked_by=(*stream.blocked_by, arrival.parked_id))
            continue
        early = waiting.setdefault(key, {})
        if event.sequence < done.streams[key].next or event.sequence in early:
            done.repeated += 1
            continue
        early[event.sequence] = arrival
        settle(key)
    for key in held:
        done.streams.setdefault(key, streams.get(key, Stream(key)))
        settle(key)
    early_ones = [a for those in waiting.values() for a in those.values()]
    done.hold = [a for a in early_ones if a.event and a.event.unique_id not in stored]
    done.streams = {key: stream for key, stream in done.streams.items() if stream != streams.get(key)}
    return done
