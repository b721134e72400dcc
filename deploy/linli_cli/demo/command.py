"""`linli demo`: the sample community's demands and disputes go through all three services."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import uuid4

import typer
from rich.console import Console

from linli.contracts.kinds import Kind, Language
from linli.contracts.workflow.case import CaseState
from linli_cli.community.commands import put_community, read_folder
from linli_cli.connection.client import ApiError, Client, open_client
from linli_cli.connection.settings import TargetKind, load_settings
from linli_cli.connection.target import Target, find_target, require_embedded_stack
from linli_cli.demo.check import Outcome, Story
from linli_cli.demo.sample_submissions import load_submissions
from linli_cli.demo.script import Step, steps
from linli_cli.demo.view import DemoView, as_json, live_view, show_outcome, show_where_to_look
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.progress import Progress

HERE = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
SETTLED_WITHIN = 60.0
"""Seconds for a stage to end once nothing more is asked of it; what is not there then is told as lost."""
IN_FLIGHT = 4
LOADED_WITHIN = 10.0
"""Seconds in which intake hears of a changed community."""

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


def demo(
    stop: Annotated[bool, typer.Option("--exit", help="At the end stop what was started here.")] = False,
    json_wanted: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Watch a neighbourhood's 37 demands and 12 disputes go through the three services; starts them if needed.

    With LINLI_TARGET set to another deployment than the embedded one, nothing is started or stopped.

    Exit code 0: every submission has its case, a whole history, and a notice for everybody concerned, sent where there
    is an address and a server for it. 1: not so.
    """
    console = Console(stderr=json_wanted, highlight=False)
    with errors_shown():
        folder = sample_folder()
        started = _start_if_embedded(Progress(console))
        keep = not (stop and started)
        try:
            begun = time.monotonic()
            target = find_target()
            outcome, receipts = asyncio.run(play(target, folder, console))
            seconds = round(time.monotonic() - begun, 1)
        except BaseException:
            keep = not started  # an interrupted demo leaves nothing running that was not running before
            raise
        else:
            if json_wanted:
                print(as_json(outcome, len(receipts), seconds))
            else:
                show_outcome(console, outcome, len(receipts), seconds)
                if keep:
                    show_where_to_look(console, target, receipts[0].receipt["tracking_code"])
        finally:
            if not keep:
                _stop_embedded()
        if outcome.lost or len(outcome.cases) != len(receipts):
            raise typer.Exit(1)


def _start_if_embedded(progress: Progress) -> bool:
    """Whether the stack was started here. Another deployment is its operator's to start and to stop."""
    settings = load_settings()
    if settings.target is not TargetKind.EMBEDDED:
        return False
    require_embedded_stack()
    from linli_cli.stack.detached import ensure_running  # noqa: PLC0415 - needs the embedded stack's packages

    return ensure_running(settings, progress)


def _stop_embedded() -> None:
    from linli_cli.stack.detached import stop_stack  # noqa: PLC0415 - as above

    stop_stack()


def sample_folder() -> Path:
    """`deploy/community/fushan-road` beside this package, or inside it where the package was built into a wheel."""
    beside = HERE.parent / "community" / "fushan-road"
    return beside if beside.exists() else HERE / "community" / "fushan-road"


async def play(target: Target, folder: Path, console: Console) -> tuple[Outcome, list[Submitted]]:
    """The whole of it on a running stack: load, submit, let parties act, look at every story."""
    community, bodies = read_folder(folder).community, load_submissions(folder)
    async with open_client(target, PATIENCE) as client:
        await put_community(client, community)
        with live_view(console) as view:
            submitted = await _submit(client, bodies, view)
            await _wait_for_cases(client, submitted, view)
            await _let_parties_act(client, submitted, view)
            return await _outcome(client, submitted, view), submitted


async def _submit(client: Client, bodies: Sequence[dict[str, Any]], view: DemoView) -> list[Submitted]:
    run, done = uuid4().hex, 0
    view.begin("submitted", len(bodies))

    async def send(numbered: tuple[int, dict[str, Any]]) -> Submitted:
        nonlocal done
        number, body = numbered
        receipt = await _accepted(client, body, f"demo-{run}-{number}")
        done += 1
        view.show("submitted", done, body["title"])
        return Submitted(body, receipt)

    numbered = list(enumerate(bodies, start=1))
    first = await send(numbered[0])  # alone: while intake waits for the community, the others would spend their limit
    submitted = [first, *await _few_at_a_time(send, numbered[1:])]
    view.end("submitted", done)
    return submitted


async def _accepted(client: Client, body: dict[str, Any], key: str) -> dict[str, Any]:
    """Submit as a resident does: without a key. Intake may be a moment behind a community that has just changed."""
    deadline = time.monotonic() + LOADED_WITHIN
    while True:
        try:
            receipt: dict[str, Any] = await client.post("intake", "/v1/submissions", body, key=key, operator=False)
            return receipt
        except ApiError as error:
            if error.status != 422 or time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.5)


async def _wait_for_cases(client: Client, submitted: Sequence[Submitted], view: DemoView) -> None:
    view.begin("cases", len(submitted))
    routed: set[str] = set()
    deadline = time.monotonic() + SETTLED_WITHIN
    while len(routed) < len(submitted) and time.monotonic() < deadline:
        waiting = [each.id for each in submitted if each.id not in routed]
        found = (await client.post("workflow", "/v1/cases:lookup", {"ids": waiting}))["found"]
        routed |= {id_ for id_, state in found.items() if state != CaseState.OPEN}
        view.show("cases", len(routed))
        await asyncio.sleep(0.1)
    view.end("cases", len(routed))


async def _let_parties_act(client: Client, submitted: Sequence[Submitted], view: DemoView) -> None:
    """In turns, as it would be: first every party's first step, then the second ones."""
    stories = await _few_at_a_time(lambda each: _case(client, each.id), submitted)
    dispatched = [
        (each, case)
        for each, case in zip(submitted, stories, strict=True)
        if case and case["state"] == CaseState.DISPATCHED
    ]
    scripts = [(case, steps(place, *_manner(each))) for place, (each, case) in enumerate(dispatched)]
    total, done = sum(len(script) for _, script in scripts), 0
    view.begin("steps", total)

    async def take(turn: tuple[dict[str, Any], Step]) -> None:
        nonlocal done
        case, step = turn
        case |= await _act(client, case, step)
        done += 1
        view.show("steps", done, f"{case['party']['name']}: {step.words}")

    for round_ in range(max((len(script) for _, script in scripts), default=0)):
        await _few_at_a_time(take, [(case, script[round_]) for case, script in scripts if round_ < len(script)])
    view.end("steps", done)


def _manner(submitted: Submitted) -> tuple[Kind, Language]:
    reporter = submitted.body.get("reporter") or {}
    return Kind(submitted.body["kind"]), Language(reporter.get("language", Language.ZH))


async def _act(client: Client, case: dict[str, Any], step: Step) -> dict[str, Any]:
    """The case after the step; `case` must be as it stands, for nobody else acts on it."""
    path = f"/v1/cases/{case['id']}:{step.action}"
    headers = {"If-Match": f'"{case["version"]}"'}
    after: dict[str, Any] = await client.post("workflow", path, step.body, headers=headers)
    return after


async def _outcome(client: Client, submitted: Sequence[Submitted], view: DemoView) -> Outcome:
    """Look at every story until nothing is missing, or the time is over."""
    view.begin("told", len(submitted))
    stories: dict[str, Story] = {}
    deadline = time.monotonic() + SETTLED_WITHIN
    while True:
        open_ones = [each for each in submitted if each.id not in stories or stories[each.id].missing]
        for story in await _few_at_a_time(lambda each: _story(client, each.id), open_ones):
            stories[story.submission] = story
        settled = sum(not story.missing for story in stories.values())
        finished = sum(story.all_notified for story in stories.values())
        view.show("told", finished)
        if settled == len(submitted) or time.monotonic() > deadline:
            view.end("told", finished)
            return Outcome([stories[each.id] for each in submitted])
        await asyncio.sleep(0.3)


async def _story(client: Client, id_: str) -> Story:
    case = await _case(client, id_)
    page = await client.get("notify", "/v1/deliveries", case=id_, limit=200)
    return Story(id_, case, page["items"])


async def _case(client: Client, id_: str) -> dict[str, Any] | None:
    try:
        case: dict[str, Any] = await client.get("workflow", f"/v1/cases/{id_}")
    except ApiError as error:
        if error.status == 404:
            return None
        raise
    return case


async def _few_at_a_time(act: Callable[[T], Awaitable[R]], things: Sequence[T]) -> list[R]:
    """`act` on all, a few at once; the results in order."""
    free = asyncio.Semaphore(IN_FLIGHT)

    async def one(thing: T) -> R:
        async with free:
            return await act(thing)

    return await asyncio.gather(*(one(thing) for thing in things))
