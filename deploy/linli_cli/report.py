"""`linli report`: the three rates of a month, as a table for an office."""

import asyncio
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

from linli_cli import spreadsheet_cells
from linli_cli.client import Client, open_client
from linli_cli.community_commands import community_of, the_community
from linli_cli.errors import CliError, UsageFault, errors_shown
from linli_cli.spreadsheet_cells import CSV_ENCODING, WORKBOOK_OPTIONS
from linli_cli.target import find_target
from linli_cli.words import counted

SHEETS = {"all": "总计", "party": "责任方", "level": "层级", "category": "类别", "neighbourhood": "小区"}
COLUMNS = ("编号", "名称", "事项数", "办结数", "督办数", "退单数", "回访数", "响应率", "解决率", "满意率")
KINDS = {
    "subdistrict": "街道",
    "community": "社区",
    "grid": "网格",
    "building_group": "楼院党小组",
    "household": "党员中心户",
    "property": "物业公司",
    "owners_committee": "业委会",
    "telecom": "通信",
    "water": "供水",
    "power": "供电",
    "gas": "燃气",
    "heating": "供热",
    "builder": "施工方",
    "supervisor": "监理方",
    "unknown": "未知",
}
"""Levels, and the kinds of parties outside the tree, by the keys that the rates are grouped by."""
RATES = ("response", "resolution", "satisfaction")


def report(
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="Cases that were opened in this month.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="FILE.xlsx or FILE.csv.")] = None,
    community: Annotated[
        str | None, typer.Option(metavar="ID", help="Whose cases. Default: the only community there is.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE where it is there already.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Response, resolution and satisfaction rates of a month, by party, level, category and neighbourhood."""
    with errors_shown():
        if out is not None:
            _refuse(out, force=force)
        found = asyncio.run(_measure(_first_day(month), community))
        if out is not None:
            try:
                _write_xlsx(out, found) if out.suffix.lower() == ".xlsx" else write_csv(out, found)
            except OSError as error:
                raise CliError(f"{out} cannot be written: {error.strerror}", "Choose another file.") from error
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    elif out is not None:
        print(f"{month}: {_cases(found)}. Written to {out}.")
    else:
        show(found, month, Console(highlight=False))


def _refuse(out: Path, *, force: bool) -> None:
    if out.suffix.lower() not in {".xlsx", ".csv"}:
        raise UsageFault(f"{out}: neither .xlsx nor .csv.", "Name the file REPORT.xlsx or REPORT.csv.")
    if out.exists() and not force:
        raise CliError(f"{out} is there already.", "Choose another file, or add --force.")


def _cases(found: dict[str, list[dict[str, Any]]]) -> str:
    """How many there are in all."""
    number = sum(row["cases"] for row in found["all"])
    return counted(number, "case") if number else "no cases"


def _first_day(month: str) -> datetime:
    try:
        return datetime.strptime(month, "%Y-%m")  # noqa: DTZ007 - its zone is the community's, which is not known yet
    except ValueError as error:
        raise UsageFault(f"'{month}' is not a month.", "Write it as 2026-11.") from error


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


def cells(row: dict[str, Any], by: str) -> list[Any]:
    """In the order of COLUMNS; None for what nobody counted or answered."""
    name = row["name"] or (KINDS.get(row["key"] or "") if by == "level" else None)
    counts = [row["cases"], row["resolved"], row["escalated"], row["returns"], row["response"]["of"]]
    return [row["key"] or "", name or "", *counts, *(row[name]["rate"] for name in RATES)]


def write_csv(path: Path, found: dict[str, list[dict[str, Any]]]) -> None:
    """One table, with a byte order mark: spreadsheets take it for UTF-8 then."""
    with path.open("w", newline="", encoding=CSV_ENCODING) as file:
        rows = ([title, *cells(row, by)] for by, title in SHEETS.items() for row in found[by])
        spreadsheet_cells.write_csv(file, [("分类", *COLUMNS), *rows])


def _write_xlsx(path: Path, found: dict[str, list[dict[str, Any]]]) -> None:
    try:
        with xlsxwriter.Workbook(str(path), WORKBOOK_OPTIONS) as book:
            head, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
            for by, title in SHEETS.items():
                sheet = book.add_worksheet(title)
                sheet.write_row(0, 0, COLUMNS, head)
                for number, row in enumerate(found[by], start=1):
                    line = cells(row, by)
                    sheet.write_row(number, 0, line[: -len(RATES)])
                    sheet.write_row(number, len(line) - len(RATES), line[-len(RATES) :], percent)
                sheet.freeze_panes(1, 0)
                sheet.set_column(0, 1, 24)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise CliError(f"{path} cannot be written: {error}", "Choose another file.") from error


def show(found: dict[str, list[dict[str, Any]]], month: str, console: Console) -> None:
    """A table for each way to group them."""
    if not any(found.values()):
        console.print(f"{month}: no cases.")
        return
    for by, title in SHEETS.items():
        table = Table(box=None)
        table.add_column(title, overflow="fold", min_width=8)
        for column in COLUMNS[2:]:
            table.add_column(column, no_wrap=True)
        for row in found[by]:
            key, name, *numbers = cells(row, by)
            counts, rates = numbers[: -len(RATES)], numbers[-len(RATES) :]
            shares = ("-" if rate is None else f"{rate:.1%}" for rate in rates)
            shown = ("-" if count is None else str(count) for count in counts)
            table.add_row(escape(name or key or "-"), *shown, *shares)
        console.print(table)
