"""Common affairs: needs that intake refuses, a clock that is behind, papers that are ended at a limit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.monitoring.causes import Cause, alert
from tests.monitoring.office import ODD_SERVICE, Office, again_and_again
from tests.support.affairs import PLACE
from tests.support.databases import databases_of
from tests.support.rounds import QUESTIONS

CRAMPED = "neighbourhood-cramped"
TOO_LITTLE = "4"
"""MiB of memory beside what a process has at its start; a letter needs some forty."""


@asynccontextmanager
async def need_put_aside(office: Office) -> AsyncIterator[None]:
    """As it is kept when intake refuses one; then the office has seen to it."""
    async with databases_of(office.system) as database:
        aside = database("neighbourhood").round_needs_aside
        await aside.insert_one({"_id": "watched", "round": "watched", "reason": "unknown_category"})
        yield
        await aside.delete_one({"_id": "watched"})


@asynccontextmanager
async def clock_behind(office: Office) -> AsyncIterator[None]:
    """More has been due for an hour than the clock gets done."""
    async with databases_of(office.system) as database:
        alarms = database("neighbourhood").alarms

        async def due() -> None:
            at = datetime.now(UTC) - timedelta(hours=1)
            await alarms.insert_one({"_id": uuid4().hex, "kind": "watched", "affair": "none", "at": at})

        async with again_and_again(due, 0.1):
            yield


@asynccontextmanager
async def papers_cramped(office: Office) -> AsyncIterator[None]:
    """Letters are printed again and again by a process that lets a paper have too little memory."""
    variables = office.second("neighbourhood", CRAMPED)
    await office.start(CRAMPED, ODD_SERVICE, "neighbourhood", "cramped", TOO_LITTLE, **variables)
    office.prometheus.watch("neighbourhood", office.address(CRAMPED))
    operator, url = office.system.operator, office.system.urls["neighbourhood"]
    drafted = {**PLACE, "title": {"zh": "问需于民"}, "questions": QUESTIONS}
    made = await operator.post(f"{url}/v1/rounds", json=drafted)
    assert made.status_code == 201, made.text
    path = f"/v1/rounds/{made.json()['id']}"
    closes_at = (datetime.now(UTC) + timedelta(days=10)).isoformat()
    opened = await operator.post(f"{url}{path}:open", json={"closes_at": closes_at})
    assert opened.status_code == 200, opened.text

    async def printed() -> None:
        letters = {"building": "b3", "doors": ["3号楼1单元101"]}
        there = f"{office.system.urls[CRAMPED]}{path}/households:invite?as=pdf"
        answer = await operator.post(there, json=letters)
        assert answer.status_code in {422, 503}, answer.text

    async with again_and_again(printed, 1):
        yield
    office.prometheus.forget("neighbourhood", office.address(CRAMPED))
    await office.stop(CRAMPED)


ASIDE = Cause(need_put_aside, (alert("LinliNeedsPutAside"),))
CLOCK_BEHIND = Cause(clock_behind, (alert("LinliAffairsClockLate"),))
PAPERS = Cause(papers_cramped, (alert("LinliPapersDie"),), lingers=True)
