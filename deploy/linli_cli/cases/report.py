"""`linli report`: how an office did in a period, as tables that it can hand in."""

import asyncio
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from linli.contracts.workflow.community import Community
from linli_cli.cases.case_rows import CASES, Words, headers, row_of
from linli_cli.cases.export import cases_between
from linli_cli.cases.report_files import show, write_report_csv, write_report_xlsx
from linli_cli.cases.report_table import GROUPS, Report
from linli_cli.community.commands import community_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import Client, open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import CliError, UsageFault, errors_shown
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say
from linli_cli.terminal.words import counted

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, the last one included."""

    first: date
    last: date

    def __str__(self) -> str:
        if self.first.day == 1 and self.last + DAY == _month_after(self.first):
            return f"{self.first.year}年{self.first.month}月"
        return f"{self.first:%Y-%m-%d} 至 {self.last:%Y-%m-%d}"

    def bounds(self, zone: ZoneInfo) -> tuple[str, str]:
        """From (included) and before, as the services read them."""
        days = (self.first, self.last + DAY)
        first, after = (datetime(day.year, day.month, day.day, tzinfo=zone).isoformat() for day in days)
        return first, after


def report(
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Cases of this month.")] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="In place of a month: from this day.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="To this day, with it.")] = None,
    by_opening: Annotated[
        bool, typer.Option("--by-opening", help="A case belongs to the day it came in here, not to that of the call.")
    ] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="FILE.xlsx or FILE.csv.")] = None,
    community: Annotated[
        str | None, typer.Option(metavar="ID", help="Whose cases. Default: the only community there is.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE where it is there already.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """What came in and what became of it: open, late, returned, and the three rates, by party, level and so on.

    FILE.xlsx has a sheet for each, and one with the cases themselves.
    """
    with errors_shown():
        period = _period(month, first, last)
        if out is not None:
            _refuse(out, force=force)
        workbook = out is not None and out.suffix.lower() == ".xlsx"
        made, data, cases = asyncio.run(_measured(period, community, by_opening=by_opening, with_cases=workbook))
        try:
            if workbook and out is not None:
                words = Words.of(data)
                write_report_xlsx(out, made, headers(CASES), (row_of(case, CASES, words) for case in cases))
            elif out is not None:
                write_report_csv(out, made)
        except OSError as error:
            raise CliError(
                say("{out} cannot be written: {strerror}", out=out, strerror=of_file(error)),
                say("Choose another file."),
            ) from error
    if as_json:
        head = {"title": made.title, "period": made.period, "dated": made.dated, "made_at": made.made_at.isoformat()}
        print(json.dumps({**head, **made.groups}, ensure_ascii=False))
    elif out is not None:
        print(say("{title}: {cases}. Written to {out}.", title=made.title, cases=_cases(made), out=out))
    else:
        show(made, Console(highlight=False))


def _period(month: str | None, first: str | None, last: str | None) -> Period:
    if (month is None) == (first is None and last is None):
        raise UsageFault(
            say("Of which time?"), say("Give either --month 2026-11, or --from 2026-11-01 and --to 2026-11-15.")
        )
    if month is not None:
        begins = _day(f"{month}-01", say("'{month}' is not a month", month=month), "2026-11")
        return Period(begins, _month_after(begins) - DAY)
    if first is None or last is None:
        raise UsageFault(say("A period has two ends."), say("Give --from 2026-11-01 and --to 2026-11-15."))
    period = Period(*(_day(text, say("'{said}' is not a day", said=text), "2026-11-15") for text in (first, last)))
    if period.last < period.first:
        raise UsageFault(
            say("{last} is before {first}.", last=last, first=first), say("Give the earlier day as --from.")
        )
    return period


def _day(text: str, fault: str, example: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageFault(say("{number}.", number=fault), say("Write it as {example}.", example=example)) from error


def _month_after(day: date) -> date:
    return (day.replace(day=1) + 32 * DAY).replace(day=1)


def _refuse(out: Path, *, force: bool) -> None:
    if out.suffix.lower() not in {".xlsx", ".csv"}:
        raise UsageFault(
            say("{out}: neither .xlsx nor .csv.", out=out), say("Name the file REPORT.xlsx or REPORT.csv.")
        )
    if out.exists() and not force:
        raise CliError(say("{out} is there already.", out=out), say("Choose another file, or add --force."))


def _cases(made: Report) -> str:
    """How many there are in all."""
    number = sum(row["cases"] for row in made.groups["all"])
    return counted(number, "case") if number else say("no cases")


async def _measured(
    period: Period, community: str | None, *, by_opening: bool, with_cases: bool
) -> tuple[Report, Community, list[dict[str, Any]]]:
    async with open_client(find_target()) as client:
        data = await community_of(client, await the_community(client, community))
        zone = ZoneInfo(data.timezone)
        dated = "opened" if by_opening else "called"
        first, before = period.bounds(zone)
        within = {f"{dated}_from": first, f"{dated}_before": before}
        groups = {by: await _rows(client, data.id, by, within) for by in GROUPS}
        cases = [case async for case in cases_between(client, data.id, dated, first, before)] if with_cases else []
        words = "受理时间" if by_opening else "来电时间"
        return Report(data.name, str(period), words, datetime.now(zone), groups), data, cases


async def _rows(client: Client, community: str, by: str, within: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.get("workflow", "/v1/stats", community=community, by=by, **within)
    rows: list[dict[str, Any]] = answer["rows"]
    return rows
