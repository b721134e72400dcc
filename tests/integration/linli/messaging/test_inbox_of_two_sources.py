"""An inbox that reads what two sources tell of the same subjects, and one from before that was possible."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from bson import Binary

from linli.application.settings import Settings
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.intake.submission import ResidentErased
from linli.contracts.workflow.case import CaseAccepted, CaseProgressed
from linli.messaging import inbox_store, streams_by_source
from linli.messaging.outbox import outgoing
from linli.messaging.streams_by_source import key_streams_by_source
from linli.storage import mongo
from tests.integration.linli.messaging.test_inbox import Consumer
from tests.support.builders import NOON, submitted, withdrawn
from tests.support.cases import said
from tests.support.services import until
from tests.support.topics import SEALS, publish


class Reader(Consumer):
    """Counts as the other does, and writes down each story as it was applied, within the transaction."""

    def __init__(self, settings: Settings) -> None:
        topics = {settings.topic("intake"): "linli/intake", settings.topic("cases"): "linli/workflow"}
        super().__init__(settings, topics=topics, batch_size=4)

    async def _count(self, events: Sequence[Envelope[Event]], session: mongo.Session) -> Sequence[Any]:
        for event in events:
            self.broken(event)
            await self.database.told.update_one(
                {"_id": event.stream.id}, {"$push": {"sequences": event.sequence}}, upsert=True, session=session
            )
        return ()

    async def told(self) -> dict[str, list[int]]:
        """Each story's sequences, as they took effect."""
        return {doc["_id"]: doc["sequences"] async for doc in self.database.told.find({})}

    async def tells(self, count: int) -> None:
        """Wait until so many events have taken effect."""

        async def enough() -> bool:
            return sum(map(len, (await self.told()).values())) >= count

        await until(enough)


@pytest.fixture
async def reader(settings_for: Callable[..., Awaitable[Settings]]) -> AsyncIterator[Reader]:
    made = Reader(await settings_for(Settings))
    await inbox_store.create_indexes(made.database)
    await made.database.create_collection("told")
    yield made
    made.client.close()


async def test_what_two_sources_say_of_one_subject_takes_effect_once_and_in_each_ones_order(reader: Reader) -> None:
    subjects = [f"s{number}" for number in range(5)]
    kafka = reader.settings.kafka
    intake, cases = reader.settings.topic("intake"), reader.settings.topic("cases")
    theirs = [said(CaseProgressed, id, sequence, message="在修") for sequence in (2, 1, 3) for id in subjects]
    async with reader.running():
        await publish(kafka, intake, *(submitted(id) for id in subjects))
        await publish(kafka, cases, *theirs, *theirs)
        await publish(kafka, intake, *(withdrawn(id) for id in subjects), *(submitted(id) for id in subjects))
        await publish(kafka, cases, *(said(CaseProgressed, id, 4, message="修好了") for id in subjects))
        await reader.tells(6 * len(subjects))
    assert await reader.told() == {
        **{f"linli/intake|{id}": [1, 2] for id in subjects},
        **{f"linli/workflow|{id}": [1, 2, 3, 4] for id in subjects},
    }
    assert await reader.database.inbox_held.count_documents({}) == 0
    assert await reader.database.inbox_parked.count_documents({}) == 0


async def test_an_erasure_empties_what_waits_of_its_subject_whoever_said_it(reader: Reader) -> None:
    kafka = reader.settings.kafka
    intake, cases = reader.settings.topic("intake"), reader.settings.topic("cases")
    early, another = (said(CaseProgressed, id, 2, message="王秀英家漏水") for id in ("s1", "s2"))
    erasure = Envelope("linli/intake", "s1", 2, NOON, "s1", ResidentErased(submission_id="s1", erased_at=NOON))

    async def both_held() -> bool:
        return await reader.database.inbox_held.count_documents({}) == 2

    async with reader.running():
        await publish(kafka, cases, early, another)
        await until(both_held)
        await publish(kafka, intake, submitted("s1"), erasure)
        await reader.tells(2)
        held = {doc["_id"]: doc["value"].decode() async for doc in reader.database.inbox_held.find({})}
    assert held.keys() == {"linli/workflow|s1:2", "linli/workflow|s2:2"}
    assert "王秀英" not in held["linli/workflow|s1:2"]
    assert "王秀英" in held["linli/workflow|s2:2"], "another's stays"


def as_before(envelope: Envelope[Event], topic: str, offset: int) -> mongo.Document:
    """A record as every version keeps it, sealed as it came."""
    message = SEALS.sealed(outgoing(envelope, topic))
    headers = [[name, Binary(value)] for name, value in message.headers.items()]
    key, value = Binary(message.key.encode()), Binary(message.value)
    return {"topic": topic, "partition": 0, "offset": offset, "key": key, "value": value, "headers": headers}


async def test_what_an_inbox_kept_by_subject_alone_goes_on_where_it_stood(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams_by_source, "TOGETHER", 2)
    database, topic = reader.database, reader.settings.topic("intake")
    since = datetime(2026, 11, 28, 12, tzinfo=UTC)
    parked = {
        "state": "parked",
        "group": reader.settings.topic("counter"),
        "reason": "handler_failed",
        "detail": "RuntimeError",
        "parked_at": since,
    }
    await database.inbox_held.drop_indexes()
    for field in ("stream", "since"):
        await database.inbox_held.create_index(field, name=field)
    await database.inbox_streams.insert_many(
        [
            {"_id": "applied", "next": 3},
            {"_id": "gap", "next": 2},
            {"_id": "stuck", "next": 1, "blocked_by": [f"{topic}-0-0-aaaaaaaa"]},
            {"_id": "unreadable", "next": 2, "blocked_by": [f"{topic}-0-1-bbbbbbbb"]},
            *({"_id": f"old-{number}", "next": 2} for number in range(5)),
        ]
    )
    await database.inbox_held.insert_many(
        [
            {"_id": "gap:3", "stream": "gap", "since": since} | as_before(withdrawn("gap", 3), topic, 10),
            {"_id": "stuck:2", "stream": "stuck", "since": since} | as_before(withdrawn("stuck"), topic, 11),
            {"_id": "unreadable:3", "stream": "unreadable", "since": since}
            | as_before(withdrawn("unreadable", 3), topic, 12),
        ]
    )
    await database.inbox_parked.insert_many(
        [
            {"_id": f"{topic}-0-0-aaaaaaaa", "stream": "stuck"} | parked | as_before(submitted("stuck"), topic, 0),
            {"_id": f"{topic}-0-1-bbbbbbbb", "stream": "unreadable"}
            | parked
            | as_before(withdrawn("unreadable"), topic, 1)
            | {"value": Binary(b"\xff"), "reason": "invalid_data"},
            {"_id": f"{topic}-0-2-cccccccc", "stream": None, "authentic": False}
            | parked
            | as_before(submitted("forged"), topic, 2)
            | {"reason": "not_authentic", "detail": "no seal"},
        ]
    )
    # The first time it is cut short: a stream has its new key already, and its old one still.
    await database.inbox_streams.insert_one({"_id": "linli/intake|applied", "next": 3})
    for _ in range(2):
        await key_streams_by_source(database, "linli/intake")

    assert await database.inbox_streams.count_documents({}) == 9
    assert {doc["_id"] async for doc in database.inbox_held.find({})} == {
        "linli/intake|gap:3",
        "linli/intake|stuck:2",
        "linli/intake|unreadable:3",
    }
    assert {"subject", "since"} <= (indexes := await database.inbox_held.index_information()).keys()
    assert "stream" not in indexes
    kafka = reader.settings.kafka
    inbox = reader.inbox()
    async with reader.running():
        await publish(kafka, topic, submitted("applied"), withdrawn("applied"), withdrawn("gap"), withdrawn("gap", 3))
        await publish(kafka, reader.settings.topic("cases"), said(CaseAccepted, "applied", 1))
        await reader.tells(3)
        assert await inbox.replay(f"{topic}-0-0-aaaaaaaa", "operator") == "replayed"
        await inbox.discard(f"{topic}-0-1-bbbbbbbb", "operator", "测试")
        await publish(kafka, topic, submitted("stuck"), submitted("old-4"), withdrawn("old-4"))
        await reader.tells(7)
    assert await reader.told() == {
        "linli/intake|gap": [2, 3],
        "linli/intake|stuck": [1, 2],
        "linli/intake|unreadable": [3],
        "linli/intake|old-4": [2],
        "linli/workflow|applied": [1],
    }
    assert await database.inbox_held.count_documents({}) == 0
    left = await database.inbox_parked.find({"state": "parked"}).to_list(None)
    assert [(doc["_id"], doc["subject"], doc["source"]) for doc in left] == [
        (f"{topic}-0-2-cccccccc", None, "linli/intake")
    ]
