"""The relay on real servers."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from linli.application.settings import Settings
from linli.messaging import outbox
from linli.messaging.kafka import Outgoing, Publisher, read_all
from linli.messaging.outbox import Relay
from linli.storage import mongo
from tests.support.builders import submitted
from tests.support.topics import SEALS


async def test_one_message_that_no_topic_takes_does_not_hold_up_the_others(
    settings_for: Callable[..., Awaitable[Settings]],
) -> None:
    settings = await settings_for(Settings)
    client = mongo.connect(settings)
    database = client[settings.database("relay")]
    await outbox.create_index(database.events)
    topic, past = settings.topic("intake"), datetime.now(UTC) - timedelta(minutes=1)
    for n in range(10):
        value = b"x" * (9_000_000 if n == 3 else 10)
        message = Outgoing(topic, f"k{n}", value, {"ce_type": b"t"})
        await database.events.insert_one({"_id": f"k{n}"} | outbox.fields(message, past))
    publisher = Publisher(settings.kafka, "tests")
    relay = Relay(database, ["events"], publisher, "tests", 0.1, SEALS)
    await relay.sweep()
    left = [doc["_id"] async for doc in database.events.find({"unsent_since": {"$exists": True}})]
    sent = {record.key async for record in read_all(settings.kafka, topic)}
    await publisher.close()
    client.close()
    assert left == ["k3"]
    assert sent == {f"k{n}".encode() for n in range(10) if n != 3}


async def test_what_happened_in_a_span_is_marked_unsent_again_and_nothing_else(
    settings_for: Callable[..., Awaitable[Settings]],
) -> None:
    settings = await settings_for(Settings)
    client = mongo.connect(settings)
    database = client[settings.database("resent")]
    await outbox.create_index(database.events)
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for n in range(6):
        message = outbox.outgoing(replace(submitted(f"s{n}"), time=noon + timedelta(seconds=n * 0.5)), "topic")
        document = {"_id": f"s{n}"} | outbox.fields(message, noon)
        if n != 4:
            del document["unsent_since"]
        await database.events.insert_one(document)
    since, until = noon + timedelta(seconds=1), noon + timedelta(seconds=2)
    assert await outbox.count_sent(database, ["events"], since) == 3
    assert await outbox.resend(database, ["events"], since, until) == 2
    found = database.events.find({"unsent_since": {"$exists": True}})
    unsent = {doc["_id"]: doc["unsent_since"] async for doc in found}
    client.close()
    assert set(unsent) == {"s2", "s3", "s4"}
    assert unsent["s4"] == noon, "it was unsent already, and keeps its age"


async def test_what_a_clock_that_was_ahead_has_written_is_swept_at_once(
    settings_for: Callable[..., Awaitable[Settings]],
) -> None:
    settings = await settings_for(Settings)
    client = mongo.connect(settings)
    database = client[settings.database("ahead")]
    await outbox.create_index(database.events)
    now = datetime.now(UTC)
    for name, written in (("just-now", now), ("in-two-hours", now + timedelta(hours=2))):
        message = outbox.outgoing(submitted(name), settings.topic("intake"))
        await database.events.insert_one({"_id": name} | outbox.fields(message, written))
    publisher = Publisher(settings.kafka, "tests")
    await Relay(database, ["events"], publisher, "tests", 60, SEALS).sweep()
    left = [doc["_id"] async for doc in database.events.find({"unsent_since": {"$exists": True}})]
    await publisher.close()
    client.close()
    assert left == ["just-now"], "that one the relay has in hand"
