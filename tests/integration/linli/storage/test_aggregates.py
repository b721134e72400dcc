"""The aggregate store on a real server: state, history and outbox together; no change is lost under another."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

import pytest

from linli.application.settings import Settings
from linli.contracts.base import DECLARED, Event
from linli.contracts.envelope import Envelope
from linli.contracts.topics import Topic
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from linli.storage.aggregates import Aggregates, Change, Outdated
from tests.support.builders import NOON


class LampSwitched(Event):
    TYPE: ClassVar[str] = "linli.lamp.switched.v1"
    SOURCE, TOPIC = "linli/lamps", Topic(name="lamps", key="lamp id")
    lamp_id: str

    @property
    def story(self) -> str:
        return self.lamp_id


DECLARED.pop(LampSwitched.TYPE)  # it is nowhere but here


@dataclass(frozen=True)
class Lamp:
    id: str
    version: int = 0
    switched: int = 0


def switched(lamp: Lamp) -> Change[Lamp]:
    after = replace(lamp, version=lamp.version + 1, switched=lamp.switched + 1)
    event: Envelope[Event] = Envelope(
        "linli/lamps", lamp.id, after.version, NOON, lamp.id, LampSwitched(lamp_id=lamp.id)
    )
    return Change(after, lamp.version, [event])


def document(lamp: Lamp) -> mongo.Document:
    fields = asdict(lamp)
    return {"_id": fields.pop("id"), **fields, "only_for_an_index": "x"}


def lamp_of(document: mongo.Document) -> Lamp:
    return Lamp(document["_id"], **{name: value for name, value in document.items() if name != "_id"})


class Lamps:
    """Lamps in a database, and what was offered of them to the relay."""

    def __init__(self, client: mongo.Client, database: mongo.Database) -> None:
        self.database = database
        self.offered: list[Unsent] = []
        self.kept = Aggregates(
            database.lamps,
            EventStore(database, lambda name: f"full.{name}"),
            lamp_of,
            document,
            without={"only_for_an_index": 0},
        )
        self.transactions = Transactions(client, self.offered.extend)

    async def save(self, changes: Sequence[Change[Lamp]]) -> None:
        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            return None, await self.kept.save(changes, NOON, session)

        await self.transactions.run(work)

    async def switch(self, *ids: str) -> None:
        """Load, decide, save."""

        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            lamps = await self.kept.load(ids, session)
            return None, await self.kept.save([switched(lamp) for lamp in lamps.values()], NOON, session)

        await self.transactions.run(work)

    async def events(self) -> list[dict[str, Any]]:
        return await self.database.events.find({}).sort([("subject", 1), ("sequence", 1)]).to_list(None)


@pytest.fixture
async def lamps(settings_for: Callable[..., Awaitable[Settings]]) -> AsyncIterator[Lamps]:
    settings = await settings_for(Settings)
    client = mongo.connect(settings)
    database = client[settings.database("lamps")]
    for name in ("lamps", "events"):
        await database.create_collection(name)
    yield Lamps(client, database)
    client.close()


async def test_state_history_and_outbox_are_written_together_and_offered_after_the_commit(lamps: Lamps) -> None:
    await lamps.save([switched(Lamp("a")), switched(Lamp("b"))])
    await lamps.switch("a", "b", "no-such-lamp")
    assert await lamps.kept.load(["a", "b", "c"]) == {id: Lamp(id, 2, 2) for id in ("a", "b")}
    events = await lamps.events()
    assert [(each["subject"], each["sequence"]) for each in events] == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]
    assert {(each["outgoing"]["topic"], each["unsent_since"]) for each in events} == {("full.lamps", NOON)}
    assert sorted(each.id for each in lamps.offered) == [each["_id"] for each in events]


async def test_of_many_who_change_one_at_once_each_counts(lamps: Lamps) -> None:
    await lamps.save([switched(Lamp("a"))])
    await asyncio.gather(*(lamps.switch("a") for _ in range(8)))
    assert await lamps.kept.load(["a"]) == {"a": Lamp("a", 9, 9)}
    assert [each["sequence"] for each in await lamps.events()] == list(range(1, 10))


async def test_what_was_read_before_the_transaction_and_has_moved_on_is_not_overwritten(lamps: Lamps) -> None:
    await lamps.save([switched(Lamp("a")), switched(Lamp("b"))])
    before = (await lamps.kept.load(["a"]))["a"]
    await lamps.switch("a")
    lamps.offered.clear()
    with pytest.raises(Outdated):
        await lamps.save([switched(before), switched(Lamp("b", 1, 1))])
    assert await lamps.kept.load(["a", "b"]) == {"a": Lamp("a", 2, 2), "b": Lamp("b", 1, 1)}
    assert len(await lamps.events()) == 3
    assert lamps.offered == []


async def test_one_that_was_written_before_its_kind_had_versions_can_be_changed(lamps: Lamps) -> None:
    await lamps.database.lamps.insert_one({"_id": "old", "switched": 3})
    await lamps.save([switched(Lamp("old", 3, 3))])
    assert await lamps.kept.load(["old"]) == {"old": Lamp("old", 4, 4)}
