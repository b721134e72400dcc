"""`linli demo`: the sample community's demands and disputes go through the services."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console

from linli.contracts.workflow.case import CaseState
from linli_cli.community.commands import put_community, read_folder
from linli_cli.connection.client import ApiError, Client, open_client
from linli_cli.connection.settings import TargetKind, load_settings
from linli_cli.connection.target import Target, find_target, require_embedded_stack
from linli_cli.demo.acting import Submitted, case_of, few_at_a_time, let_parties_act
from linli_cli.demo.check import Outcome, Story
from linli_cli.demo.sample_submissions import load_submissions
from linli_cli.demo.sign_ins import SignIns, sign_ins
from linli_cli.demo.utilities.joining import utilities_take_part
from linli_cli.demo.utilities.taking_part import Figures
from linli_cli.demo.utilities.view import as_figures, show_utilities
from linli_cli.demo.view import DemoView, as_json, live_view, show_outcome, show_where_to_look
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.progress import Progress

HERE = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
SETTLED_WITHIN = 60.0
"""Seconds for a stage to end once nothing more is asked of it; what is not there then is told as lost."""
LOADED_WITHIN = 10.0
"""Seconds in which intake hears of a changed community."""


@dataclass(frozen=True)
class Played:
    """What a run has shown."""

    outcome: Outcome
    submitted: Sequence[Submitted]
    utilities: Sequence[Figures]
    sign_ins: SignIns | None
    """Links to the pages; None where nothing is left running to open."""


def demo(
    stop: Annotated[bool, typer.Option("--exit", help="At the end stop what was started here.")] = False,
    json_wanted: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Watch a neighbourhood's 37 demands and 12 disputes go through the services; starts them if needed.

    With LINLI_TARGET set to another deployment than the embedded one, nothing is started or stopped.

    Exit code 0: every submission has its case, a whole history, and a notice for everybody concerned, sent where there
    is an address and a server for it, and the five utilities took part by all four ways of partners. 1: not so.
    """
    console = Console(stderr=json_wanted, highlight=False)
    with errors_shown():
        folder = sample_folder()
        started = _start_if_embedded(Progress(console))
        keep = not (stop and started)
        try:
            begun = time.monotonic()
            target = find_target()
            played = asyncio.run(play(target, folder, console, links=keep))
            seconds = round(time.monotonic() - begun, 1)
            outcome, receipts = played.outcome, played.submitted
        except BaseException:
            keep = not started  # an interrupted demo leaves nothing running that was not running before
            raise
        else:
            if json_wanted:
                print(as_json(outcome, len(receipts), seconds, as_figures(played.utilities), played.sign_ins))
            else:
                show_outcome(console, outcome, len(receipts), seconds)
                show_utilities(console, played.utilities)
                if keep:
                    show_where_to_look(console, target, receipts[0].receipt["tracking_code"], played.sign_ins)
        finally:
            if not keep:
                _stop_embedded()
        away = [each for each in played.utilities if not each.fits(may_skip=target.kind is not TargetKind.EMBEDDED)]
        if outcome.lost or len(outcome.cases) != len(receipts) or away:
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


async def play(target: Target, folder: Path, console: Console, *, links: bool = False) -> Played:
    """The whole of it on a running stack: load, let utilities join, submit, let parties act, look at every story."""
    community, bodies = read_folder(folder).community, load_submissions(folder)
    async with open_client(target, PATIENCE) as client:
        await put_community(client, community)
        async with utilities_take_part(client, community) as utilities:
            with live_view(console) as view:
                submitted = await _submit(client, bodies, view)
                await utilities.report()
                await _wait_for_cases(client, submitted, view)
                await let_parties_act(client, submitted, utilities, view)
                outcome = await _outcome(client, submitted, view)
                figures = utilities.figures({each.id for each in submitted})
        return Played(outcome, submitted, figures, await sign_ins(client, community.id, outcome) if links else None)


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
    submitted = [first, *await few_at_a_time(send, numbered[1:])]
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


async def _outcome(client: Client, submitted: Sequence[Submitted], view: DemoView) -> Outcome:
    """Look at every story until nothing is missing, or the time is over."""
    view.begin("told", len(submitted))
    stories: dict[str, Story] = {}
    deadline = time.monotonic() + SETTLED_WITHIN
    while True:
        open_ones = [each for each in submitted if each.id not in stories or stories[each.id].missing]
        for story in await few_at_a_time(lambda each: _story(client, each.id), open_ones):
            stories[story.submission] = story
        settled = sum(not story.missing for story in stories.values())
        finished = sum(story.all_notified for story in stories.values())
        view.show("told", finished)
        if settled == len(submitted) or time.monotonic() > deadline:
            view.end("told", finished)
            return Outcome([stories[each.id] for each in submitted])
        await asyncio.sleep(0.3)


async def _story(client: Client, id_: str) -> Story:
    case = await case_of(client, id_)
    page = await client.get("notify", "/v1/deliveries", case=id_, limit=200)
    return Story(id_, case, page["items"])
