"""`linli cases`: the cases, in an order, and what is looked for among them."""

import asyncio
import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli.contracts.kinds import Kind
from linli.contracts.workflow.case import CaseState
from linli_cli.cases.case_words import due, marks, minute, named
from linli_cli.cases.choosing import find_cases
from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, term
from linli_cli.terminal.times import local, zone_of

ID_WIDTH = 36
TABLE_WIDTH = 120
"""Columns, without the ids of other cases; a narrower terminal would cut an id or leave nothing for party and title."""


class Sort(StrEnum):
    """The orders of workflow's API."""

    NEWEST = "newest"
    AGE = "age"
    DUE = "due"
    UPDATED = "updated"


def cases(
    q: Annotated[
        str | None,
        typer.Option("--q", metavar="WORDS", help="Only those with all of these words in title, text or place."),
    ] = None,
    external_id: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Only those with this number of the hotline's.")
    ] = None,
    resident: Annotated[
        str | None,
        typer.Option(metavar="WHO", help="Only a resident's, by telephone number or e-mail; `-` reads it from stdin."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only those opened then or later: 2026-11-24, or an age as 3d.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Only those opened before then.")] = None,
    called_since: Annotated[
        str | None, typer.Option(metavar="TIME", help="The same by when the call was made.")
    ] = None,
    called_until: Annotated[str | None, typer.Option(metavar="TIME")] = None,
    sort: Annotated[
        Sort,
        typer.Option(metavar="ORDER", help="newest; age: who called first; due: what is owed first; updated: last."),
    ] = Sort.NEWEST,
    state: Annotated[
        CaseState | None, typer.Option(metavar="STATE", help=f"Only those that stand so: {', '.join(CaseState)}.")
    ] = None,
    party: Annotated[str | None, typer.Option(metavar="ID", help="Only those of this party.")] = None,
    kind: Annotated[Kind | None, typer.Option(metavar="KIND", help=f"Only those: {', '.join(Kind)}.")] = None,
    neighbourhood: Annotated[str | None, typer.Option(metavar="ID", help="Only those of this neighbourhood.")] = None,
    category: Annotated[
        str | None, typer.Option(metavar="ID", help="Only those of this category and of those below it.")
    ] = None,
    community: Annotated[str | None, typer.Option(metavar="ID", help="Only those of this community.")] = None,
    awaiting_follow_up: Annotated[
        bool, typer.Option("--awaiting-follow-up", help="Only those that are resolved and not answered: whom to call.")
    ] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those of which a deadline was missed.")] = False,
    escalated_to: Annotated[
        str | None, typer.Option(metavar="ID", help="Only those that have come up to this level.")
    ] = None,
    part_of: Annotated[str | None, typer.Option(metavar="CASE", help="Only the parts of this case.")] = None,
    merged_into: Annotated[str | None, typer.Option(metavar="CASE", help="Only those that follow this case.")] = None,
    merged: Annotated[bool, typer.Option("--merged", help="With those that follow another case.")] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """List cases: who is responsible, and when the next thing is owed. One in full: linli case CASE

    For a party, neighbourhood or category its name will do where no other has it.
    """
    wanted: dict[str, str | None] = {"party": party, "neighbourhood": neighbourhood, "category": category}
    wanted |= {"community": community, "escalated_to": escalated_to, "state": state, "kind": kind}
    wanted |= {"awaiting_follow_up": "true" if awaiting_follow_up else None}
    wanted |= {"merged": "true" if merged else None, "overdue": "true" if overdue else None}
    wanted |= {"merged_into": merged_into, "part_of": part_of, "q": q, "external_id": external_id, "sort": sort}
    wanted |= {"since": since, "until": until, "called_since": called_since, "called_until": called_until}
    with errors_shown():
        wanted |= {"resident": sys.stdin.readline().strip() if resident == "-" else resident}
        found, total = asyncio.run(_cases(wanted, limit))
    if as_json:
        print(json.dumps({"items": found, "total": total}, ensure_ascii=False))
    else:
        console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
        show(found, console)
        shown = [at for case in found for at in (case["submitted_at"], due(case)) if at]
        zones = {zone_of(local(at)) for at in shown}
        message = say("{count} of {total}.", count=len(found), total=total)
        message += say(" Times are {zones}.", zones=say(" or ").join(sorted(zones))) if zones else ""
        console.print(message)


def show(found: list[dict[str, Any]], console: Console) -> None:
    """A table where it fits, else two lines per case."""
    ids_shown = any(case["merged_into"] or case["part_of"] for case in found)
    if console.width >= TABLE_WIDTH + (ID_WIDTH if ids_shown else 0):
        console.print(_table(found))
        return
    for case in found:
        console.print(_in_two_lines(case), soft_wrap=True)


async def _cases(wanted: Mapping[str, str | None], limit: int) -> tuple[list[dict[str, Any]], int]:
    async with open_client(find_target()) as client:
        return await find_cases(client, wanted, limit)


def _table(found: list[dict[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold")
    table.add_column(term("id"), no_wrap=True, min_width=ID_WIDTH)
    for narrow in ("version", "called", "state", "due"):
        table.add_column(term(narrow), no_wrap=True)
    table.add_column(term("party"), overflow="fold")
    table.add_column(
        term("title"), overflow="fold", min_width=max((_longest_word(marks(case)) for case in found), default=0)
    )
    for case in found:
        table.add_row(
            case["id"],
            str(case["version"]),
            minute(case["submitted_at"]),
            term(case["state"]),
            minute(due(case)),
            escape(named(case["party"])),
            escape("\n".join(part for part in (case["title"], marks(case)) if part)),
        )
    return table


def _longest_word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _in_two_lines(case: dict[str, Any]) -> str:
    """What goes into `act` first and whole, whatever the terminal's width; then what a person knows it by."""
    by = due(case)
    first = f"{case['id']}  v{case['version']}  {term(case['state'])}"
    first += f"  {term('due')} {minute(by)}" if by else ""
    second = [escape(part) for part in (named(case["party"]), case["title"], marks(case)) if part]
    return f"{first}\n    {'  '.join(second)}"
