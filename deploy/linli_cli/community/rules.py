"""`linli rules try`: what changed rules would make of the cases that there are, or of a file of messages."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from linli.contracts.workflow.community import Community
from linli_cli.community.commands import community_of, read_folder
from linli_cli.community.faults import CommunityFaults
from linli_cli.community.files import load_rules
from linli_cli.community.known_names import KnownNames, UnknownName, categories_of, neighbourhoods_of
from linli_cli.community.routing_words import rests
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import Client, open_client
from linli_cli.connection.target import find_target
from linli_cli.importing.columns import COLUMN_FIELDS
from linli_cli.importing.tables import Table, UnreadableTable, header_fields
from linli_cli.importing.tables.reading import open_table
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.language import say, sentence, term
from linli_cli.terminal.words import counted

rules = typer.Typer(no_args_is_help=True, help="Routing rules.")
SHOWN = 20
"""Changes on the screen; --json has up to 500."""
LOSE, GAIN = sentence("  lose: {rules}"), sentence("  gain: {rules}")
AT_ONCE = 500
"""Messages in a request."""


@rules.callback()
def _group() -> None:
    """Keeps `try` a sub-command."""


@rules.command("try")
def try_(
    changed: Annotated[Path, typer.Argument(metavar="FILE", help="A community's folder, or a rules.yaml alone.")],
    messages: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Messages to try them on, CSV or XLSX. Default: all cases that there are."),
    ] = None,
    community: Annotated[
        str | None, typer.Option(metavar="ID", help="Whose. Default: the folder's, or the only community there is.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Route past messages by changed rules and by those in force, and say what would differ. Nothing is changed."""
    with errors_shown():
        data = _changed(changed)
        result = asyncio.run(_try(data, community, messages))
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
        return
    _show(result, Console(highlight=False, soft_wrap=True))


def _changed(path: Path) -> dict[str, Any]:
    """What of a community's data a folder or file changes."""
    if path.is_dir():
        return read_folder(path).community.model_dump(mode="json", exclude={"retired_at"})
    try:
        return {"rules": [rule.model_dump(mode="json") for rule in load_rules(path)]}
    except CommunityFaults as error:
        raise CliError("\n".join(map(str, error.faults)), say("Correct the file and try again.")) from error


async def _try(data: dict[str, Any], community: str | None, messages: Path | None) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        id = await the_community(client, community or data.get("id"))
        body = {"community": id, "data": data}
        if messages is None:
            return await _asked(client, body)
        asked = list(_messages(_table(messages), await community_of(client, id)))
        parts = [asked[at : at + AT_ONCE] for at in range(0, len(asked), AT_ONCE)]
        return _together([await _asked(client, body | {"messages": part}) for part in parts])


async def _asked(client: Client, body: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = await client.post("workflow", "/v1/rules:try", dict(body))
    return answer


def _table(file: Path) -> Table:
    """As `linli import` reads it: the header may stand below a title, notes and sums are left out."""
    try:
        with open_table(file, COLUMN_FIELDS) as table:
            return Table(table.header, tuple(table.rows()))
    except (OSError, UnreadableTable) as error:
        raise CliError(say("{file}: {fault}", file=file, fault=error)) from error


def _messages(table: Table, community: Community) -> Iterator[dict[str, Any]]:
    """The rows that have a title; a neighbourhood or category that is not known is left out, as it is for rules."""
    fields = header_fields(table.header, COLUMN_FIELDS)
    if "title" not in fields:
        raise CliError(
            say("no column is called title or 标题"), say("The columns are {columns}.", columns=", ".join(table.header))
        )
    places, categories = neighbourhoods_of(community), categories_of(community)
    for row in table.rows:
        cells = {name: row.cells[at] for name, at in fields.items() if at < len(row.cells) and row.cells[at]}
        if title := cells.get("title"):
            message: dict[str, Any] = {"ref": say("row {line}", line=row.line), "title": title[:200]}
            message |= {name: cells[name][:most] for name, most in (("text", 8_000), ("place", 200)) if name in cells}
            message["neighbourhood"] = _id(cells, "neighbourhood", places)
            message["category"] = _id(cells, "category", categories)
            yield {name: value for name, value in message.items() if value is not None}


def _id(cells: Mapping[str, str], field: str, names: KnownNames) -> str | None:
    try:
        return names.id_of(cells[field]) if field in cells else None
    except UnknownName:
        return None


def _together(results: list[dict[str, Any]]) -> dict[str, Any]:
    """One result of several."""
    if not results:
        raise CliError(say("There is no message in the file."))
    whole = results[0]
    for each in results[1:]:
        for count in ("tried", "changed", "elsewhere"):
            whole[count] += each[count]
        for counts in ("from_rule", "to_rule"):
            for rule, number in each[counts].items():
                whole[counts][rule] = whole[counts].get(rule, 0) + number
        whole["changes"] = (whole["changes"] + each["changes"])[:AT_ONCE]
    return whole


def _show(result: Mapping[str, Any], console: Console) -> None:
    tried = counted(result["tried"], "message")
    console.print(
        say(
            "{tried}: {changed} by another rule, {elsewhere} of them to another party.",
            tried=tried,
            changed=result["changed"],
            elsewhere=result["elsewhere"],
        )
    )
    for template, counts in ((LOSE, result["from_rule"]), (GAIN, result["to_rule"])):
        if counts:
            most = sorted(counts.items(), key=lambda pair: -pair[1])[:SHOWN]
            named = ", ".join(f"{rule} {count}" for rule, count in most)
            console.print(escape(say(template, rules=named)))
    for change in result["changes"][:SHOWN]:
        console.print(escape(f"{change['ref']}  {change['title']}"))
        console.print(escape(say("  before  {way}", way=_way(change["before"]))))
        console.print(escape(say("  after   {way}", way=_way(change["after"]))))
    if (more := result["changed"] - SHOWN) > 0:
        console.print(say("and {more} more; --json has up to 500", more=more))


def _way(way: Mapping[str, Any]) -> str:
    rests_on = "; ".join(rests(match) for match in way["matches"])
    message = say(
        "{party}, by {rule}",
        party=way["party"]["name"] or way["party"]["id"],
        rule=way["rule"] or term(way["outcome"]),
    )
    return f"{message} ({rests_on})" if rests_on else message
