"""`linli audit`: who read personal data, who did what, and who was refused."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.connection.client import Service, open_client
from linli_cli.connection.target import find_target
from linli_cli.connection.which_services import Named, chosen
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, term
from linli_cli.terminal.times import local, parse_time, second


class Outcome(StrEnum):
    """What became of it, as the services' APIs have it."""

    READ = "read"
    DONE = "done"
    REFUSED = "refused"


PAGE = 500


def audit(
    service: Named = None,
    principal: Annotated[
        str | None, typer.Option(metavar="ID", help="operator, service, key:<id>, oidc:<hash>, resident, unknown.")
    ] = None,
    outcome: Annotated[Outcome | None, typer.Option(metavar="WHAT", help=f"One of {', '.join(Outcome)}.")] = None,
    object: Annotated[str | None, typer.Option(metavar="ID", help="Of a submission, case, key, parked record.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="2026-11-24T06:00 (this machine's zone unless said), or 2h, 3d.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Only what was before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, the newest.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Show the audit log of all services, newest first."""
    with errors_shown():
        services = chosen(service)
        now = datetime.now(UTC)
        asked = {"principal": principal, "outcome": outcome, "object": object}
        times = {
            "from": since and parse_time(since, now).isoformat(),
            "before": until and parse_time(until, now).isoformat(),
        }
        found = asyncio.run(_entries(services, asked | times, limit))
    if as_json:
        print(json.dumps({"items": found}, ensure_ascii=False))
        return
    columns = (say("time"), say("service"), say("principal"), say("what"), say("outcome"), say("why"), say("about"))
    table = Table(*columns, box=None, header_style="bold")
    for entry in found:
        repeated = f" ×{entry['times']}" if entry["times"] > 1 else ""
        about = ", ".join(entry["objects"][:3]) + (" …" if len(entry["objects"]) > 3 else "")
        at = second(local(entry["at"]))
        cells = (at, entry["service"], entry["principal"], entry["what"], term(entry["outcome"]) + repeated)
        table.add_row(*map(escape, (*cells, entry["reason"] or "", about)))
    Console(width=200, highlight=False).print(table if found else say("Nothing is in the log."))


async def _entries(services: Sequence[Service], asked: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    """The newest of all services together."""
    found = []
    async with open_client(find_target()) as client:
        for service in services:
            found += [{"service": service} | entry for entry in await _of(client, service, asked, limit)]
    return sorted(found, key=lambda entry: str(entry["id"]), reverse=True)[:limit]


async def _of(client: Any, service: Service, asked: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = None
    while len(items) < limit:
        page = await client.get(service, "/v1/audit", limit=min(PAGE, limit - len(items)), cursor=cursor, **asked)
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    return items
