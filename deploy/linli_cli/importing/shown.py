"""What `linli import` tells: how it understood a file, before the first row is sent, and what became of the rows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from linli_cli.community.names import Names
from linli_cli.importing.columns import Columns
from linli_cli.importing.files import own_columns
from linli_cli.importing.rows import AS_WRITTEN, is_content_id
from linli_cli.importing.run import ROWS_SHOWN, Item, Rejection, Tally
from linli_cli.importing.tables.dates import Reading
from linli_cli.importing.tables.reading import OpenTable
from linli_cli.terminal.language import say, term
from linli_cli.terminal.words import counted

LEFT_OUT_SHOWN = 10


def understood(table: OpenTable, columns: Columns, dates: Reading) -> dict[str, Any]:
    """For a script."""
    form = table.form
    about: dict[str, Any] = {"encoding": form.encoding, "separator": form.separator, "sheet": form.sheet}
    taken = {name: table.header[at] for name, at in sorted(columns.at.items(), key=lambda pair: pair[1])}
    return {name: value for name, value in about.items() if value is not None} | {
        "header_row": table.header_line,
        "columns": taken,
        "not_taken": unused(table, columns),
        "dates": dates.summary(),
        "rows": table.count,
        "left_out": {str(line): why for line, why in table.left_out.items()},
    }


def unused(table: OpenTable, columns: Columns) -> list[str]:
    """The columns that nothing is taken from."""
    ours = own_columns(table.header)
    return [name for name in columns.unused if name not in ours]


def lines_of(file: Path, table: OpenTable, columns: Columns, dates: Reading) -> Iterator[str]:
    """The same for people."""
    form = table.form
    kind = (
        say("{encoding}, cells separated by {separator}", encoding=form.encoding, separator=say(form.separator or ""))
        if form.sheet is None
        else say("sheet {sheet}", sheet=form.sheet)
    )
    above = say(", below {rows} that name no columns", rows=counted(table.above, "row")) if table.above else ""
    yield say(
        "{file}: {kind}; the header is row {line}{above}; {rows}.",
        file=file,
        kind=kind,
        line=table.header_line,
        above=above,
        rows=counted(table.count, "row"),
    )
    pairs = sorted(columns.at.items(), key=lambda pair: pair[1])
    yield say("Taken over: ") + say(", ").join(f"{term(name)} ← {table.header[at]}" for name, at in pairs) + say(".")
    if left := unused(table, columns):
        yield say("Not taken over: the columns {columns}.", columns=", ".join(left))
    if columns.at.keys() & {"submitted_at", "day"}:
        yield say("Dates as {dates}.", dates=dates.summary())
    if "id" not in columns.at:
        yield say("No column is an id: a row with the same content as an earlier one is taken for the same message.")
    if form.other_sheets:
        yield say("Not read: the sheets {sheets}; say --sheet NAME for another.", sheets=", ".join(form.other_sheets))
    shown = list(table.left_out.items())[:LEFT_OUT_SHOWN]
    more = say(" and {more} more", more=len(table.left_out) - len(shown)) if len(table.left_out) > len(shown) else ""
    if shown:
        yield say(
            "Left out: {rows}{more}.",
            rows=", ".join((say("row {line} ({why})", line=line, why=why) for line, why in shown)),
            more=more,
        )


def untaken_lines(tally: Tally) -> Iterator[str]:
    """Cells that rows were taken without."""
    for name, count in sorted(tally.untaken.items()):
        first = ", ".join(map(str, sorted(tally.untaken_rows[name])))
        more = ", …" if count > len(tally.untaken_rows[name]) else ""
        rows = counted(count, "row was", "rows were")
        yield say(
            "{rows} taken without all of its {name}: {first}{more}. The words stand in the case.",
            rows=rows,
            name=term(name),
            first=first,
            more=more,
        )


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
    settled = say("; {cases} with a party or in triage", cases=counted(tally.settled, "is", "are")) if wait else ""
    return say(
        "{rows}: {accepted} accepted, {duplicates} known already, {rejected} rejected{settled}; {seconds} s.",
        rows=counted(tally.rows, "row"),
        accepted=len(tally.accepted_ids),
        duplicates=tally.duplicates,
        rejected=len(tally.rejections),
        settled=settled,
        seconds=seconds,
    )


def samples(items: Sequence[Item], rejections: Sequence[Rejection]) -> list[dict[str, Any]]:
    """The first rows as they would be sent, for a script."""
    taken = [{"row": item.row.line, "submission": item.body} for item in items]
    return taken + [{"row": each.row.line, "rejected": each.reason} for each in rejections]


def sample_lines(items: Sequence[Item], rejections: Sequence[Rejection], names: Names, zone: ZoneInfo) -> Iterator[str]:
    """The same for people, with names and in the community's time."""
    for line, text in sorted(
        [(item.row.line, say("; ").join(_in_words(item.body, names, zone))) for item in items]
        + [(each.row.line, say("REJECTED: {reason}", reason=each.reason)) for each in rejections]
    ):
        yield say("row {line}: {said}", line=line, said=text)


def doubt_lines(tally: Tally) -> Iterator[str]:
    """What of the whole file would be left out, or not taken at all."""
    for name, count in sorted(tally.untaken.items()):
        yield say(
            "{name}: {cells} not understood, in row {first}{more}.",
            name=term(name),
            cells=counted(count, "cell is", "cells are"),
            first=", ".join(map(str, tally.untaken_rows[name])),
            more=", …" if count > len(tally.untaken_rows[name]) else "",
        )
    if tally.rejections:
        first = sorted(each.row.line for each in tally.rejections)
        yield say(
            "{rows} to be rejected: {first}{more}.",
            rows=counted(len(first), "row is", "rows are"),
            first=", ".join(map(str, first[:ROWS_SHOWN])),
            more=", …" if len(first) > ROWS_SHOWN else "",
        )


def doubts(tally: Tally) -> dict[str, Any]:
    """The same for a script."""
    return {
        "untaken": dict(tally.untaken),
        "untaken_rows": dict(tally.untaken_rows),
        "rejected": len(tally.rejections),
    }


def _in_words(body: Mapping[str, Any], names: Names, zone: ZoneInfo) -> Iterator[str]:
    """`number 4711; title: 停水; called: 2026-11-23 12:00; neighbourhood: 槐荫里 …`"""
    reporter = body.get("reporter") or {}
    values = {
        "number": None if is_content_id(body["external_id"]) else body["external_id"],
        "called": body.get("submitted_at") and _local(body["submitted_at"], zone),
        "kind": term(body["kind"]),
        "title": body["title"],
        "text": body.get("text"),
        "neighbourhood": body.get("neighbourhood") and names.neighbourhood(body["neighbourhood"]),
        "category": body.get("category") and names.category(body["category"]),
        "place": body.get("place"),
        "location": body.get("location") and f"{body['location']['lon']},{body['location']['lat']}",
        **{name: reporter.get(name) for name in ("name", "phone", "email", "address", "language")},
    }
    for name, value in values.items():
        if value:
            yield f"{term(name)}{say(': ')}{value}"
    for name, words in (body.get("attributes") or {}).items():
        field = term(name.removeprefix(AS_WRITTEN))
        yield say("not understood as {field}: {words}", field=field, words=words)


def _local(time: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(time).astimezone(zone):%Y-%m-%d %H:%M}"
