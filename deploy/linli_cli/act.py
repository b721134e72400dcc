"""`linli act`: what a party or the staff do with a case."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape

from linli.contracts.case import Waiting
from linli_cli.case_words import due, minute, named
from linli_cli.client import Client, open_client
from linli_cli.deeds import PUTS_RIGHT, Action, Options, body_with
from linli_cli.errors import errors_shown
from linli_cli.known_names import is_id
from linli_cli.lookup import ids_of
from linli_cli.target import find_target
from linli_cli.words import counted


def act(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, as `linli cases` shows it.")],
    action: Annotated[Action, typer.Argument(metavar="ACTION", help=f"One of {', '.join(Action)}.")],
    by: Annotated[
        str | None,
        typer.Option(
            metavar="PARTY",
            help="In whose name. Default: the responsible party; of what it cannot decide, the operator.",
        ),
    ] = None,
    message: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="The reporter sees it, but for note, return, reassign, merge, unmerge, split."
        ),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why; only `return` and `correct`. For staff.")
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="PARTY", help="Who becomes responsible; only `reassign`.")] = None,
    waiting_for: Annotated[
        Waiting | None, typer.Option(metavar="WHAT", help=f"One of {', '.join(Waiting)}; only `pause`.")
    ] = None,
    evidence: Annotated[
        list[str] | None, typer.Option(metavar="PHOTO", help="A photo of the case, by id; only `return`. Repeatable.")
    ] = None,
    into: Annotated[
        str | None, typer.Option(metavar="CASE", help="The case that is about the same matter; only `merge`.")
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(metavar="PARTY=TEXT", help="A part of it, and who is to do it; only `split`, at least twice."),
    ] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="What it is; only `correct`.")] = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="What it is called; only `correct`.")] = None,
    neighbourhood: Annotated[
        str | None, typer.Option(metavar="ID", help="Where it is, by id or name; only `correct`. `-`: none.")
    ] = None,
    category: Annotated[
        str | None, typer.Option(metavar="ID", help="What it is about, by id or name; only `correct`. `-`: none.")
    ] = None,
    place: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Where it is, in words; only `correct`. `-`: nothing.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="LON,LAT", help="Where it is on the map; only `correct`. `-`: nowhere.")
    ] = None,
    reroute: Annotated[
        bool, typer.Option("--reroute", help="Ask the rules anew who is responsible; only `correct`.")
    ] = False,
    new_deadlines: Annotated[
        bool, typer.Option("--new-deadlines", help="The same party has the time of the rule that fits; only `correct`.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the case after it as one line of JSON.")] = False,
) -> None:
    """Act on a case as it stands at this moment: see ACTION.

    Should somebody else change it in the same second, this changes nothing and says so.
    """
    with errors_shown():
        said = Options(
            *(by, message, reason, to, waiting_for, tuple(evidence or ()), into, tuple(part or ())),
            *(kind, title, neighbourhood, category, place, at, reroute, new_deadlines),
        )
        after, parts = asyncio.run(_act(case, action, body_with(action, said)))
    if as_json:
        print(json.dumps(after, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for line in done(action, after, parts):
        console.print(escape(line))


def done(action: Action, after: Mapping[str, Any], parts: Sequence[Mapping[str, Any]] = ()) -> Iterator[str]:
    """What the action did, in lines. `parts` are those of a case that was just split, as they stand."""
    match action:
        case Action.MERGE:
            did = f"merged into {after['merged_into']}, which is dealt with for both"
        case Action.UNMERGE:
            did = f"on its own again, {after['state']}"
        case Action.PAUSE:
            did = f"paused, waiting for {after['waiting_for']}; the clock stands still"
        case Action.RESUME:
            did = f"resumed{_until(after)}"
        case Action.SPLIT:
            did = f"split into {counted(len(after['parts']), 'part')}"
        case Action.NOTE:
            did = f"noted, still {after['state']}"
        case _ if action in PUTS_RIGHT:
            did = f"put right, now {after['state']}{_until(after)}"
        case Action.PROGRESS:
            did = f"progress told to the reporter, still {after['state']}"
        case Action.RESOLVE:
            did = "now resolved; the reporter is asked how it was" if not after["part_of"] else "now resolved"
        case _:
            did = f"now {after['state']}{_until(after)}"
    yield f"{after['title']}: {did}. Version {after['version']}, with {named(after['party']) or 'nobody'}."
    for part in parts:
        yield f"  {part['id']}  {part['state']}  {named(part['party'])}  {part['title']}"


def _until(after: Mapping[str, Any]) -> str:
    by = due(after)
    return f"; next due {minute(by, year=True, zone=True)}" if by else ""


async def _act(case: str, action: Action, body: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """The case after it; of a case that was split also its parts."""
    path = f"/v1/cases/{quote(case, safe='')}"
    async with open_client(find_target()) as client:
        before = await client.get("workflow", path)
        headers = {"If-Match": f'"{before["version"]}"'}
        body = await with_ids(client, body, before["community"])
        after: dict[str, Any] = await client.post("workflow", f"{path}:{action.sent}", body, headers=headers)
        parts = (await client.get("workflow", path))["parts_stand"] if action is Action.SPLIT else []
    return after, parts


async def with_ids(client: Client, body: Mapping[str, Any], community: str) -> dict[str, Any]:
    """The same with ids where parties, a neighbourhood or a category were named. Raises CliError for an unknown one."""
    named = {name: body[name] for name in ("by", "party", "neighbourhood", "category") if body.get(name) is not None}
    if all(map(is_id, named.values())):
        return dict(body)
    found = await ids_of(client, named | {"community": community})
    return {**body, **{name: found[name] for name in named}}
