"""What the parties of the demo do: utilities by their own programs, all others through workflow's API."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from linli.contracts.kinds import Kind, Language
from linli.contracts.workflow.case import CaseState
from linli_cli.connection.client import ApiError, Client
from linli_cli.demo.script import OF_REPORTS, Step, steps
from linli_cli.demo.utilities.taking_part import Utilities
from linli_cli.demo.view import DemoView

IN_FLIGHT = 4
ROUTED_WITHIN = 30.0
LOOK_EVERY = 0.1

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Submitted:
    """One of the sample's submissions, as it was sent, and the receipt."""

    body: dict[str, Any]
    receipt: dict[str, Any]

    @property
    def id(self) -> str:
        """The submission's id, which is its case's too."""
        return str(self.receipt["id"])


async def let_parties_act(client: Client, submitted: Sequence[Submitted], utilities: Utilities, view: DemoView) -> None:
    """In turns, as it would be: first every party's first step, then the second ones."""
    stories = await few_at_a_time(lambda each: case_of(client, each.id), submitted)
    dispatched = [
        (each, case)
        for each, case in zip(submitted, stories, strict=True)
        if case and case["state"] == CaseState.DISPATCHED
    ]
    scripts = [
        (case, steps(place, *_manner(each), answers=utilities.has(case["party"]["id"])))
        for place, (each, case) in enumerate(dispatched)
    ]
    reported = await few_at_a_time(lambda id: _dispatched(client, id), utilities.reports)
    scripts += [(case, OF_REPORTS) for case in reported if case]
    total, done = sum(len(script) for _, script in scripts), 0
    stuck: set[str] = set()
    view.begin("steps", total)

    async def take(turn: tuple[dict[str, Any], Step]) -> None:
        nonlocal done
        case, step = turn
        if case["id"] in stuck:
            return
        if utilities.answers(case["party"]["id"], step):
            if not await utilities.answer(case, step):
                stuck.add(case["id"])  # the utility's figures tell
                return
            case |= await case_of(client, case["id"]) or {}
        else:
            case |= await _act(client, case, step)
        done += 1
        view.show("steps", done, f"{case['party']['name']}: {step.words}")

    for round_ in range(max((len(script) for _, script in scripts), default=0)):
        await few_at_a_time(take, [(case, script[round_]) for case, script in scripts if round_ < len(script)])
    view.end("steps", done)
    await utilities.follow()


def _manner(submitted: Submitted) -> tuple[Kind, Language]:
    reporter = submitted.body.get("reporter") or {}
    return Kind(submitted.body["kind"]), Language(reporter.get("language", Language.ZH))


async def _act(client: Client, case: dict[str, Any], step: Step) -> dict[str, Any]:
    """The case after the step; `case` must be as it stands, for nobody else acts on it."""
    path = f"/v1/cases/{case['id']}:{step.action}"
    headers = {"If-Match": f'"{case["version"]}"'}
    after: dict[str, Any] = await client.post("workflow", path, step.body, headers=headers)
    return after


async def _dispatched(client: Client, id_: str) -> dict[str, Any] | None:
    """A utility's report as a case that somebody has to deal with; None where it does not become one in time."""
    until = time.monotonic() + ROUTED_WITHIN
    while (case := await case_of(client, id_)) is None or case["state"] != CaseState.DISPATCHED:
        if time.monotonic() > until:
            return None  # the utility sees no end of it, as its figures tell
        await asyncio.sleep(LOOK_EVERY)
    return case


async def case_of(client: Client, id_: str) -> dict[str, Any] | None:
    """The case, if it exists."""
    try:
        case: dict[str, Any] = await client.get("workflow", f"/v1/cases/{id_}")
    except ApiError as error:
        if error.status == 404:
            return None
        raise
    return case


async def few_at_a_time(act: Callable[[T], Awaitable[R]], things: Sequence[T]) -> list[R]:
    """`act` on all, a few at once; the results in order."""
    free = asyncio.Semaphore(IN_FLIGHT)

    async def one(thing: T) -> R:
        async with free:
            return await act(thing)

    return await asyncio.gather(*(one(thing) for thing in things))
