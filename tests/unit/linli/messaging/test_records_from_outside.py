"""Anybody who reaches Kafka may write anything: reading it never raises, and says why it is no event."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from unittest.mock import patch

import pytest
from bson import BSON
from cloudevents.core.bindings.kafka import to_binary
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts import envelope
from linli.contracts.base import Scope, strict_json
from linli.contracts.envelope import Unreadable, decode, encode, sequence_claimed
from linli.contracts.erasure import value_emptied
from linli.contracts.workflow.case import CaseAccepted
from linli.messaging.inbox_store import document_of, received_of
from linli.messaging.kafka import Place, Received
from linli.messaging.outbox import outgoing
from linli.messaging.seals import Seals
from linli.messaging.story import MOST_HEADERS, Arrival, plan, read
from tests.support.builders import NOON, received, submitted
from tests.support.cases import said

WRITER = "linli/intake"
GOOD = received(submitted("a"))
DAY = timedelta(hours=23, minutes=59)
_DEEP = b'{"x":' * 5_000 + b"1" + b"}" * 5_000
_DIGITS = b"9" * 5_000

odd_bytes = st.one_of(
    st.none(),
    st.binary(max_size=60),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b"", _DIGITS, b"-1", b"0", b"1e400", "१".encode(), b"\xff\xfe", b"\xed\xa0\x80", b"a:1", b"a"]),
)
odd_times = st.sampled_from(
    [
        *(b"9999-12-31T24:00:00Z", b"9999-12-31T23:59:59-23:59", b"0001-01-01T00:00:00+23:59", b"0000-01-01T00:00:00Z"),
        *(b"2026-11-23T04:00:00", b"2026-W48", b"20261123", _DIGITS + b"-01-01", b"2026-11-23T04:00:00+99:99", b""),
    ]
)
names = st.one_of(
    st.sampled_from([name for name, _ in GOOD.headers]),
    st.sampled_from(["CE_TYPE", "ce_", "Content-Type", "ce_partitionkey", "ce_data", "ce_\x00", ""]),
    st.text(max_size=20),
)
values = st.one_of(
    odd_bytes,
    st.sampled_from([_DEEP, b"[" * 20_000, b'{"submission_id":"\\ud800"}', b"NaN", b"1" * 10_000, GOOD.value]),
)


@st.composite
def records(draw: st.DrawFn) -> Received:
    """A good record of which anything is something else, is missing, or is there twice."""
    headers = dict(GOOD.headers) | draw(st.dictionaries(names, st.one_of(odd_bytes, odd_times), max_size=4))
    missing = draw(st.sets(st.sampled_from(sorted(headers)), max_size=2)) if draw(st.booleans()) else ()
    listed = [(name, said) for name, said in headers.items() if name not in missing]
    listed += draw(st.lists(st.tuples(names, odd_bytes), max_size=2))
    key = draw(st.one_of(st.just(b"a"), odd_bytes))
    return Received(Place("linli.intake", 0), draw(st.integers(0, 2**63 - 1)), key, draw(values), tuple(listed))


@given(records())
def test_no_record_is_such_that_reading_planning_keeping_or_emptying_it_raises(record: Received) -> None:
    arrival = read(record, WRITER)
    assert (arrival.event is None) == (arrival.fault is not None)
    done = plan([arrival], {}, {}, {})
    assert len(done.apply) + len(done.hold) + len(done.park) == 1
    kept = received_of(BSON.encode(document_of(record)).decode())
    assert (kept.key, kept.value, kept.headers) == (record.key, record.value, record.headers)
    assert read(kept, WRITER).sequence == arrival.sequence
    for type in ("linli.report.submitted.v1", "linli.case.split.v1", "", dict(kept.headers).get("ce_type")):
        value_emptied(str(type), record.value or b"", Scope.PERSON)


@given(records())
def test_what_is_said_of_an_unreadable_record_can_be_printed_on_any_terminal(record: Received) -> None:
    fault = read(record, WRITER).fault
    assert fault is None or (fault.detail + fault.reason).replace(" ", "x").isprintable()


def outcome(record: Received) -> object:
    try:
        return decode(record.key, record.value, record.headers)
    except Unreadable as fault:
        return fault.reason, fault.detail


@given(records())
def test_what_is_read_the_short_way_is_what_the_library_reads(record: Received) -> None:
    short = outcome(record)
    with patch.object(envelope, "_as_we_write", lambda *_: None):
        assert outcome(record) == short


def test_what_our_services_write_is_read_the_short_way() -> None:
    sealed = Seals(["k" * 32]).sealed(outgoing(said(CaseAccepted), "linli.cases"))
    with patch.object(envelope, "read_by_the_library", side_effect=AssertionError("the long way")):
        assert decode(sealed.key.encode(), sealed.value, tuple(sealed.headers.items())) == said(CaseAccepted)


@given(
    st.datetimes(timezones=st.timezones() | st.just(UTC) | st.timedeltas(-DAY, DAY).map(timezone)),
    st.none() | st.from_regex(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", fullmatch=True),
    st.integers(1, 10**8),
)
def test_what_is_written_is_what_the_library_writes(time: datetime, traceparent: str | None, sequence: int) -> None:
    event = replace(said(CaseAccepted), time=time, traceparent=traceparent, sequence=sequence)
    attributes = {"specversion": "1.0", "id": event.id, "type": event.type, "source": event.source}
    attributes |= {"subject": event.subject, "time": time, "datacontenttype": "application/json"}
    attributes |= {"correlationid": event.correlationid, "sequence": str(sequence)}
    attributes |= {"traceparent": traceparent} if traceparent else {}
    theirs = to_binary(CloudEvent(attributes, strict_json(event.data)), envelope._FORMAT, lambda _: event.subject)
    assert encode(event) == theirs


@pytest.mark.parametrize(
    "wrong", [{"subject": ""}, {"source": ""}, {"correlationid": ""}, {"time": NOON.replace(tzinfo=None)}]
)
def test_an_event_that_nobody_could_read_is_not_written(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"zone|empty"):
        encode(replace(said(CaseAccepted), **wrong))


def changed(**headers: bytes | None) -> Received:
    return replace(GOOD, headers=tuple((dict(GOOD.headers) | headers).items()))


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (changed(ce_type=None), "not_a_cloudevent"),
        (changed(ce_time=None), "attribute_missing"),
        (changed(ce_time=b"9999-12-31T24:00:00Z"), "attribute_wrong"),
        (changed(ce_time=b"2026-11-23T04:00:00"), "not_a_cloudevent"),
        (changed(ce_time=b"9999-12-31T23:59:59-23:00"), "attribute_wrong"),
        (changed(ce_time=b"0001-01-01T00:00:00Z"), "attribute_wrong"),
        (changed(ce_sequence=_DIGITS, ce_id=b"a:" + _DIGITS), "identity"),
        (changed(ce_sequence=b"1000000000", ce_id=b"a:1000000000"), "identity"),
        (changed(ce_sequence="१".encode(), ce_id=b"a:1"), "identity"),
        (changed(ce_sequence=b"+1", ce_id=b"a:1"), "identity"),
        (changed(ce_subject=b"b", ce_id=b"b:1"), "identity"),
        (replace(changed(ce_subject=b"b", ce_id=b"b:1"), key=b"b"), "identity"),
        (replace(changed(ce_subject=b"b" * 300, ce_id=b"b" * 300 + b":1"), key=None), "identity"),
        (changed(ce_source=b"linli/notify"), "identity"),
        (changed(ce_type=b"\x1b[2J"), "unknown_type"),
        (replace(GOOD, value=_DEEP), "invalid_data"),
        (replace(GOOD, value=None), "invalid_data"),
        (replace(GOOD, headers=(*GOOD.headers, ("ce_type", b"linli.report.submitted.v1"))), "not_a_cloudevent"),
        (replace(GOOD, headers=(*GOOD.headers, ("CE_Type", b"linli.report.submitted.v1"))), "not_a_cloudevent"),
        (replace(GOOD, headers=tuple(("x", b"") for _ in range(MOST_HEADERS + 1))), "not_a_record"),
        (replace(GOOD, fault="UnicodeDecodeError"), "not_a_record"),
    ],
)
def test_a_record_that_is_no_event_says_of_which_kind_it_is(record: Received, reason: str) -> None:
    arrival = read(record, WRITER)
    assert arrival.fault is not None
    assert arrival.fault.reason == reason


def test_what_is_wrong_with_a_record_is_said_without_names_of_classes() -> None:
    for record, told in (
        (changed(ce_type=None), "the header ce_type is missing"),
        (changed(ce_time=b"2026-11-23T04:00:00"), "the header ce_time is not as it must be"),
        (changed(ce_time=b"never"), "a header is not as it must be, such as a time that is none"),
    ):
        fault = read(record, WRITER).fault
        assert fault is not None
        assert fault.detail == told


def test_an_event_about_another_case_than_its_subject_is_refused() -> None:
    event = said(CaseAccepted, "c1", 2)
    forged = replace(event, data=event.data.model_copy(update={"case_id": "c2"}))
    with pytest.raises(Unreadable, match="whose story"):
        decode(b"c1", encode(forged).value, encode(forged).headers.items())


def test_a_header_that_is_no_attribute_may_come_twice_or_be_empty() -> None:
    record = replace(GOOD, headers=(*GOOD.headers, ("x-trace", b"1"), ("x-trace", None)))
    assert read(record, WRITER).event is not None


def test_an_unreadable_record_that_names_no_story_blocks_none() -> None:
    for key in (None, b"", b"\xff", b"k" * 300):
        assert Arrival(replace(GOOD, key=key), WRITER, None, Unreadable("x", "")).stream is None


def test_a_record_of_too_many_headers_is_kept_as_far_as_there_is_room_and_stays_unreadable() -> None:
    record = replace(GOOD, headers=(*GOOD.headers, *(("x", b"") for _ in range(300_000))))
    document: Any = document_of(record)
    assert len(BSON.encode(document)) < 100_000
    assert read(received_of(document), WRITER).fault is not None


def test_a_claimed_sequence_is_a_number_that_a_story_can_reach() -> None:
    claimed = {b"7": 7, b"999999999": 999_999_999, b"0": None, b"07": None, _DIGITS: None, b"\xff": None, None: None}
    assert {said: sequence_claimed([("ce_sequence", said)]) for said in claimed} == claimed


def test_a_time_is_read_in_any_zone() -> None:
    event = read(changed(ce_time=b"2026-11-23T12:00:00+08:00"), WRITER).event
    assert event is not None
    assert event.time == datetime(2026, 11, 23, 4, tzinfo=UTC)
