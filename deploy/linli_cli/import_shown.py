"""What `linli import` tells: how it understood a file, before the first row is sent, and what became of the rows."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from linli_cli.import_columns import Columns
from linli_cli.import_files import OWN_COLUMNS, is_rejections
from linli_cli.import_run import Item, Tally
from linli_cli.tables.dates import Reading
from linli_cli.tables.reading import OpenTable
from linli_cli.words import counted

LEFT_OUT_SHOWN = 10


def understood(table: OpenTable, columns: Columns, dates: Reading) -> dict[str, Any]:
    """For a script."""
    form = table.form
    about: dict[str, Any] = {"encoding": form.encoding, "separator": form.separator, "sheet": form.sheet}
    taken = {name: table.header[at] for name, at in sorted(columns.at.items(), key=lambda pair: pair[1])}
    return {name: said for name, said in about.items() if said is not None} | {
        "header_row": table.header_line,
        "columns": taken,
        "not_taken": unused(table, columns),
        "dates": dates.said(),
        "rows": table.count,
        "left_out": {str(line): why for line, why in table.left_out.items()},
    }


def unused(table: OpenTable, columns: Columns) -> list[str]:
    """The columns that nothing is taken from."""
    ours = OWN_COLUMNS if is_rejections(table.header) else ()
    return [name for name in columns.unused if name not in ours]


def lines_of(file: Path, table: OpenTable, columns: Columns, dates: Reading) -> Iterator[str]:
    """The same for people."""
    form = table.form
    kind = f"{form.encoding}, cells separated by {form.separator}" if form.sheet is None else f"sheet {form.sheet}"
    above = f", below {counted(table.above, 'row')} that name no columns" if table.above else ""
    yield f"{file}: {kind}; the header is row {table.header_line}{above}; {counted(table.count, 'row')}."
    pairs = sorted(columns.at.items(), key=lambda pair: pair[1])
    yield "Taken over: " + ", ".join(f"{name} ← {table.header[at]}" for name, at in pairs) + "."
    if left := unused(table, columns):
        yield f"Not taken over: the columns {', '.join(left)}."
    if columns.at.keys() & {"submitted_at", "day"}:
        yield f"Dates as {dates.said()}."
    if "id" not in columns.at:
        yield "No column is an id: a row with the same content as an earlier one is taken for the same message."
    if form.other_sheets:
        yield f"Not read: the sheets {', '.join(form.other_sheets)}; say --sheet NAME for another."
    shown = list(table.left_out.items())[:LEFT_OUT_SHOWN]
    more = f" and {len(table.left_out) - len(shown)} more" if len(table.left_out) > len(shown) else ""
    if shown:
        yield f"Left out: {', '.join(f'row {line} ({why})' for line, why in shown)}{more}."


def untaken_lines(tally: Tally) -> Iterator[str]:
    """Cells that rows were taken without."""
    for name, count in sorted(tally.untaken.items()):
        first = ", ".join(map(str, sorted(tally.untaken_rows[name])))
        more = ", …" if count > len(tally.untaken_rows[name]) else ""
        rows = counted(count, "row was", "rows were")
        yield f"{rows} taken without all of its {name}: {first}{more}. The words stand in the case."


def figures(tally: Tally, seconds: float) -> dict[str, Any]:
    return {
        "rows": tally.rows,
        "accepted": len(tally.accepted_ids),
        "duplicates": tally.duplicates,
        "rejected": len(tally.rejections),
        "cases": tally.settled,
        "seconds": seconds,
        "untaken": dict(tally.untaken),
    }


def outcome(tally: Tally, seconds: float, *, wait: bool) -> str:
    settled = f"; {counted(tally.settled, 'is', 'are')} with a party or in triage" if wait else ""
    return (
        f"{counted(tally.rows, 'row')}: {len(tally.accepted_ids)} accepted, {tally.duplicates} known already, "
        f"{len(tally.rejections)} rejected{settled}; {seconds} s."
    )


def samples(items: Sequence[Item], tally: Tally) -> list[dict[str, Any]]:
    """The first rows as they would be sent, for a script."""
    taken = [{"row": item.row.line, "submission": item.body} for item in items]
    return taken + [{"row": each.row.line, "rejected": each.reason} for each in tally.rejections]


def sample_lines(items: Sequence[Item], tally: Tally) -> Iterator[str]:
    """The same for people."""
    for line, said in sorted(
        [(item.row.line, json.dumps(item.body, ensure_ascii=False)) for item in items]
        + [(each.row.line, f"REJECTED: {each.reason}") for each in tally.rejections]
    ):
        yield f"row {line}: {said}"
