"""The timer's queue with 100,000 deadlines open: what is due is found by an index, and nothing else is touched."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.contracts.workflow.case import CaseState
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from linli.storage.aggregates import Change
from tests.support.builders import NOON, community, submitted
from tests.support.clocks import process_time
from workflow.cases.domain.case import Case
from workflow.cases.domain.deadlines import scheduled
from workflow.cases.domain.submitted import open_case, route_case
from workflow.cases.store import CaseStore
from workflow.cases.timer import Timer
from workflow.community.domain.directory import Directory
from workflow.community.store import CommunityStore
from workflow.main import migrate
from workflow.settings import WorkflowSettings

OPEN, DUE = 100_000, 3


async def test_what_is_due_is_found_among_100_000_open_deadlines_without_looking_at_them(
    settings_for: Callable[..., Awaitable[WorkflowSettings]],
) -> None:
    settings = await settings_for(WorkflowSettings)
    await migrate(settings)
    client = mongo.connect(settings)
    database = client[settings.database("workflow")]
    events = EventStore(database, settings.topic)
    store = CaseStore(database, events, CommunityStore(database, events, process_time))
    try:
        await _open_cases(client, database, store)
        now = NOON + timedelta(minutes=1)
        assert [case.id for case in await store.due(now, 200)] == [f"due-{number}" for number in range(DUE)]
        plan = await database.command(
            "explain",
            {"find": "cases", "filter": {"due_at": {"$lte": now}}, "sort": {"due_at": 1}, "limit": 200, "hint": "due"},
            verbosity="executionStats",
        )
        looked_at = plan["executionStats"]
        assert (looked_at["totalDocsExamined"], looked_at["totalKeysExamined"]) == (DUE, DUE)
    finally:
        client.close()


class Slow(CaseStore):
    """Takes too long over more than three cases at once, and over one case always."""

    async def save(self, changes: Sequence[Change[Case]], now: datetime, session: mongo.Session) -> list[Unsent]:
        if len(changes) > 3 or any(change.after.id == "due-2" for change in changes):
            await asyncio.sleep(60)
        return await super().save(changes, now, session)


async def test_what_is_too_much_for_one_transaction_is_done_in_smaller_ones_and_a_case_that_always_is_waits(
    settings_for: Callable[..., Awaitable[WorkflowSettings]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mongo, "ANSWER_WITHIN", 1.0)
    settings = await settings_for(WorkflowSettings)
    await migrate(settings)
    client = mongo.connect(settings)
    database = client[settings.database("workflow")]
    events = EventStore(database, settings.topic)
    communities = CommunityStore(database, events, process_time)
    store = Slow(database, events, communities)
    try:

        async def publish(session: mongo.Session) -> None:
            await communities.publish(community(), NOON, session)

        await mongo.transact(client, publish)
        await _open_cases(client, database, CaseStore(database, events, communities), late=9, later=0)
        timer = Timer(client, database, Transactions(client, lambda _: None), store, "test")
        for _ in range(30):
            if not await timer.look():
                break
        now = store.now()
        assert await store.due(now, 100) == []
        put_off = await database.cases.find_one({"_id": "due-2"})
        assert put_off is not None
        assert (put_off["version"], put_off["due_at"] > now) == (2, True), "nothing has happened to it"
        assert await database.cases.count_documents({"version": {"$gt": 2}}) == 8
    finally:
        client.close()


async def _open_cases(
    client: mongo.Client, database: mongo.Database, store: CaseStore, late: int = DUE, later: int = OPEN
) -> None:
    """One case as workflow writes it, and copies of it."""
    directory = Directory(community(), 1)
    event: Any = submitted("s1", title="停水", neighbourhood="east").data
    case, _ = open_case("s1", event, directory, NOON)
    routed = scheduled(route_case(case, directory, NOON)[0], directory)
    assert routed.state is CaseState.DISPATCHED

    async def work(session: mongo.Session) -> None:
        await store.save([Change(routed, 0, [])], NOON, session)

    await mongo.transact(client, work)
    template = await database.cases.find_one({"_id": "s1"})
    assert template is not None
    await database.cases.delete_many({})
    due_now = [(f"due-{number}", NOON + timedelta(seconds=number)) for number in range(late)]
    waiting = [(f"open-{number}", NOON + timedelta(days=1, seconds=number)) for number in range(later)]
    copies = [template | {"_id": id, "tracking_hash": id, "due_at": due} for id, due in due_now + waiting]
    await database.cases.insert_many(copies, ordered=False)
