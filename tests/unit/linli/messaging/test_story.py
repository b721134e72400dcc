"""In what order events take effect."""

import random
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope, StreamKey, Unreadable
from linli.contracts.workflow.case import CaseProgressed
from linli.messaging.kafka import Received
from linli.messaging.story import Arrival, Stream, plan, read
from tests.support.builders import garbage, received, submitted, withdrawn
from tests.support.cases import said

WRITERS = {"linli.intake": "linli/intake", "linli.cases": "linli/workflow"}


class Consumer:
    """What an inbox stores between batches, in memory: it does with a plan what the inbox does."""

    def __init__(self, cannot_apply: Sequence[str] = ()) -> None:
        self.streams: dict[StreamKey, Stream] = {}
        self.held: dict[str, Arrival] = {}
        self.parked: dict[str, str] = {}
        self.applied: list[str] = []
        self.events: list[Envelope[Event]] = []
        self._cannot_apply = set(cannot_apply)

    def take(self, *records: Received) -> None:
        read_ones = [read(record, WRITERS[record.place.topic]) for record in records]
        arrivals = [a for a in read_ones if a.event or a.parked_id not in self.parked]
        keys = {arrival.stream for arrival in arrivals}
        held: dict[StreamKey, list[Arrival]] = {}
        for arrival in self.held.values():
            if arrival.stream in keys and arrival.stream is not None:
                held.setdefault(arrival.stream, []).append(arrival)
        refused = {id: Unreadable("cannot", "") for id in self._cannot_apply}
        done = plan(arrivals, self.streams, held, refused)
        self.applied += [event.id for event in done.apply]
        self.events += done.apply
        self.streams |= done.streams
        for id in done.released:
            del self.held[id]
        for arrival in done.hold:
            assert arrival.event and arrival.event.unique_id not in self.held
            self.held[arrival.event.unique_id] = arrival
        for parking in done.park:
            self.parked[parking.arrival.parked_id] = parking.reason


STORY = [received(submitted("a"), 0), received(withdrawn("a", 2), 1), received(withdrawn("a", 3), 2)]


def test_an_early_event_is_held_until_the_gap_fills() -> None:
    consumer = Consumer()
    consumer.take(STORY[2], STORY[1])
    assert consumer.applied == []
    consumer.take(STORY[0])
    assert consumer.applied == ["a:1", "a:2", "a:3"]
    assert consumer.held == {}


def test_a_repeated_event_has_no_second_effect() -> None:
    consumer = Consumer()
    consumer.take(STORY[0], STORY[0])
    consumer.take(STORY[0], STORY[1])
    assert consumer.applied == ["a:1", "a:2"]


def test_an_event_that_cannot_be_applied_is_parked_and_its_story_waits_while_others_go_on() -> None:
    consumer = Consumer(cannot_apply=["linli/intake|a:2"])
    consumer.take(*STORY, received(submitted("b"), 3))
    assert consumer.applied == ["a:1", "b:1"]
    assert list(consumer.parked.values()) == ["cannot"]
    assert list(consumer.held) == ["linli/intake|a:3"]


def test_an_unreadable_record_blocks_the_story_that_its_key_names() -> None:
    consumer = Consumer()
    consumer.take(STORY[0], garbage(1, b"a"), STORY[1], received(submitted("b"), 3))
    assert consumer.applied == ["a:1", "b:1"]
    assert list(consumer.parked.values()) == ["not_a_cloudevent"]
    assert list(consumer.held) == ["linli/intake|a:2"]


def test_an_unreadable_record_without_a_key_blocks_nobody() -> None:
    consumer = Consumer()
    consumer.take(garbage(0), *STORY)
    assert consumer.applied == ["a:1", "a:2", "a:3"]
    assert len(consumer.parked) == 1


RECORDS = [
    received(replace(withdrawn(name, sequence), sequence=sequence), offset)
    for offset, (name, sequence) in enumerate((name, sequence) for name in "abc" for sequence in range(1, 5))
] + [garbage(50, b"c"), garbage(51)]


@given(st.randoms(use_true_random=False), st.integers(1, 9), st.integers(0, 12))
def test_any_split_repetition_or_interleaving_of_the_same_events_ends_in_the_same_state(
    chance: random.Random, size: int, repeated: int
) -> None:
    records = RECORDS[:-2] + chance.sample(RECORDS[:-2], repeated)
    chance.shuffle(records)
    consumer = Consumer()
    for start in range(0, len(records), size):
        consumer.take(*records[start : start + size])
    for name in "abc":
        assert [id for id in consumer.applied if id[0] == name] == [f"{name}:{n}" for n in range(1, 5)]
    assert consumer.held == {}
    assert {stream.next for stream in consumer.streams.values()} == {5}


@given(st.randoms(use_true_random=False), st.integers(1, 9))
def test_what_blocks_one_story_never_stops_or_reorders_another(chance: random.Random, size: int) -> None:
    records = list(RECORDS)
    chance.shuffle(records)
    consumer = Consumer(cannot_apply=["linli/intake|a:2"])
    for start in range(0, len(records), size):
        consumer.take(*records[start : start + size])
    assert [id for id in consumer.applied if id[0] == "a"] == ["a:1"]
    assert [id for id in consumer.applied if id[0] == "b"] == [f"b:{n}" for n in range(1, 5)]
    assert set(consumer.held) >= {"linli/intake|a:3", "linli/intake|a:4"}
    assert len(consumer.parked) == 3


ANOTHERS = [
    received(said(CaseProgressed, name, sequence, message=f"{name}{sequence}"), offset, "linli.cases")
    for offset, (name, sequence) in enumerate((name, sequence) for name in "abc" for sequence in range(1, 4))
]
"""Another source's stories of the same subjects, with the same sequences."""


@given(st.randoms(use_true_random=False), st.integers(1, 9), st.integers(0, 12))
def test_what_two_sources_say_of_one_subject_is_two_stories_each_whole_and_in_order(
    chance: random.Random, size: int, repeated: int
) -> None:
    stories = RECORDS[:-2] + ANOTHERS
    records = stories + chance.sample(stories, repeated)
    chance.shuffle(records)
    consumer = Consumer()
    for start in range(0, len(records), size):
        consumer.take(*records[start : start + size])
    for source, last in (("linli/intake", 4), ("linli/workflow", 3)):
        for name in "abc":
            applied = [event.sequence for event in consumer.events if event.stream == StreamKey(source, name)]
            assert applied == list(range(1, last + 1))
    assert consumer.held == {}
    assert {key.source: stream.next for key, stream in consumer.streams.items()} == {
        "linli/intake": 5,
        "linli/workflow": 4,
    }


def test_an_unreadable_record_blocks_the_story_that_its_topics_writer_tells_whatever_its_headers_claim() -> None:
    liar = replace(garbage(50, b"a"), headers=(("ce_source", b"linli/workflow"), ("ce_subject", b"b")))
    consumer = Consumer()
    consumer.take(STORY[0], liar, STORY[1], *ANOTHERS)
    assert consumer.streams[StreamKey("linli/intake", "a")].blocked_by == tuple(consumer.parked)
    assert list(consumer.held) == ["linli/intake|a:2"]
    assert {event.stream for event in consumer.events if event.sequence == 3} == {
        StreamKey("linli/workflow", name) for name in "abc"
    }


def test_what_cannot_be_applied_of_one_source_stands_in_no_other_sources_way() -> None:
    consumer = Consumer(cannot_apply=["linli/workflow|a:1"])
    consumer.take(*ANOTHERS[:3], *STORY)
    assert [event.unique_id for event in consumer.events] == [f"linli/intake|a:{n}" for n in (1, 2, 3)]
    assert list(consumer.held) == ["linli/workflow|a:2", "linli/workflow|a:3"]
