"""`linli import`."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from linli.contracts.kinds import Channel, Kind
from linli_cli.client import Client, open_client
from linli_cli.community_commands import community_of, loaded_communities
from linli_cli.errors import CliError, UsageFault, errors_shown
from linli_cli.import_rows import FIELDS, Columns, ColumnsUnclear, Defaults, defaults_for, match_columns
from linli_cli.import_run import Rejection, Tally, prepare, send, wait_for_cases
from linli_cli.spreadsheet_cells import private_file, write_csv
from linli_cli.tables import Table, UnreadableTable, read_table
from linli_cli.target import find_target
from linli_cli.words import counted

OWN_COLUMNS = ("row", "reason")
"""What a file of rejected rows has before the columns of the file that they stood in."""
ROWS_REJECTED = 3
"""Exit code: every row is accounted for, and some of them were not taken."""
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
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV (UTF-8 or GB18030) or XLSX with a header row.")],
    channel: Annotated[
        Channel, typer.Option(metavar="CHANNEL", help=f"Where the messages came from: {', '.join(Channel)}.")
    ] = Channel.HOTLINE,
    kind: Annotated[
        Kind, typer.Option(metavar="KIND", help=f"What a row is where no column says: {', '.join(Kind)}.")
    ] = Kind.REPORT,
    community: Annotated[str | None, typer.Option(metavar="ID", help="Needed when several are loaded.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Only the first N rows.")] = None,
    chosen: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="FIELD=COLUMN", help=f"Take a field from a column; may be repeated. {', '.join(FIELDS)}."
        ),
    ] = None,
    wait: Annotated[bool, typer.Option(help="Wait until every accepted row is a dispatched or triaged case.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Import a file of messages; each row ends with a responsible party or in triage.

    Repeating an import creates nothing twice. Rows that cannot be taken go to FILE.rejected.csv, each with the reason.
    Corrected there, they can be imported from that file.

    Exit code 0: every row was taken. 3: some were rejected, the others are in. 1: not every row is accounted for.
    """
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    with errors_shown():
        table, columns = _read(file, _chosen(chosen or []))
        if unused := [name for name in columns.unused if name not in OWN_COLUMNS or not _is_rejections(table)]:
            console.print(f"Not taken over: the columns {', '.join(unused)}.", markup=False)
        if not table.rows:
            console.print(
                f"{file} has a header ({', '.join(table.header)}) and no row below it. Of a workbook the first sheet "
                "is read; is this the right file?",
                markup=False,
            )
        started = time.monotonic()
        choices = Choices(channel, kind, community, limit, wait)
        tally, trouble = asyncio.run(_import(table, columns, choices, console))
        seconds = round(time.monotonic() - started, 1)
        _keep_rejections(file, table, tally, console)
        _tell(tally, seconds, wait=wait, as_json=as_json)
        if trouble:
            trouble.hint = f"{trouble.hint}\nNothing is created twice: run the same command again.".strip()
            raise trouble
        if not tally.complete or (wait and tally.settled < len(tally.accepted_ids)):
            raise typer.Exit(1)
        if tally.rejections:
            raise typer.Exit(ROWS_REJECTED)


async def _import(table: Table, columns: Columns, choices: Choices, console: Console) -> tuple[Tally, CliError | None]:
    """The rows' fate as far as it came, and what stopped it there."""
    target = find_target()
    async with open_client(target) as client:  # a stack that is not running at all is told at once
        defaults = await _defaults(client, choices)
    rows = table.rows[: choices.limit]
    items, rejections = prepare(rows, len(table.header), columns, defaults)
    tally = Tally(rows=len(rows), rejections=rejections)
    async with open_client(target, PATIENCE) as client:
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
        loaded = await loaded_communities(client)
        if not loaded:
            hint = "Load one first: linli community load deploy/community/fushan-road"
            raise CliError("No community is loaded, so nothing can be routed.", hint)
        if len(loaded) > 1:
            raise CliError(f"Several communities are loaded: {', '.join(loaded)}.", "Say which: --community ID")
        community_id = loaded[0]
    community = await community_of(client, community_id)
    return defaults_for(community, choices.channel, choices.kind)


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
        raise UsageFault(f"--map {wrong[0]}: write FIELD=COLUMN, such as --map title=主题")
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


def _keep_rejections(file: Path, table: Table, tally: Tally, console: Console) -> None:
    """FILE.rejected.csv: row number, reason, and the row as it was. No file is replaced: it may hold corrections."""
    if not tally.rejections:
        return
    rows = list(_rejected_rows(table, tally.rejections))
    try:
        target = _write_rejections(file, rows)
    except OSError:
        target = _write_rejections(Path.cwd() / file.name, rows)
    rejected = f"{counted(len(tally.rejections), 'row was', 'rows were')} rejected"
    console.print(f"{rejected}; the reasons are in {target}", markup=False)


def rejections_names(name: str) -> Iterator[str]:
    """For `a.csv`: `a.csv.rejected.csv`, `a.csv.rejected-2.csv`, …; for one of these, those that come after it."""
    again = re.fullmatch(r"(.+)\.rejected(?:-(\d{1,6}))?\.csv", name)
    number = int(again[2] or 1) if again else 0
    if not again:
        yield f"{name}.rejected.csv"
        number = 1
    while True:
        number += 1
        yield f"{again[1] if again else name}.rejected-{number}.csv"


def _is_rejections(table: Table) -> bool:
    return table.header[: len(OWN_COLUMNS)] == OWN_COLUMNS


def _rejected_rows(table: Table, rejections: Sequence[Rejection]) -> Iterator[Sequence[Any]]:
    theirs = len(OWN_COLUMNS) if _is_rejections(table) else 0
    yield [*OWN_COLUMNS, *table.header[theirs:]]
    for rejection in sorted(rejections, key=lambda rejection: rejection.row.line):
        yield [rejection.row.line, rejection.reason, *rejection.row.cells[theirs:]]


def _write_rejections(file: Path, rows: Sequence[Sequence[Any]]) -> Path:
    for name in rejections_names(file.name):
        try:
            with private_file(file.with_name(name)) as output:
                write_csv(output, rows)
            return file.with_name(name)
        except FileExistsError:
            continue
    raise AssertionError  # the names do not end


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
        f"{counted(tally.rows, 'row')}: {figures['accepted']} accepted, {figures['duplicates']} known already, "
        f"{figures['rejected']} rejected"
        + (f"; {counted(tally.settled, 'is', 'are')} with a party or in triage" if wait else "")
        + f"; {seconds} s."
    )
