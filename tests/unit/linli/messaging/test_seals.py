"""The seal on a record: who has no service key cannot make one, and nothing under one can be changed."""

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.application.settings import Settings
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope, StreamKey
from linli.contracts.intake.submission import ResidentErased
from linli.contracts.workflow.key import KeyPublished
from linli.messaging.kafka import Outgoing, Place, Received
from linli.messaging.outbox import outgoing
from linli.messaging.seals import HEADER, NOT_AUTHENTIC, Seals
from tests.support.builders import NOON, submitted

OURS = Seals(["the service key"])
WRITER = "linli/intake"
KEY = KeyPublished(key_id="aaaaaaaaa1", version=1, role="operator", sha256="0" * 64, expires_at=NOON)


def received(message: Outgoing, **changes: Any) -> Received:
    headers = tuple(message.headers.items())
    record = Received(Place(message.topic, 0), 7, message.key.encode(), message.value, headers)
    return replace(record, **changes)


def of(data: Event, subject: str, topic: str = "linli.principals") -> Outgoing:
    return outgoing(Envelope(data.SOURCE, subject, 1, NOON, subject, data), topic)


def sealed() -> Outgoing:
    return OURS.sealed(of(KEY, KEY.key_id))


def test_what_is_sealed_is_read_as_it_was_written() -> None:
    arrival = OURS.read(received(sealed()), WRITER)
    assert arrival.event is not None
    assert arrival.event.data == KEY
    assert arrival.authentic


@pytest.mark.parametrize(
    "changes",
    [
        {"value": sealed().value.replace(b'"operator"', b'"auditor"')},
        {"place": Place("linli.community", 0)},
        {"headers": tuple({**sealed().headers, "ce_time": b"2027-01-01T00:00:00Z"}.items())},
        {"headers": (*sealed().headers.items(), ("more", b"1"))},
        {"headers": tuple((name, said) for name, said in sealed().headers.items() if name != HEADER)},
        {"headers": tuple({**sealed().headers, HEADER: b""}.items())},
        {"headers": tuple({**sealed().headers, HEADER: b"1." + b"0" * 64}.items())},
        {"headers": tuple(Seals(["another"]).sealed(of(KEY, KEY.key_id)).headers.items())},
    ],
)
def test_what_is_changed_or_bears_no_seal_of_ours_is_refused_and_blocks_no_story(changes: dict[str, Any]) -> None:
    arrival = OURS.read(received(sealed(), **changes), WRITER)
    assert arrival.event is None
    assert arrival.fault is not None
    assert arrival.fault.reason == NOT_AUTHENTIC
    assert arrival.stream is None


def test_a_second_seal_is_none() -> None:
    twice = (*sealed().headers.items(), (HEADER, sealed().headers[HEADER]))
    arrival = OURS.read(received(sealed(), headers=twice), WRITER)
    assert (arrival.event, arrival.authentic) == (None, False)


def test_rubbish_from_anybody_keeps_its_own_fault_and_blocks_no_story() -> None:
    rubbish = Outgoing("linli.intake", "s1", b"rubbish", {})
    arrival = OURS.read(received(rubbish), WRITER)
    assert arrival.fault is not None
    assert arrival.fault.reason != NOT_AUTHENTIC
    assert arrival.stream is None
    assert OURS.read(received(OURS.sealed(rubbish)), WRITER).stream == StreamKey(WRITER, "s1"), "of one of ours it does"


def test_after_a_change_of_the_key_the_earlier_one_opens_while_its_file_is_there(settings: Settings) -> None:
    secrets = settings.secrets_dir
    before = Seals.from_settings(settings)
    (secrets / "service.key").rename(secrets / "service.key.before")
    (secrets / "service.key").write_text("a new one")
    (secrets / "service.key").chmod(0o600)
    after = Seals.from_settings(settings)
    old, new = (received(seals.sealed(of(KEY, KEY.key_id))) for seals in (before, after))
    read = [seals.read(record, WRITER) for seals, record in ((after, old), (after, new), (before, new))]
    assert [arrival.authentic for arrival in read] == [True, True, False]
    (secrets / "service.key.before").unlink()
    assert not Seals.from_settings(settings).read(old, WRITER).authentic


def test_for_a_day_after_the_upgrade_the_stories_of_before_are_taken_but_nothing_that_erases_or_grants() -> None:
    upgraded, later = Seals(["the service key"]), Seals(["the service key"])
    upgraded._unsealed_until = time.monotonic() + 3_600
    later._unsealed_until = time.monotonic() - 3_600
    story = received(outgoing(submitted("s1"), "linli.intake"))
    erasure = received(of(ResidentErased(submission_id="s1", erased_at=NOON), "s1", "linli.intake"))
    assert [seals.read(story, WRITER).authentic for seals in (upgraded, later, OURS)] == [True, False, False]
    assert not upgraded.read(erasure, WRITER).authentic
    assert not upgraded.read(received(of(KEY, KEY.key_id)), WRITER).authentic
    forged = received(Seals(["another"]).sealed(outgoing(submitted("s1"), "linli.intake")))
    assert not upgraded.read(forged, WRITER).authentic, "a wrong seal is no seal of before"


@given(
    st.lists(st.tuples(st.text(max_size=4), st.binary(max_size=4)), max_size=4),
    st.none() | st.binary(max_size=4),
    st.none() | st.binary(max_size=4),
)
def test_no_record_raises_and_none_is_taken_without_a_seal(
    headers: list[tuple[str, bytes]], key: bytes | None, value: bytes | None
) -> None:
    record = Received(Place("linli.intake", 0), 1, key, value, tuple(headers))
    assert OURS.read(record, WRITER).event is None


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    (tmp_path / "service.key").write_text("the service key")
    (tmp_path / "service.key").chmod(0o600)
    return Settings(secrets_dir=tmp_path)
