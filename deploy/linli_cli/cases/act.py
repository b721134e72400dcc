"""`linli act`: what a party or the staff do with a case."""

import asyncio
import json
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape

from linli.contracts.workflow.case import Waiting
from linli_cli.cases.act_many import Bulk, act_on_many
from linli_cli.cases.act_words import done
from linli_cli.cases.actions import Action, Options, body_with
from linli_cli.community.lookup import with_ids
from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import UsageFault, errors_shown
from linli_cli.terminal.language import say


def act(
    case: Annotated[
        str | None, typer.Argument(metavar="[CASE]", help="The case's id, as `linli cases` shows it.")
    ] = None,
    action: Annotated[str | None, typer.Argument(metavar="ACTION", help=f"One of {', '.join(Action)}.")] = None,
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
    many: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="On many: a file with an id in each line, or a table with the columns case, action, reason, to …; "
            "`-` reads ids from stdin.",
        ),
    ] = None,
    promise: Annotated[
        str | None,
        typer.Option(
            metavar="PROMISE",
            help="What an invited party promises: works:2027-06-30, money:2027-06-30:FEN; `progress`, `resolve`.",
        ),
    ] = None,
    filters: Annotated[
        list[str] | None,
        typer.Option(
            "--filter",
            metavar="NAME=VALUE",
            help="On all cases of which this is true, by options of `linli cases`: state=triage. Repeatable.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Of many cases: only show what would be done.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Of many cases: do not ask before.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the case after it as one line of JSON; of many cases a line for each.")
    ] = False,
) -> None:
    """Act on a case as it stands at this moment: see ACTION. On many: linli act ACTION --from FILE, or --filter

    Should somebody else change it in the same second, this changes nothing and says so.
    """
    with errors_shown():
        options = Options(
            *(by, message, reason, to, waiting_for, tuple(evidence or ()), into, tuple(part or ())),
            *(kind, title, neighbourhood, category, place, at, reroute, new_deadlines),
            promise=promise,
        )
        if many is not None or filters:
            how = Bulk(many, tuple(filters or ()), dry_run, yes, as_json)
            raise typer.Exit(act_on_many(how, _on_many(case, action), options))
        if case is None or action is None:
            raise UsageFault(say("Say which case and what: linli act CASE ACTION"))
        wanted = _action(action)
        after, parts = asyncio.run(_act(case, wanted, body_with(wanted, options)))
    if as_json:
        print(json.dumps(after, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for line in done(wanted, after, parts):
        console.print(escape(line))


def _action(text: str) -> Action:
    if text not in set(Action):
        raise UsageFault(
            say("There is no action {said}; there are {actions}.", said=text[:40], actions=", ".join(Action))
        )
    return Action(text)


def _on_many(first: str | None, second: str | None) -> Action | None:
    """The one argument there is then; a file's column may say it instead."""
    if second is not None:
        raise UsageFault(say("--from and --filter name the cases; say the action alone: linli act ACTION --from FILE"))
    return _action(first) if first is not None else None


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
