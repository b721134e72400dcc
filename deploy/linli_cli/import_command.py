"""`linli import`."""

import asyncio
import csv
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import quote
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from linli.contracts.community import Community
from linli.contracts.kinds import Channel, Kind
from linli_cli.client import Client, open_client
from linli_cli.errors import CliError, errors_shown
from linli_cli.import_rows import Columns, ColumnsUnclear, Defaults, match_columns, names_of
from linli_cli.import_run import Rejection, Tally, prepare, send, wait_for_cases
from linli_cli.settings import load_settings
from linli_cli.tables import Table, UnreadableTable, read_table

PATIENCE = 120.0
"""Seconds that a batch or a look-up is tried again while a service is away."""


@dataclass(frozen=True)
class Choices:
    """What the user asked for."""

    channel: Channel
    kind: Kind
    community: str | None
    limit: int | None
    wait: bool


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV (UTF-8 or GB18030) or XLSX with a header row.")],
    channel: Annotated[Channel, typer.Option(help="Where the messages came from.")] = Channel.HOTLINE,
    kind: Annotated[Kind, typer.Option(help="What a row is where no column says.")] = Kind.REPORT,
    community: Annotated[str | None, typer.Option(help="Needed when several are loaded.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N rows.")] = None,
    chosen: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Such as title=主题; may be repeated.")
    ] = None,
    wait: Annotated[bool, typer.Option(help="Wait until every accepted row is a dispatched or triaged case.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Import a file of messages; each row ends with a responsible party or in triage.

    Repeating an import creates nothing twice. Rows that cannot be taken go to FILE.rejected.csv with the reason.
    Exit code 0: every row is accounted for. 1: not.
    """
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    with errors_shown():
        table, columns = _read(file, _chosen(chosen or []))
        if columns.unused:
            console.print(f"Not taken over: the columns {', '.join(columns.unused)}.", markup=False)
        started = time.monotonic()
        choices = Choices(channel, kind, community, limit, wait)
        tally, trouble = asyncio.run(_import(table, columns, choices, console))
        seconds = round(time.monotonic() - started, 1)
        _keep_rejections(file, table, tally, console, whole=limit is None)
        _tell(tally, seconds, wait=wait, as_json=as_json)
        if trouble:
            trouble.hint = f"{trouble.hint}\nNothing is created twice: run the same command again.".strip()
            raise trouble
        if not tally.complete or (wait and tally.settled < len(tally.accepted_ids)):
            raise typer.Exit(1)


async def _import(table: Table, columns: Columns, choices: Choices, console: Console) -> tuple[Tally, CliError | None]:
    """The rows' fate as far as it came, and what stopped it there."""
    settings = load_settings()
    async with open_client(settings) as client:  # a stack that is not running at all is told at once
        defaults = await _defaults(client, choices)
    rows = table.rows[: choices.limit]
    items, rejections = prepare(rows, len(table.header), columns, defaults)
    tally = Tally(rows=len(rows), rejections=rejections)
    async with open_client(settings, PATIENCE) as client:
        with _bars(console, tally, wait=choices.wait) as changed:
            try:
                await send(client, items, tally, changed)
                if choices.wait:
                    await wait_for_cases(client, tally, changed)
            except CliError as error:
                return tally, error
    return tally, None


async def _defaults(client: Client, choices: Choices) -> Defaults:
    """What holds for all rows; the community's data say its zone and what its names stand for."""
    community_id = choices.community
    if community_id is None:
        loaded = [head["id"] for head in (await client.get("workflow", "/v1/communities"))["items"]]
        if not loaded:
            hint = "Load one first: linli community load deploy/community/fushan-road"
            raise CliError("No community is loaded, so nothing can be routed.", hint)
        if len(loaded) > 1:
            raise CliError(f"Several communities are loaded: {', '.join(loaded)}.", "Say which: --community ID")
        community_id = loaded[0]
    document = await client.get("workflow", f"/v1/communities/{quote(community_id, safe='')}")
    community = Community.model_validate(document)
    return Defaults(
        channel=choices.channel,
        kind=choices.kind,
        community=community.id,
        zone=ZoneInfo(community.timezone),
        ids_by_name=names_of(community),
    )


def _read(file: Path, chosen: dict[str, str]) -> tuple[Table, Columns]:
    try:
        table = read_table(file)
        return table, match_columns(table.header, chosen)
    except OSError as error:
        raise CliError(f"{file} cannot be read: {error.strerror}.") from error
    except UnreadableTable as error:
        raise CliError(f"{file}{f', line {error.line}' if error.line else ''}: {error}") from error
    except ColumnsUnclear as error:
        raise CliError(f"{file}: {error}") from error


def _chosen(options: Sequence[str]) -> dict[str, str]:
    pairs = [option.partition("=") for option in options]
    if wrong := [field for field, equals, column in pairs if not (field and equals and column)]:
        raise CliError(f"--map {wrong[0]}: write FIELD=COLUMN, such as --map title=主题")
    return {field.strip(): column.strip() for field, _, column in pairs}


class _Rate(ProgressColumn):
    """How many rows a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} rows/s" if speed else "")


@contextmanager
def _bars(console: Console, tally: Tally, *, wait: bool) -> Iterator[Callable[[], None]]:
    """Two bars on stderr; the function that is given redraws them from the tally."""
    parts = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeElapsedColumn()
    with Progress(*parts, console=console) as progress:
        sent = progress.add_task("sent to intake", total=tally.rows)
        cases = progress.add_task("dispatched or in triage", total=None, visible=wait)

        def redraw() -> None:
            progress.update(sent, completed=tally.answered)
            progress.update(cases, completed=tally.settled, total=len(tally.accepted_ids))

        redraw()
        yield redraw
        redraw()


def _keep_rejections(file: Path, table: Table, tally: Tally, console: Console, *, whole: bool) -> None:
    """FILE.rejected.csv: row number, reason, and the row as it was; an old one goes when a whole file passes."""
    target = file.with_name(file.name + ".rejected.csv")
    if not tally.rejections:
        if whole and tally.complete:
            target.unlink(missing_ok=True)
        return
    try:
        _write_rejections(target, table, tally.rejections)
    except OSError:
        target = Path.cwd() / target.name
        _write_rejections(target, table, tally.rejections)
    console.print(f"{len(tally.rejections)} rows were rejected; the reasons are in {target}", markup=False)


def _write_rejections(target: Path, table: Table, rejections: Sequence[Rejection]) -> None:
    with target.open("w", encoding="utf-8-sig", newline="") as output:  # the mark lets spreadsheets see UTF-8
        writer = csv.writer(output)
        writer.writerow(["row", "reason", *table.header])
        for rejection in sorted(rejections, key=lambda rejection: rejection.row.line):
            writer.writerow([rejection.row.line, rejection.reason, *rejection.row.cells])


def _tell(tally: Tally, seconds: float, *, wait: bool, as_json: bool) -> None:
    figures = {
        "rows": tally.rows,
        "accepted": len(tally.accepted_ids),
        "duplicates": tally.duplicates,
        "rejected": len(tally.rejections),
        "cases": tally.settled,
        "seconds": seconds,
    }
    if as_json:
        print(json.dumps(figures))
        return
    print(
        f"{figures['rows']} rows: {figures['accepted']} accepted, {figures['duplicates']} known already, "
        f"{figures['rejected']} rejected"
        + (f"; {figures['cases']} are with a party or in triage" if wait else "")
        + f"; {seconds} s."
    )
