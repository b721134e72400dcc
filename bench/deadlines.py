"""Deadlines: what the timer costs while nothing is due, and how soon it notices what is, with many deadlines open."""

import time
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

from uuid_utils import uuid7

from bench import material
from bench.figures import Figure
from bench.peers import NO_CASES
from bench.run import Found, Run
from bench.sizes import Sizes
from bench.stage import Stage, stage_on
from linli.contracts.workflow.case import CaseEscalated, CaseState
from linli.messaging.event_store import EventStore
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from tests.support.clocks import process_time
from workflow.cases.store import CaseStore
from workflow.cases.timer import BATCH, Timer
from workflow.community.store import CommunityStore

PART = "deadlines"
LOOKS = 200
LATE = 20
"""Cases that become overdue while the timer is watched, half a second apart."""


async def measure(run: Run) -> None:
    """Looks at an empty queue and at one with many deadlines, in turn; then a running workflow beside the many."""
    many = run.sizes.deadlines
    async with stage_on(run) as empty, stage_on(run) as full:
        case = await _dispatched(full)
        await _copy(full, case, [datetime.now(UTC) + timedelta(days=365)] * many)
        timers = {"none": _timer(empty), "many": _timer(full)}
        for _ in range(LOOKS):
            for open_deadlines, timer in timers.items():
                begun = time.perf_counter()
                assert not await timer.look(), "something is due"
                run.found[PART, "look", open_deadlines].append((time.perf_counter() - begun) * 1000)
        await full.serve("workflow", full.ports["workflow_port"])
        soon = datetime.now(UTC) + timedelta(seconds=2)
        await _copy(full, case, [soon + timedelta(seconds=number / 2) for number in range(LATE)])
        run.found[PART, "noticed"] += await _noticed(full)


def figures(found: Found, _sizes: Sizes) -> list[Figure]:
    """The looks, and the time until what is overdue was noticed."""
    noticed = found[PART, "noticed"]
    looks, alone = found[PART, "look", "many"], found[PART, "look", "none"]
    return [
        Figure(PART, "a look, many deadlines open", "ms", looks, NO_CASES, alone),
        Figure(PART, "overdue until noticed", "s", noticed),
        Figure(PART, "overdue until noticed, at most", "s", [max(noticed)] if noticed else []),
    ]


def _timer(stage: Stage) -> Timer:
    database = stage.database("workflow")
    events = EventStore(database, stage.topic)
    return Timer(
        stage.client,
        database,
        Transactions(stage.client, lambda _: None),
        CaseStore(database, events, CommunityStore(database, events, process_time)),
        "bench",
    )


async def _dispatched(stage: Stage) -> mongo.Document:
    """A case that was sent to a party, as workflow writes it; the queue is empty after this."""
    process = await stage.serve("workflow", stage.ports["workflow_port"])
    cases = stage.database("workflow").cases
    await stage.publish(material.submissions(100, stage.topic("intake")))

    async def all_there() -> bool:
        return await cases.count_documents({}) == 100

    await stage.until(all_there)
    await stage.end(process)
    found = await cases.find_one({"state": CaseState.DISPATCHED.value, "escalated_to": {"$exists": False}})
    assert found is not None
    await cases.delete_many({})
    return dict(found)


async def _copy(stage: Stage, case: mongo.Document, dues: list[datetime]) -> None:
    """Cases like this one, each with its own time to be accepted by."""
    cases = stage.database("workflow").cases
    for start in range(0, len(dues), 1_000):
        copies: list[dict[str, Any]] = [
            case
            | {"_id": str(uuid7()), "tracking_hash": token_hex(32)}
            | {"accept_by": due, "answer_by": None, "resolve_by": due + timedelta(days=1), "due_at": due}
            | {"reminded": ["accept", "answer", "resolve"]}
            for due in dues[start : start + 1_000]
        ]
        await cases.insert_many(copies, ordered=False)


async def _noticed(stage: Stage) -> list[float]:
    """How long after its time each late case went up, in seconds."""
    events, cases = stage.database("workflow").events, stage.database("workflow").cases
    assert LATE < BATCH

    async def all_up() -> bool:
        return await events.count_documents({"type": CaseEscalated.TYPE, "sequence": 3}) >= LATE

    await stage.until(all_up)
    risen = [event async for event in events.find({"type": CaseEscalated.TYPE, "sequence": 3})]
    due = {case["_id"]: case["accept_by"] async for case in cases.find({"_id": {"$in": [e["subject"] for e in risen]}})}
    return [(event["at"] - due[event["subject"]]).total_seconds() for event in risen]
