"""In what order events take effect: decided here, without I/O, for a batch at a time.

A *stream* is one subject's story from one source. Its `next` is the sequence that is due; since an event's id is its
subject and sequence, all that lies below has been seen. An event that comes early is held; one that cannot be read or
applied is parked and blocks its stream, and what follows in that stream is held behind it. Other streams go on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

from linli.contracts.base import Event
from linli.contracts.envelope import MAX_SUBJECT, Envelope, Unreadable, decode, sequence_claimed
from linli.messaging.kafka import Received


@dataclass(frozen=True, slots=True)
class Stream:
    """Where one story stands with one consumer."""

    id: str
    next: int = 1
    blocked_by: tuple[str, ...] = ()
    """Ids of the parked records that it waits for."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record with what was read from it: an event, or why it is none."""

    record: Received
    event: Envelope[Event] | None
    fault: Unreadable | None = None
    authentic: bool = True
    """Whether a service of ours has written it; what anybody may have written blocks no story."""

    @property
    def stream(self) -> str | None:
        """The story that it belongs to, as far as can be told: an unreadable record's key names it."""
        if self.event is not None:
            return self.event.subject
        if not self.authentic:
            return None
        try:
            key = (self.record.key or b"").decode()
        except UnicodeDecodeError:
            return None
        return key if 1 <= len(key) <= MAX_SUBJECT else None

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


def read(record: Received) -> Arrival:
    """Decode a record; a fault is a value here, for it must not stop the others. Never raises."""
    if no_record := record.fault or too_many_headers(record):
        return Arrival(record, None, Unreadable("not_a_record", no_record))
    try:
        return Arrival(record, decode(record.key, record.value, record.headers))
    except Unreadable as fault:
        return Arrival(record, None, fault)


@dataclass(frozen=True, slots=True)
class Parking:
    """A record to park, and why."""

    arrival: Arrival
    reason: str
    detail: str


@dataclass(slots=True)
class Plan:
    """What is to be done with a batch."""

    apply: list[Envelope[Event]] = field(default_factory=list)
    hold: list[Arrival] = field(default_factory=list)
    park: list[Parking] = field(default_factory=list)
    repeated: int = 0
    released: list[str] = field(default_factory=list)
    """Ids of held events that need not be held any more."""
    streams: dict[str, Stream] = field(default_factory=dict)
    """The streams that changed."""


def plan(
    arrivals: Iterable[Arrival],
    streams: Mapping[str, Stream],
    held: Mapping[str, Sequence[Arrival]],
    refused: Mapping[str, Unreadable],
) -> Plan:
    """Sort a batch into what takes effect now, what waits, and what is parked.

    `streams` and `held` are what is stored of the streams in the batch; `refused` names events (by id) that could not
    be applied in an earlier try of the same batch.
    """
    done = Plan()
    waiting = {name: {a.event.sequence: a for a in those if a.event} for name, those in held.items()}
    stored = {a.event.id for those in held.values() for a in those if a.event}

    def settle(name: str) -> None:
        """Apply what is due and waits; forget what is past."""
        stream, early = done.streams[name], waiting.get(name, {})
        while not stream.blocked_by and (due := early.pop(stream.next, None)) and due.event:
            if due.event.id in stored:
                done.released.append(due.event.id)
            if fault := refused.get(due.event.id):
                done.park.append(Parking(due, fault.reason, fault.detail))
                stream = replace(stream, blocked_by=(*stream.blocked_by, due.parked_id))
            else:
                done.apply.append(due.event)
                stream = replace(stream, next=stream.next + 1)
        for sequence in [s for s in early if s < stream.next]:
            past = early.pop(sequence)
            if past.event and past.event.id in stored:
                done.released.append(past.event.id)
        done.streams[name] = stream

    for arrival in arrivals:
        name = arrival.stream
        if name is not None:
            done.streams.setdefault(name, streams.get(name, Stream(name)))
        if arrival.event is None:
            fault = arrival.fault or Unreadable("unreadable", "")
            done.park.append(Parking(arrival, fault.reason, fault.detail))
            if name is not None:
                stream = done.streams[name]
                done.streams[name] = replace(stream, blocked_by=(*stream.blocked_by, arrival.parked_id))
            continue
        early = waiting.setdefault(arrival.event.subject, {})
        if arrival.event.sequence < done.streams[arrival.event.subject].next or arrival.event.sequence in early:
            done.repeated += 1
            continue
        early[arrival.event.sequence] = arrival
        settle(arrival.event.subject)
    for name in held:
        done.streams.setdefault(name, streams.get(name, Stream(name)))
        settle(name)
    done.hold = [a for those in waiting.values() for a in those.values() if a.event and a.event.id not in stored]
    done.streams = {name: stream for name, stream in done.streams.items() if stream != streams.get(name)}
    return done
