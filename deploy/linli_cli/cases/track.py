"""`linli track`: what has become of a submission, and what becomes of it."""

import asyncio
import json
import time
from typing import Annotated, Any
from urllib.parse import quote

import httpx2
import typer
from rich.console import Console
from rich.markup import escape

from linli.contracts.workflow.case import CaseState
from linli_cli.connection.client import ApiError, Unreachable, open_client, read_back
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import padded, term
from linli_cli.terminal.printable import harmless
from linli_cli.terminal.times import local, second
from linli_cli.terminal.words import counted

KNOWN_WITHIN = 15.0
"""Seconds that `--follow` gives a code that was handed out a moment ago to become known."""
ENDED = {CaseState.CLOSED, CaseState.WITHDRAWN}
COLOURS = {"triage": "yellow", "returned": "yellow", "accepted": "cyan", "resolved": "green", "closed": "green"}


def track(
    code: Annotated[str, typer.Argument(help="The tracking code from the receipt.")],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on showing what happens, until it ends.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON; with --follow one line per step.")] = False,
) -> None:
    """Show a submission's way, step by step. Needs nothing but the tracking code."""
    with errors_shown():
        asyncio.run(_follow(code, as_json=as_json) if follow else _show(code, as_json=as_json))


async def _show(code: str, *, as_json: bool) -> None:
    async with open_client(find_target()) as client:
        path = f"/v1/track/{quote(code, safe='')}"
        found = await read_back(client, path, "timeline", whole=True, operator=False)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"[bold]{escape(found['title'])}[/] ({term(found['kind'])}), {term('now')} {_coloured(found['state'])}"
    )
    for step in found["timeline"]:
        console.print(_line(step))


async def _follow(code: str, *, as_json: bool) -> None:
    """Every step from the first, then each as it comes; after an interruption it goes on where it was."""
    console, seen, deadline = Console(highlight=False, soft_wrap=True), 0, time.monotonic() + KNOWN_WITHIN
    async with open_client(find_target()) as client:
        while True:
            try:
                async with client.events("notify", "/v1/stream", seen, track=code) as source:
                    async for event in source:
                        if not event.data:  # only tells how long to wait before coming back
                            continue
                        seen, step = int(event.id or seen), harmless(json.loads(event.data))
                        if as_json:
                            print(json.dumps({"sequence": seen, **step}, ensure_ascii=False), flush=True)
                        else:
                            console.print(_line(step))
                        if step["state"] in ENDED:
                            return
            except ApiError as error:
                gone = error.status == 404 and seen  # what a code has opened does not come back
                if error.status not in {404, 503} or gone or (not seen and time.monotonic() > deadline):
                    raise
            except httpx2.TransportError as error:
                if not seen and time.monotonic() > deadline:
                    raise Unreachable("notify", client.target, error) from error
            await asyncio.sleep(1)


def _line(step: dict[str, Any]) -> str:
    at = second(local(step["at"]))
    happened = step["type"].removeprefix("linli.case.").rpartition(".v")[0]
    party = f"  {escape(step['party'])}" if step.get("party") else ""
    message = f"\n{' ' * (len(at) + 4)}{escape(step['message'])}" if step.get("message") else ""
    photos = f"  {counted(len(step['photos']), 'photo')} ({step['stage']})" if step.get("photos") else ""
    return f"  {at}  {padded(happened, 10)} → {_coloured(step['state'])}{party}{photos}{message}"


def _coloured(state: str) -> str:
    colour = COLOURS.get(state)
    return f"[{colour}]{term(state)}[/]" if colour else term(state)
