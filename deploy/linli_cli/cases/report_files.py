"""A report as a workbook, as CSV, and on the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli.text.spreadsheet_cells import CSV_ENCODING, WORKBOOK_OPTIONS, write_csv
from linli_cli.cases.report_table import COLUMNS, GROUPS, Report, Share
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

SHORT = {
    "事项数": "事项",
    "在办": "在办",
    "其中超期": "超期",
    "办结": "办结",
    "按期办结": "按期",
    "撤回": "撤回",
    "督办数": "督办",
    "退单数": "退单",
    "响应率": "响应率",
    "解决率": "解决率",
    "满意率": "满意率",
}
"""What a terminal has room for, and what it is called there."""


def write_report_csv(path: Path, report: Report) -> None:
    """One table; period and date of making stand in each row, so that programs can read the file too."""
    made = f"{report.made_at:%Y-%m-%d %H:%M}"
    with path.open("w", newline="", encoding=CSV_ENCODING) as file:
        write_csv(file, [("街道", "统计期间", "制表时间", "分类", *COLUMNS)])
        for by, title in GROUPS.items():
            rows = report.lines(by)
            write_csv(file, ([report.community, report.period, made, title, *map(_plain, row)] for row in rows))


def _plain(cell: Any) -> Any:
    return str(cell) if isinstance(cell, Share) and cell.of else None if isinstance(cell, Share) else cell


def write_report_xlsx(path: Path, report: Report, headers: Sequence[str], cases: Iterable[Sequence[Any]]) -> None:
    """A sheet for each way to group the cases, and one with the cases themselves."""
    with workbook(path) as book:
        for by, title in GROUPS.items():
            write_sheet(book, title, COLUMNS, report.lines(by), above=report.head, below=list(report.notes(by)))
        write_sheet(book, "明细", headers, cases, above=report.head)


@contextmanager
def workbook(path: Path) -> Iterator[Any]:
    """A workbook to be filled. Raises CliError where the file cannot be written."""
    book = xlsxwriter.Workbook(str(path), WORKBOOK_OPTIONS)
    yield book
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise CliError(
            say("{path} cannot be written: {error}", path=path, error=error), say("Choose another file.")
        ) from error


def write_sheet(
    book: Any,
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    above: Sequence[str] = (),
    below: Sequence[str] = (),
) -> None:
    """A sheet with lines above and below its table; shares are numbers that it shows in percent, times are times."""
    bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
    to_the_second = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = book.add_worksheet(title)
    for number, line in enumerate(above):
        sheet.write_string(number, 0, line, bold if number == 0 else None)
    head = len(above)
    sheet.write_row(head, 0, headers, bold)
    sheet.freeze_panes(head + 1, 0)
    sheet.set_column(0, len(headers) - 1, 18)
    at = head
    for at, row in enumerate(rows, start=head + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, Share):
                if cell.of:
                    sheet.write_number(at, column, cell.yes / cell.of, percent)
            elif isinstance(cell, datetime):
                sheet.write_datetime(at, column, cell, to_the_second)
            else:
                sheet.write(at, column, cell)
    for number, line in enumerate(below, start=at + 2):
        sheet.write_string(number, 0, line)


def show(report: Report, console: Console) -> None:
    """A table for each way to group them."""
    if not any(report.groups.values()):
        console.print(say("{title}: no cases.", title=report.title))
        return
    for line in report.head:
        console.print(escape(line))
    for by, title in GROUPS.items():
        table = Table(box=None)
        table.add_column(title, overflow="fold", min_width=8)
        for column in SHORT.values():
            table.add_column(column, no_wrap=True, justify="right")
        for row in report.lines(by):
            cells = dict(zip(COLUMNS, row, strict=True))
            shown = ("-" if cells[column] is None else str(cells[column]) for column in SHORT)
            table.add_row(escape(cells["名称"] or cells["编号"]), *shown)
        console.print(table)
    for note in dict.fromkeys(note for by in GROUPS for note in report.notes(by)):
        console.print(escape(note))
