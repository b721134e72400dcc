"""`linli import`."""

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from linli.contracts.kinds import Channel, Kind
from linli_cli.community.commands import community_of
from linli_cli.community.names import Names
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target
from linli_cli.importing import shown as import_shown
from linli_cli.importing.columns import COLUMN_FIELDS, FIELDS, Columns, ColumnsUnclear, match_columns, wanted_columns
from linli_cli.importing.files import keep_receipts, keep_rejections
from linli_cli.importing.rows import Defaults, defaults_for
from linli_cli.importing.run import Item, Tally, prepared, send, wait_for_cases
from linli_cli.importing.tables import UnreadableTable
from linli_cli.importing.tables.dates import Order, Reading
from linli_cli.importing.tables.reading import Asked, OpenTable, open_table
from linli_cli.terminal.errors import CliError, UsageFault, errors_shown
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say, sentence
from linli_cli.terminal.words import counted

PATIENCE = 120.0
"""Seconds that a batch or a look-up is tried again while a service is away."""
ROWS_REJECTED = 3
"""Exit code: every row is accounted for, and some of them were not taken."""
SAMPLE_ROWS = 10


@dataclass(frozen=True)
class Choices:
    """What the user asked for."""

    channel: Channel
    kind: Kind
    community: str | None
    order: Order
    strict: bool
    due_from_call: bool
    limit: int | None
    wait: bool
    receipts: bool


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or other separated text, XLSX, XLS or ODS.")],
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
            "--map",
            metavar="FIELD=COLUMN",
            help=f"Take a field from a column, or from none (FIELD=-); may be repeated. {', '.join(FIELDS)}.",
        ),
    ] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="Of the text, such as gb18030 or big5.")] = None,
    separator: Annotated[str | None, typer.Option(metavar="CHARACTER", help="Between cells; 'tab' for a tab.")] = None,
    sheet: Annotated[str | None, typer.Option(metavar="NAME", help="Of a workbook, by name or number.")] = None,
    header_row: Annotated[int | None, typer.Option(min=1, metavar="N", help="The row that names the columns.")] = None,
    dates: Annotated[Order, typer.Option(help="The order in dates like 11/03/2026.")] = Order.YMD,
    strict: Annotated[bool, typer.Option("--strict", help="Reject a row for any cell that cannot be taken.")] = False,
    due_from_call: Annotated[
        bool, typer.Option("--due-from-call", help="Count deadlines from each row's time, not from now.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Show what was understood, the first ten rows and what of all is doubtful; send nothing."
        ),
    ] = False,
    receipts: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what became of each row, with its tracking code, as CSV.")
    ] = None,
    wait: Annotated[bool, typer.Option(help="Wait until every accepted row is a dispatched or triaged case.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Import a file of messages; each row ends with a responsible party or in triage.

    Repeating an import creates nothing twice. A cell that cannot be taken (an unknown neighbourhood, no telephone
    number) is told of, and its words stand in the case. Rows that cannot be taken go to FILE.rejected.csv, each with
    the reason. Corrected there, they can be imported from that file.

    Exit code 0: every row was taken. 3: some were rejected, the others are in. 1: not every row is accounted for.
    """
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    with errors_shown():
        if receipts is not None:
            _can_be_made(receipts)
        picked = _chosen(chosen or [])
        asked = Asked(encoding, _separator(separator), header_row, sheet)
        choices = Choices(*(channel, kind, community, dates, strict, due_from_call), limit, wait, receipts is not None)
        with _opened(file, picked, asked) as (table, columns):
            _calls_are_dated(columns, choices)
            defaults, names = asyncio.run(_defaults(choices, table))
            if not table.count:
                header = ", ".join(table.header)
                message = say(
                    "{file} has a header ({header}) and no row below it; is this the right file?",
                    file=file,
                    header=header,
                )
                console.print(message, markup=False)
            if not (dry_run and as_json):
                for line in import_shown.lines_of(file, table, columns, defaults.dates):
                    console.print(line, markup=False)
            if dry_run:
                _show_only(table, columns, defaults, names, choices, as_json=as_json)
                return
            _import_and_tell(file, table, columns, defaults, choices, receipts, console, as_json=as_json)


def _import_and_tell(
    file: Path,
    table: OpenTable,
    columns: Columns,
    defaults: Defaults,
    choices: Choices,
    receipts: Path | None,
    console: Console,
    *,
    as_json: bool,
) -> None:
    started = time.monotonic()
    tally, trouble = asyncio.run(_import(table, columns, defaults, choices, console))
    seconds = round(time.monotonic() - started, 1)
    if tally.rejections:
        kept = keep_rejections(file, table.header, tally.rejections)
        rejected = counted(len(tally.rejections), "row was", "rows were")
        console.print(say("{rejected} rejected; the reasons are in {kept}", rejected=rejected, kept=kept), markup=False)
    for line in import_shown.untaken_lines(tally):
        console.print(line, markup=False)
    if receipts is not None:
        keep_receipts(receipts, tally.receipts or [])
    if as_json:
        read = import_shown.understood(table, columns, defaults.dates)
        print(json.dumps(import_shown.figures(tally, seconds) | {"read": read}, ensure_ascii=False))
    else:
        print(import_shown.outcome(tally, seconds, wait=choices.wait))
    if trouble:
        trouble.hint = say("{hint}\nNothing is created twice: run the same command again.", hint=trouble.hint).strip()
        raise trouble
    if not tally.complete or (choices.wait and tally.settled < len(tally.accepted_ids)):
        raise typer.Exit(1)
    if tally.rejections:
        raise typer.Exit(ROWS_REJECTED)


async def _import(
    table: OpenTable, columns: Columns, defaults: Defaults, choices: Choices, console: Console
) -> tuple[Tally, CliError | None]:
    """The rows' fate as far as it came, and what stopped it there."""
    tally = Tally(rows=min(table.count, choices.limit or table.count), receipts=[] if choices.receipts else None)
    items = prepared(islice(table.rows(), choices.limit), len(table.header), columns, defaults, tally)
    async with open_client(find_target(), PATIENCE) as client:
        with _bars(console, tally, wait=choices.wait) as changed:
            try:
                await send(client, items, tally, changed)
                if choices.wait:
                    await wait_for_cases(client, tally, changed)
            except CliError as error:
                return tally, error
    return tally, None


def _show_only(
    table: OpenTable, columns: Columns, defaults: Defaults, names: Names, choices: Choices, *, as_json: bool
) -> None:
    """The first rows as they would be sent, and what of all of them is not understood."""
    tally = Tally(rows=0)
    items = list[Item]()
    first = [row.line for row in islice(table.rows(), min(SAMPLE_ROWS, choices.limit or SAMPLE_ROWS))]
    for item in prepared(islice(table.rows(), choices.limit), len(table.header), columns, defaults, tally):
        tally.leaves_out(item)
        if item.row.line in first:
            items.append(item)
    rejections = [each for each in tally.rejections if each.row.line in first]
    if as_json:
        read = import_shown.understood(table, columns, defaults.dates)
        sample = import_shown.samples(items, rejections)
        print(json.dumps({"read": read, "sample": sample} | import_shown.doubts(tally), ensure_ascii=False))
        return
    for line in import_shown.sample_lines(items, rejections, names, defaults.dates.zone):
        print(line)
    for line in import_shown.doubt_lines(tally):
        print(line)
    print(say("Nothing was sent."))


async def _defaults(choices: Choices, table: OpenTable) -> tuple[Defaults, Names]:
    """What holds for all rows; the community's data say its zone, what its names stand for and what is called so."""
    async with open_client(find_target()) as client:  # a stack that is not running at all is told at once
        community = await community_of(client, await the_community(client, choices.community))
    dates = Reading(ZoneInfo(community.timezone), choices.order, table.form.from_1904)
    defaults = defaults_for(
        *(community, choices.channel, choices.kind, dates),
        strict=choices.strict,
        due_from_call=choices.due_from_call,
    )
    return defaults, Names.of(community)


@contextmanager
def _opened(file: Path, chosen: dict[str, str], asked: Asked) -> Iterator[tuple[OpenTable, Columns]]:
    """The file as a table with its columns. What is wrong with it is told with the file's name."""
    with ExitStack() as stack:
        try:
            table = stack.enter_context(open_table(file, COLUMN_FIELDS, wanted_columns(chosen), asked))
            columns = match_columns(table.header, chosen)
            _calculated(table, columns)
        except OSError as error:
            raise CliError(say("{file} cannot be read: {strerror}.", file=file, strerror=of_file(error))) from error
        except UnreadableTable as error:
            where = sentence("{file}, line {line}: {fault}") if error.line else sentence("{file}: {fault}")
            raise CliError(say(where, file=file, line=error.line, fault=error)) from error
        except ColumnsUnclear as error:
            raise CliError(say("{file}: {fault}", file=file, fault=error)) from error
        yield table, columns


def _calculated(table: OpenTable, columns: Columns) -> None:
    """Raise where a cell that is taken over is a formula that has no result yet."""
    columns_taken = set(columns.at.values())
    empty = sorted(place for place in table.form.not_calculated if place[1] in columns_taken)
    if empty:
        line, column = empty[0]
        many = counted(len(empty), "cell is", "cells are")
        raise UnreadableTable(
            say(
                "{cells} a formula whose result was never worked out, such as that of {header} here; "
                "open the file in Excel or WPS, save it, and try again",
                cells=many,
                header=table.header[column],
            ),
            line,
        )


def _calls_are_dated(columns: Columns, choices: Choices) -> None:
    if choices.due_from_call and not columns.at.keys() & {"submitted_at", "day"}:
        hint = say("Name the column that does: --map submitted_at=COLUMN")
        raise CliError(say("No column says when a call was made, so no deadline can count from it."), hint)


def _can_be_made(receipts: Path) -> None:
    """Raise before the first row is sent, and not when their codes are to be written."""
    if receipts.exists():
        raise CliError(
            say("{receipts} is there already.", receipts=receipts), say("Choose another file for the receipts.")
        )
    if not os.access(receipts.parent, os.W_OK | os.X_OK):
        raise CliError(
            say("{receipts} cannot be written there.", receipts=receipts), say("Choose another file for the receipts.")
        )


def _separator(text: str | None) -> str | None:
    separator = {"tab": "\t", "\\t": "\t"}.get((text or "").lower(), text)
    if separator is not None and (len(separator) != 1 or separator in '"\r\n'):
        raise UsageFault(say("--separator: write one character, or tab"))
    return separator


def _chosen(options: Sequence[str]) -> dict[str, str]:
    pairs = [option.partition("=") for option in options]
    if wrong := [field for field, equals, column in pairs if not (field and equals and column)]:
        hint = say("such as --map title=主题, or --map neighbourhood=- to take it from no column")
        raise UsageFault(say("--map {wrong}: write FIELD=COLUMN, {hint}", wrong=wrong[0], hint=hint))
    return {field.strip(): column.strip() for field, _, column in pairs}


class _Rate(ProgressColumn):
    """How many rows a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(say("{speed:,.0f} rows/s", speed=speed) if speed else "")


@contextmanager
def _bars(console: Console, tally: Tally, *, wait: bool) -> Iterator[Callable[[], None]]:
    """Two bars on stderr; the function that is given redraws them from the tally."""
    parts = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeElapsedColumn()
    with Progress(*parts, console=console) as progress:
        sent = progress.add_task(say("sent to intake"), total=tally.rows)
        cases = progress.add_task(say("dispatched or in triage"), total=None, visible=wait)

        def redraw() -> None:
            progress.update(sent, completed=tally.answered)
            progress.update(cases, completed=tally.settled, total=len(tally.accepted_ids))

        redraw()
        yield redraw
        redraw()
