"""The timer's queue with 100,000 deadlines open: what is due is found by an index, and nothing else is touched."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from linli.contracts.case import CaseState
from linli.storage import mongo
from tests.support.builders import NOON, community, submitted
from workflow.cases.domain.deadlines import scheduled
from workflow.cases.domain.submitted import open_case, route_case
from workflow.cases.store import CaseStore, Change
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
    store = CaseStore(database, settings.topic, CommunityStore(database, settings.topic))
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


async def _open_cases(client: mongo.Client, database: mongo.Database, store: CaseStore) -> None:
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
    late = [(f"due-{number}", NOON + timedelta(seconds=number)) for number in range(DUE)]
    waiting = [(f"open-{number}", NOON + timedelta(days=1, seconds=number)) for number in range(OPEN)]
    copies = [template | {"_id": id, "tracking_hash": id, "due_at": due} for id, due in late + waiting]
    await database.cases.insert_many(copies, ordered=False)
