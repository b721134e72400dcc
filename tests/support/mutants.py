"""Services that are broken on purpose, each in one way that breaks a promise: a checker must see what it does.

`python -m tests.support.mutants NAME SERVICE`. A mutant is slow where it is broken, so that a kill meets it there;
`sound` is as slow in the same places and not broken.
"""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any
from uuid import uuid4

import uvloop
from pymongo import WriteConcern

import linli.messaging.inbox
import linli.messaging.kafka
from intake import main as intake
from intake.settings import IntakeSettings
from intake.submissions.store import IntakeStore
from linli.application.service import Service
from linli.application.settings import Settings
from linli.application.telemetry import configure_logs
from linli.frozen import replace
from linli.messaging.kafka import Place, Publisher
from linli.messaging.seals import Seals
from linli.storage import mongo
from linli.web.problems import Problem
from neighbourhood import main as neighbourhood
from neighbourhood.lineage.following import Following
from neighbourhood.settings import NeighbourhoodSettings
from neighbourhood.votes import casting
from neighbourhood.votes.box import Box
from neighbourhood.votes.casting import Cast, Casting
from neighbourhood.votes.domain.ballot import OwnersBallot
from notify import main as notify
from notify.deliveries.store import DeliveryStore
from notify.settings import NotifySettings
from notify.timeline.store import TimelineStore
from workflow import main as workflow
from workflow.settings import WorkflowSettings

SLOW = 0.25
"""Seconds between the two halves of what should be one."""
SLOWER = 1.0
"""The same where less goes on: of ballots there are few in a second."""


def sound() -> None:
    """Not broken: the same waits, within the transaction and before the insert."""
    _slow_handler()

    insert = IntakeStore.insert

    async def slow(store: IntakeStore, entries: Sequence[Any]) -> Any:
        await asyncio.sleep(SLOW)
        return await insert(store, entries)

    IntakeStore.insert = slow  # type: ignore[method-assign]


def auto_commit() -> None:
    """Kafka's own positions decide, committed by the clock, whether or not the records have been applied."""
    _slow_handler()

    class AutoCommitting(linli.messaging.kafka.group.AIOKafkaConsumer):  # type: ignore[misc]
        def __init__(self, *topics: Any, **options: Any) -> None:
            own = {"enable_auto_commit": True, "auto_commit_interval_ms": 50} if options.get("group_id") else {}
            super().__init__(*topics, **(options | own))

    async def seek(reader: linli.messaging.kafka.GroupReader, partitions: Any) -> None:
        for partition in partitions:
            committed = await reader._consumer.committed(partition)
            if committed is not None:
                reader._consumer.seek(partition, committed)
            else:
                await reader._consumer.seek_to_beginning(partition)

    async def advise(*_: Any) -> None: ...

    linli.messaging.kafka.group.AIOKafkaConsumer = AutoCommitting
    linli.messaging.kafka.GroupReader._seek = seek  # type: ignore[method-assign, assignment]
    linli.messaging.kafka.GroupReader.advise = advise  # type: ignore[method-assign, assignment]
    _no_fence()


def commit_before_apply() -> None:
    """The position is stored first, outside the transaction that applies."""
    _slow_handler()
    fence = linli.messaging.inbox.InboxStore.fence
    done: set[tuple[Place, int]] = set()

    async def outside(store: Any, expected: Any, spans: Mapping[Place, tuple[int, int]], _: Any) -> None:
        ends = {(place, after) for place, (_first, after) in spans.items()}
        if not ends <= done:  # a transaction that runs again has moved on already
            await fence(store, expected, spans, None)  # type: ignore[arg-type]
            done.update(ends)

    linli.messaging.inbox.InboxStore.fence = outside  # type: ignore[method-assign]


def no_seen_ids() -> None:
    """Neither positions nor ids are remembered, and a delivery has an id of its own: what comes twice is told twice."""
    _no_fence()

    async def position(_store: Any, _place: Any, begin: int, _end: int, _session: Any) -> int:
        return begin

    async def nothing(*_: Any) -> dict[str, Any]:
        return {}

    async def keep_nothing(*_: Any) -> None: ...

    async def add(store: Any, deliveries: Sequence[Any], session: Any) -> None:
        documents = [notify_document(each) | {"_id": f"{each.id}.{uuid4().hex}"} for each in deliveries]
        if documents:
            await store._database.deliveries.insert_many(documents, session=session)

    notify_document = import_module("notify.deliveries.store")._document
    for name, replacement in (("position", position), ("streams", nothing), ("held", nothing), ("store", keep_nothing)):
        setattr(linli.messaging.inbox.InboxStore, name, replacement)
    DeliveryStore.add = add  # type: ignore[method-assign]
    TimelineStore.add = keep_nothing  # type: ignore[method-assign]


def publish_before_insert() -> None:
    """The event goes out first and the submission to disk after."""

    publisher, seals = Publisher(Settings().kafka, "hasty"), Seals.from_settings(Settings())

    insert = IntakeStore.insert

    async def hasty(store: IntakeStore, entries: Sequence[Any]) -> Any:
        await publisher.publish([seals.sealed(entry.message) for entry in entries])
        await asyncio.sleep(SLOW)
        return await insert(store, entries)

    IntakeStore.insert = hasty  # type: ignore[method-assign]


def answer_before_insert() -> None:
    """201 is answered, and the submission goes to disk after."""
    under_way: set[asyncio.Task[Any]] = set()

    insert = IntakeStore.insert

    async def later(store: IntakeStore, entries: Sequence[Any]) -> None:
        await asyncio.sleep(SLOW)
        await insert(store, entries)

    async def promising(store: IntakeStore, entries: Sequence[Any]) -> Any:
        task = asyncio.create_task(later(store, entries))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        return {}

    IntakeStore.insert = promising  # type: ignore[method-assign]


def write_concern_1() -> None:
    """An insert is answered when one server has it in memory."""
    connect = mongo.connect

    def careless(settings: Settings, **named: Any) -> mongo.Client:
        client = connect(settings, **named)
        return _Careless(client)  # type: ignore[return-value]

    mongo.connect = careless


class _Careless:
    """A client whose databases write with w:1 and no journal."""

    def __init__(self, client: mongo.Client) -> None:
        self._client = client

    def __getitem__(self, name: str) -> mongo.Database:
        return self._client.get_database(name, write_concern=WriteConcern(w=1, j=False))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


# Broken affairs: each in neighbourhood --------------------------------------------------------------------------------


def slow_affairs() -> None:
    """Not broken: the transaction of ballots takes its time."""
    take = Box.take

    async def slow(*arguments: Any) -> Any:
        await asyncio.sleep(SLOWER)
        return await take(*arguments)

    Box.take = slow  # type: ignore[method-assign]


def receipt_before_ballot() -> None:
    """The receipt is given, and the ballot goes into the box after."""
    under_way: set[asyncio.Task[Any]] = set()
    hand_in = Casting.hand_in

    async def later(taking: Casting, cast: Cast) -> None:
        await asyncio.sleep(SLOWER)
        with contextlib.suppress(Problem):
            await hand_in(taking, cast)

    async def promising(taking: Casting, cast: Cast) -> OwnersBallot:
        task = asyncio.create_task(later(taking, cast))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        return OwnersBallot("", "", "", "", ballot_id=cast.id, channel=cast.channel, seal="0" * 64)

    Casting.hand_in = promising  # type: ignore[method-assign]


def votes_again() -> None:
    """Nobody looks whether the owner has voted."""
    decide = casting.decide

    def forgetful(owners: OwnersBallot, command: Any, *rest: Any) -> Any:
        return decide(replace(owners, ballot_id=None, channel=None, seal=None), command, *rest)

    casting.decide = forgetful


def sums_apart() -> None:
    """The sums are written first, outside the ballots' transaction."""
    take = Box.take

    async def hasty(
        box: Box, vote: Any, happened: Any, cast: Any, sums: Mapping[str, int], now: Any, session: Any
    ) -> Any:
        if sums:
            added = {f"sums.{name}": number for name, number in sums.items()}
            await box._sums.update_one({"_id": f"{vote.id}~{box._own}"}, {"$inc": added}, upsert=True)
            await asyncio.sleep(SLOWER)
        return await take(box, vote, happened, cast, {}, now, session)

    Box.take = hasty  # type: ignore[method-assign]


def lineage_after() -> None:
    """What an event says of a demand is written after the event, if the process is still there."""
    under_way: set[asyncio.Task[Any]] = set()
    own = Following.own

    async def later(following: Following, envelopes: Sequence[Any]) -> None:
        await asyncio.sleep(5 * SLOWER)
        async with await following._kit.client.start_session() as session, session.start_transaction():
            await own(following, envelopes, session)

    async def promising(following: Following, envelopes: Sequence[Any], _: Any) -> None:
        task = asyncio.create_task(later(following, envelopes))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    Following.own = promising  # type: ignore[method-assign]


def _slow_handler() -> None:
    """A batch takes its time, within its transaction."""
    settle = linli.messaging.inbox.Inbox._settle

    async def slow(*arguments: Any) -> Any:
        await asyncio.sleep(SLOW)
        applied = await settle(*arguments)
        await asyncio.sleep(SLOW)
        return applied

    linli.messaging.inbox.Inbox._settle = slow  # type: ignore[method-assign]


def _no_fence() -> None:
    async def fence(*_: Any) -> None: ...

    linli.messaging.inbox.InboxStore.fence = fence  # type: ignore[method-assign]


MUTANTS: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        sound,
        auto_commit,
        commit_before_apply,
        no_seen_ids,
        publish_before_insert,
        answer_before_insert,
        write_concern_1,
        slow_affairs,
        receipt_before_ballot,
        votes_again,
        sums_apart,
        lineage_after,
    )
}


async def serve(service: str) -> bool:
    """One of them, as its own main does it."""
    builds: dict[str, Callable[[], Service]] = {
        "intake": lambda: intake.build(IntakeSettings()),
        "workflow": lambda: workflow.build(WorkflowSettings()),
        "notify": lambda: notify.build(NotifySettings()),
        "neighbourhood": lambda: neighbourhood.build(NeighbourhoodSettings()),
    }
    return await builds[service]().run()


if __name__ == "__main__":
    mutant, service = sys.argv[1:]
    configure_logs(service, "INFO")
    MUTANTS[mutant]()
    sys.exit(0 if uvloop.run(serve(service)) else 1)
