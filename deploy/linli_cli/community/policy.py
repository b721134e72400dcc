"""`linli policy try`: what a draft of escalation policies would have made of the cases that there are."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.community.commands import community_of
from linli_cli.community.faults import CommunityFaults
from linli_cli.community.files import load_policies
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import json_of, open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.language import say, term
from linli_cli.terminal.times import parse_time

policy = typer.Typer(no_args_is_help=True, help="Escalation policies.")
SHOWN = 15
"""Categories and parties in the table; --json has all."""


MOST_SECONDS = 600.0
"""That a trial may take."""


@policy.callback()
def _group() -> None:
    """Keeps `try` a sub-command."""


@policy.command("try")
def try_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A draft, written as escalation.yaml.")],
    community: Annotated[
        str | None, typer.Option(metavar="ID", help="Whose cases. Default: the only community there is.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Until when what nobody acted on goes on: 2026-12-31 (in the community's zone unless it names one), "
            "or an age, 2h. Default: now.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Replay all cases by a draft of escalation.yaml and say what it would have escalated. Nothing is changed."""
    with errors_shown():
        try:
            draft = [each.model_dump(mode="json") for each in load_policies(file)]
        except CommunityFaults as error:
            raise CliError(
                "\n".join(str(fault) for fault in error.faults), say("Correct the file and try again.")
            ) from error
        result = asyncio.run(_try({"escalation": draft}, community, until))
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
        return
    _show(result, Console(highlight=False))


async def _try(body: dict[str, Any], community: str | None, until: str | None) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        id = await the_community(client, community)
        body = body | {"community": id}
        if until:
            zone = ZoneInfo((await community_of(client, id)).timezone)
            body["until"] = parse_time(until, datetime.now(UTC), zone).isoformat()
        # Thousands of cases take minutes: the service rests in between.
        response = await client.send(
            "workflow", "POST", "/v1/policies:try", operator=True, json=body, timeout=MOST_SECONDS
        )
        answer: dict[str, Any] = json_of("workflow", response)
        return answer


def _show(result: dict[str, Any], console: Console) -> None:
    values = {"cases": result["cases"], "escalated": result["escalated"]}
    console.print(say("{cases} cases, {escalated} would have been escalated.", **values))
    for title, counts in ((say("up to"), result["by_level"]), (say("because of"), result["by_deadline"])):
        if counts:
            each = say(", ").join(f"{term(name)} {count}" for name, count in counts.items())
            console.print(f"{title}{say(': ')}{each}")
    for title, groups in ((say("category"), result["by_category"]), (say("party"), result["by_party"])):
        table = Table(title, say("cases"), say("escalated"), say("steps"), box=None)
        for group in groups[:SHOWN]:
            name = group["name"] or group["id"] or say("none")
            table.add_row(escape(name), str(group["cases"]), str(group["escalated"]), str(group["steps"]))
        console.print(table)
        if len(groups) > SHOWN:
            console.print(say("and {more} more", more=len(groups) - SHOWN))
