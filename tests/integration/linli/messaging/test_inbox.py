"""The inbox on real servers: an event takes effect once, whatever happens to the process, the batch or the topic."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import replace
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from linli.application.settings import Settings
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.erasure import Forgetting
from linli.contracts.intake.submission import ResidentErased
from linli.contracts.workflow.case import CaseRedacted, CaseReturned
from linli.messaging import inbox_store
from linli.messaging.inbox import Inbox, Stalled
from linli.messaging.kafka import Outgoing
from linli.messaging.outbox import Unsent, outgoing
from linli.storage import mongo
from tests.support.builders import NOON, submitted, withdrawn
from tests.support.cases import said
from tests.support.poison import DIGITS, Raw, every_sort, send_raw
from tests.support.services import until
from tests.support.topics import SEALS, publish, publish_raw

Handle = Callable[[Sequence[Envelope[Event]], mongo.Session], Awaitable[Sequence[Any]]]


class Consumer:
    """An inbox whose handler counts, within the transaction, how often each event took effect."""

    def __init__(self, settings: Settings, **options: Any) -> None:
        self.settings = settings
        self.client = mongo.connect(settings)
        self.database = self.client[settings.database("counter")]
        self.broken: Callable[[Envelope[Event]], None] = lambda _: None
        self.forgotten: list[str] = []
        self.prepared_for: list[str] = []
        topics = {settings.topic("intake"): "linli/intake"}
        self._options = {"batch_size": 100, "stalled_after": 30.0, "member": "one", "topics": topics} | options

    def inbox(self) -> Inbox:
        return Inbox(
            client=self.client,
            database=self.database,
            kafka=self.settings.kafka,
            group=self.settings.topic("counter"),
            erase=self._forget,
            prepare=self._prepare,
            offer=lambda _: None,
            seals=SEALS,
            **self._options,
        )

    async def _forget(self, scopes: Mapping[str, Forgetting], _session: mongo.Session) -> Sequence[Unsent]:
        self.forgotten += scopes
        return ()

    async def _prepare(self, events: Sequence[Envelope[Event]]) -> Handle:
        self.prepared_for += [event.subject for event in events]
        return self._count

    async def _count(self, events: Sequence[Envelope[Event]], session: mongo.Session) -> Sequence[Any]:
        for event in events:
            self.broken(event)
            await self.database.effects.update_one(
                {"_id": event.id}, {"$inc": {"times": 1}}, upsert=True, session=session
            )
        return ()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.inbox().run())
        try:
            yield task
        finally:
            ended = task.done()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            assert not ended, "the inbox ended of itself"

    async def effects(self) -> dict[str, int]:
        return {doc["_id"]: doc["times"] async for doc in self.database.effects.find({})}

    async def publish(self, *ids: str) -> None:
        await publish(self.settings.kafka, self.settings.topic("intake"), *(submitted(id) for id in ids))

    async def reaches(self, count: int) -> dict[str, int]:
        async def enough() -> bool:
            return len(await self.effects()) >= count

        await until(enough)
        return await self.effects()


@pytest.fixture
async def consumer(settings_for: Callable[..., Awaitable[Settings]]) -> AsyncIterator[Consumer]:
    made = Consumer(await settings_for(Settings))
    await inbox_store.create_indexes(made.database)
    await made.database.create_collection("effects")
    yield made
    made.client.close()


IDS = [f"s{n}" for n in range(60)]


async def test_one_event_that_breaks_the_handler_is_parked_and_the_rest_of_its_batch_goes_on(
    consumer: Consumer,
) -> None:
    def break_one(event: Envelope[Event]) -> None:
        if event.subject == "s33":
            raise RuntimeError("a fault of ours")

    consumer.broken = break_one
    await consumer.publish(*IDS)
    async with consumer.running():
        assert set((await consumer.reaches(59)).values()) == {1}
    [parked] = await consumer.database.inbox_parked.find({}).to_list(None)
    assert (parked["subject"], parked["reason"], parked["detail"]) == ("s33", "handler_failed", "RuntimeError")


async def test_nobody_is_asked_for_what_a_repeated_event_would_need(consumer: Consumer) -> None:
    async with consumer.running():
        await consumer.publish(*IDS[:20])
        await consumer.reaches(20)
        consumer.prepared_for.clear()
        await consumer.publish(*IDS[:20], *IDS[20:25])
        assert set((await consumer.reaches(25)).values()) == {1}
    assert set(consumer.prepared_for) == set(IDS[20:25]), "more than once where a database that is slow is asked again"


async def test_a_consumer_that_lost_its_place_to_another_goes_back_to_where_that_one_is(consumer: Consumer) -> None:
    async with consumer.running():
        await consumer.publish(*IDS[:30])
        await consumer.reaches(30)
        # A successor that this process does not know of has read everything again from the beginning.
        await consumer.database.inbox_offsets.update_many({}, {"$set": {"next": 0}})
        await consumer.publish(*IDS[30:])
        assert set((await consumer.reaches(60)).values()) == {1}


async def test_a_stored_place_beyond_the_end_of_a_topic_made_anew_is_given_up(consumer: Consumer) -> None:
    async with consumer.running():
        await consumer.publish(*IDS[:10])
        await consumer.reaches(10)
    await consumer.database.inbox_offsets.update_many({}, {"$set": {"next": 1_000_000}})
    await consumer.publish(*IDS[10:20])
    async with consumer.running():
        assert set((await consumer.reaches(20)).values()) == {1}


async def test_a_successor_of_the_same_name_takes_over_from_a_process_that_still_runs(consumer: Consumer) -> None:
    async with consumer.running():
        await consumer.publish(*IDS[:20])
        await consumer.reaches(20)
        successor = Consumer(consumer.settings)
        async with successor.running():
            await consumer.publish(*IDS[20:])
            assert set((await consumer.reaches(60)).values()) == {1}
        successor.client.close()


async def test_a_consumer_that_hangs_ends_its_process_instead_of_standing_still(consumer: Consumer) -> None:
    stuck = Consumer(consumer.settings, stalled_after=1.0)

    async def hang(_: Sequence[Envelope[Event]], __: mongo.Session) -> Sequence[Any]:
        await asyncio.Event().wait()
        return ()

    stuck._count = hang  # type: ignore[method-assign]
    await consumer.publish("s1")
    with pytest.raises(ExceptionGroup) as ended:
        await asyncio.wait_for(stuck.inbox().run(), 30)
    assert ended.group_contains(Stalled)
    stuck.client.close()


async def test_a_session_that_is_ended_again_and_again_parks_no_good_event(consumer: Consumer) -> None:
    lone = Consumer(consumer.settings, batch_size=1)
    with closing(lone.client):
        async with lone.running():
            await consumer.publish(*IDS)
            over = asyncio.Event()

            async def interrupt() -> None:
                while not over.is_set():
                    for doc in await consumer.database.inbox_offsets.find({}).to_list(None):
                        if "session" in doc:
                            await mongo.end_session(consumer.client, doc["session"])
                    await asyncio.sleep(0.01)

            interrupting = asyncio.create_task(interrupt())
            await asyncio.sleep(1.5)
            over.set()
            await interrupting
            assert set((await consumer.reaches(60)).values()) == {1}
    assert await consumer.database.inbox_parked.count_documents({}) == 0


async def test_an_erasure_takes_effect_behind_a_parked_record_and_a_repetition_of_it_has_none(
    consumer: Consumer,
) -> None:
    kafka, topic = consumer.settings.kafka, consumer.settings.topic("intake")
    erasure = Envelope("linli/intake", "s1", 3, NOON, "s1", ResidentErased(submission_id="s1", erased_at=NOON))
    unreadable = Outgoing(topic, "s1", "王秀英".encode(), {"ce_type": b"linli.submission.withdrawn.v1"})

    async def held(count: int) -> bool:
        return await consumer.database.inbox_held.count_documents({"subject": "s1"}) == count

    async with consumer.running():
        await consumer.publish("s1")
        await publish_raw(kafka, unreadable, outgoing(erasure, topic))
        await until(lambda: held(1))
        assert consumer.forgotten == ["s1"]
        (parked,) = await consumer.database.inbox_parked.find({}).to_list(None)
        assert (parked["value"], parked["state"]) == (b"", "parked")
        await publish(kafka, topic, erasure, withdrawn("s1", 4))
        await until(lambda: held(2))
    assert consumer.forgotten == ["s1"]


async def test_where_only_what_staff_wrote_is_forgotten_what_waits_keeps_its_reporter(consumer: Consumer) -> None:
    topic = consumer.settings.topic("intake")
    returned = said(CaseReturned, "c1", 3, resident_id="r-1", title="水管漏水", reason="王秀英家不开门")
    redacted, later = said(CaseRedacted, "c1", 4), said(CaseReturned, "c1", 5, reason="没有工具")

    async def all_of_them() -> bool:
        return await consumer.database.inbox_held.count_documents({"subject": "c1"}) == 3

    async with consumer.running():
        await publish(consumer.settings.kafka, topic, returned, redacted, later)
        await until(all_of_them)
    held = await consumer.database.inbox_held.find({"subject": "c1"}).sort("_id", 1).to_list(None)
    left = CaseReturned.model_validate_json(held[0]["value"])
    assert (left.title, left.resident_id, left.reason) == ("水管漏水", "r-1", "（内容已删除）")
    assert "没有工具" in held[2]["value"].decode(), "what is said after it stays"
    assert consumer.forgotten == ["c1"]


async def test_a_batch_that_the_server_ends_again_and_again_is_taken_in_smaller_ones(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.storage.mongo.TRIED_FOR", -1.0)  # its two minutes are over
    taken: list[int] = []
    count = consumer._count

    async def in_threes_at_most(events: Sequence[Envelope[Event]], session: mongo.Session) -> Sequence[Any]:
        if len(events) > 3:
            error = OperationFailure("Transaction was aborted", 251, {"errorLabels": ["TransientTransactionError"]})
            raise error
        taken.append(len(events))
        return await count(events, session)

    monkeypatch.setattr(consumer, "_count", in_threes_at_most)
    await consumer.publish(*(f"s{number}" for number in range(20)))
    async with consumer.running():
        assert await consumer.reaches(20) == {f"s{number}:1": 1 for number in range(20)}
    assert max(taken) <= 3


@pytest.mark.parametrize(
    "fault",
    [
        OperationFailure("Transaction was aborted", 251, {"errorLabels": ["TransientTransactionError"]}),
        TimeoutError(),
    ],
    ids=["aborted", "late"],
)
async def test_a_lone_record_that_only_looks_like_an_outage_is_parked_and_the_rest_goes_on(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr("linli.storage.mongo.TRIED_FOR", -1.0)  # its two minutes are over

    def break_one(event: Envelope[Event]) -> None:
        if event.subject == "s7":
            raise fault

    consumer.broken = break_one
    await consumer.publish(*IDS[:20])
    async with consumer.running():
        assert set((await consumer.reaches(19)).values()) == {1}
        await until(lambda: consumer.database.inbox_parked.find_one({}))
    [parked] = await consumer.database.inbox_parked.find({}).to_list(None)
    assert (parked["subject"], parked["reason"]) == ("s7", "handler_failed")


async def test_poison_of_every_sort_is_parked_and_stands_in_the_way_of_no_erasure(consumer: Consumer) -> None:
    kafka, topic = consumer.settings.kafka, consumer.settings.topic("intake")
    erasure = Envelope("linli/intake", "s1", 2, NOON, "s1", ResidentErased(submission_id="s1", erased_at=NOON))

    poison = [*every_sort("s9"), Raw(None, b"about s1", [("ce_sequence", DIGITS)])]

    async def forgotten() -> bool:
        return consumer.forgotten == ["s1"]

    async with consumer.running() as task:
        await send_raw(kafka, topic, poison)
        await consumer.publish("s1", "s2")
        assert set((await consumer.reaches(2)).values()) == {1}
        await publish(kafka, topic, erasure)
        await until(forgotten)
        assert not task.done()
        parked = await consumer.database.inbox_parked.find({}).to_list(None)
        assert len(parked) == len(poison)
        assert b"about s1" not in {doc["value"] for doc in parked}, "it named whom the erasure was about"
        await consumer.database.inbox_parked.update_many({}, {"$set": {"state": "discarded"}})
        await publish(kafka, topic, replace(erasure, sequence=3))
        await consumer.reaches(4)
