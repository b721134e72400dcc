"""`linli report`: the three rates of a month, as a table for an office."""

import asyncio
import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
import xlsxwriter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.client import Client, open_client
from linli_cli.community_commands import community_of, the_community
from linli_cli.errors import CliError, errors_shown
from linli_cli.target import find_target

SHEETS = {"all": "总计", "party": "责任方", "level": "层级", "category": "类别", "neighbourhood": "小区"}
COLUMNS = ("编号", "名称", "事项数", "办结数", "督办数", "退单数", "回访数", "响应率", "解决率", "满意率")
RATES = ("response", "resolution", "satisfaction")


def report(
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="Cases that were opened in this month.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="FILE.xlsx or FILE.csv.")] = None,
    community: Annotated[
        str | None, typer.Option(metavar="ID", help="Whose cases. Default: the only community there is.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Response, resolution and satisfaction rates of a month, by party, level, category and neighbourhood."""
    with errors_shown():
        if out is not None and out.suffix.lower() not in {".xlsx", ".csv"}:
            raise CliError(f"{out}: neither .xlsx nor .csv.", "Name the file REPORT.xlsx or REPORT.csv.")
        found = asyncio.run(_measure(_first_day(month), community))
        if out is not None:
            try:
                _write_xlsx(out, found) if out.suffix.lower() == ".xlsx" else _write_csv(out, found)
            except OSError as error:
                raise CliError(f"{out} cannot be written: {error.strerror}", "Choose another file.") from error
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        _show(found, Console(highlight=False))
        if out is not None:
            print(f"Written to {out}.")


def _first_day(month: str) -> datetime:
    try:
        return datetime.strptime(month, "%Y-%m")  # noqa: DTZ007 - its zone is the community's, which is not known yet
    except ValueError as error:
        raise CliError(f"'{month}' is not a month.", "Write it as 2026-11.") from error


async def _measure(first: datetime, community: str | None) -> dict[str, list[dict[str, Any]]]:
    async with open_client(find_target()) as client:
        id_ = community or await the_community(client)
        zone = ZoneInfo((await community_of(client, id_)).timezone)
        after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        period = {
            "opened_from": first.replace(tzinfo=zone).isoformat(),
            "opened_before": after.replace(tzinfo=zone).isoformat(),
        }
        return {by: await _rows(client, id_, by, period) for by in SHEETS}


async def _rows(client: Client, community: str, by: str, period: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.get("workflow", "/v1/stats", community=community, by=by, **period)
    rows: list[dict[str, Any]] = answer["rows"]
    return rows


def _cells(row: dict[str, Any]) -> list[Any]:
    counts = [row["cases"], row["resolved"], row["escalated"], row["returns"] or 0, row["response"]["of"]]
    return [row["key"] or "", row["name"] or "", *counts, *(row[name]["rate"] for name in RATES)]


def _write_csv(path: Path, found: dict[str, list[dict[str, Any]]]) -> None:
    """One table, with a byte order mark: spreadsheets take it for UTF-8 then."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(("分类", *COLUMNS))
        writer.writerows([title, *map(_text, _cells(row))] for by, title in SHEETS.items() for row in found[by])


def _text(cell: Any) -> Any:
    """A spreadsheet takes a text that begins like a formula for one."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell


def _write_xlsx(path: Path, found: dict[str, list[dict[str, Any]]]) -> None:
    try:
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            head, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
            for by, title in SHEETS.items():
                sheet = book.add_worksheet(title)
                sheet.write_row(0, 0, COLUMNS, head)
                for number, row in enumerate(found[by], start=1):
                    cells = _cells(row)
                    sheet.write_row(number, 0, cells[: -len(RATES)])
                    sheet.write_row(number, len(cells) - len(RATES), cells[-len(RATES) :], percent)
                sheet.freeze_panes(1, 0)
                sheet.set_column(0, 1, 24)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise CliError(f"{path} cannot be written: {error}", "Choose another file.") from error


def _show(found: dict[str, list[dict[str, Any]]], console: Console) -> None:
    for by, title in SHEETS.items():
        table = Table(box=None)
        table.add_column(title, overflow="fold", min_width=8)
        for column in COLUMNS[2:]:
            table.add_column(column, no_wrap=True)
        for row in found[by]:
            *_, response, resolution, satisfaction = cells = _cells(row)
            shares = ("-" if rate is None else f"{rate:.1%}" for rate in (response, resolution, satisfaction))
            table.add_row(escape(row["name"] or row["key"] or "-"), *map(str, cells[2:7]), *shares)
        console.print(table)
