"""`linli trace`: which way one case's events took, with times and gaps, and who took each in and when."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape

from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, sentence
from linli_cli.terminal.times import local, second

WAITS = {
    "waits": sentence("has yet to take it in"),
    "blocked": sentence("stands still before it, behind a parked record"),
}

TOOK = {
    True: sentence("{service} took it in at {at}"),
    False: sentence("{service} took it in by {at}"),
}
"""Whether it was then, or at the latest."""


def trace(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON, as GET /v1/trace/CASE answers.")] = False,
) -> None:
    """Show one case's way: its events over all topics, the time between them, and who took each in and when."""
    with errors_shown():
        found = asyncio.run(_ask(case))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for line in in_lines(found):
        console.print(escape(line))


async def _ask(case: str) -> Mapping[str, Any]:
    async with open_client(find_target()) as client:
        found: Mapping[str, Any] = await client.get("portal", f"/v1/trace/{quote(case, safe='')}")
        return found


def in_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The steps, each with what came of it beneath."""
    last = None
    for step in found["steps"]:
        gap = f"+{step['gap']:.3f} s" if step["gap"] is not None else ""
        unsent = say(", not yet in Kafka") if not step["sent"] else ""
        yield f"{second(local(step['at']))} {gap:>12}  {step['service']} → {step['topic']}  {step['type']}{unsent}"
        trace = step.get("trace")
        if trace and trace != last:
            yield f"{'':22}{say('trace {id}', id=trace)}"
        last = trace or last
        yield from (f"{'':22}{each}" for each in _came_of(step))
    if found["held"]:
        yield say("{count} wait for an earlier one.", count=found["held"])
    for id in found["parked"]:
        yield say("Parked: {id}. What is: linli parked list", id=id)
    for service in found["away"]:
        yield say("{service} does not answer; what it wrote and read is missing here.", service=service)


def _came_of(step: Mapping[str, Any]) -> Iterator[str]:
    for reader in step["readers"]:
        if reader["taken"] != "applied":
            yield f"{reader['service']} {say(WAITS[reader['taken']])}"
        elif reader["at"] is None:
            yield say("{service} took it in", service=reader["service"])
        else:
            yield say(TOOK[reader["exactly"]], service=reader["service"], at=second(local(reader["at"])))
    for told in step["told"]:
        yield say(
            "{channel} to {recipient}: {state}",
            channel=told["channel"],
            recipient=told["recipient"],
            state=told["state"],
        )
