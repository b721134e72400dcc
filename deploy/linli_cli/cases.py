"""`linli cases`: the cases, newest first."""

import asyncio
import json
import sys
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli.contracts.case import CaseState
from linli.contracts.kinds import Kind
from linli_cli.client import open_client
from linli_cli.errors import errors_shown
from linli_cli.settings import load_settings

PAGE = 200


def cases(
    state: Annotated[CaseState | None, typer.Option(help="Only those that stand so.")] = None,
    party: Annotated[str | None, typer.Option(help="Only those of this party (its id).")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only those of this kind.")] = None,
    neighbourhood: Annotated[str | None, typer.Option(help="Only those of this neighbourhood (its id).")] = None,
    category: Annotated[str | None, typer.Option(help="Only those of this category and below.")] = None,
    community: Annotated[str | None, typer.Option(help="Only those of this community.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """List cases, newest first: who is responsible, and until when."""
    filters = {"party": party, "neighbourhood": neighbourhood, "category": category, "community": community}
    with errors_shown():
        found, total = asyncio.run(_cases({**filters, "state": state, "kind": kind}, limit))
    if as_json:
        print(json.dumps({"items": found, "total": total}, ensure_ascii=False))
    else:
        console = Console(width=None if sys.stdout.isatty() else 160)
        console.print(_table(found))
        console.print(f"{len(found)} of {total}.")


async def _cases(filters: dict[str, Any], limit: int) -> tuple[list[dict[str, Any]], int]:
    """The first `limit` cases, page by page, and how many there are in all."""
    found: list[dict[str, Any]] = []
    cursor, total = None, 0
    async with open_client(load_settings()) as client:
        while len(found) < limit:
            count = None if cursor else "true"
            size = min(PAGE, limit - len(found))
            page = await client.get("workflow", "/v1/cases", **filters, limit=size, cursor=cursor, count=count)
            found += page["items"]
            total = total if cursor else page["total"]
            cursor = page["next"]
            if cursor is None:
                break
    return found, total


def _table(found: list[dict[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold")
    for narrow in ("id", "opened", "state", "due"):
        table.add_column(narrow, no_wrap=True)
    for wide in ("party", "title"):
        table.add_column(wide, overflow="fold")
    for case in found:
        party = case["party"] or {}
        table.add_row(
            case["id"],
            _when(case["opened_at"]),
            case["state"],
            _when(case["resolve_by"]),
            escape(party.get("name") or party.get("id") or ""),
            escape(case["title"]),
        )
    return table


def _when(moment: str | None) -> str:
    return datetime.fromisoformat(moment).astimezone().strftime("%m-%d %H:%M") if moment else ""
