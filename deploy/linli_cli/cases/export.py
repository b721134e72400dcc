"""`linli export`: cases and answers as a file, with what the hotline that sent them calls them."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from linli.contracts.kinds import Channel
from linli.text.spreadsheet_cells import private_file, write_csv
from linli_cli.cases.case_rows import ANSWERS, CASES, Words, headers, row_of
from linli_cli.cases.report_files import workbook, write_sheet
from linli_cli.community.commands import community_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import Client, open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import CliError, UsageFault, errors_shown
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say
from linli_cli.terminal.times import parse_time
from linli_cli.terminal.words import counted

PAGE = 500
"""Cases in one answer of workflow's."""
COLUMNS = {"cases": CASES, "answers": ANSWERS}


class What(StrEnum):
    """What a file is of."""

    CASES = "cases"
    ANSWERS = "answers"


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


class Headers(StrEnum):
    """In which language the columns are named."""

    ZH = "zh"
    EN = "en"


def export(
    what: Annotated[
        What, typer.Argument(metavar="cases|answers", help="Cases by when the call was made, or answers by when given.")
    ],
    since: Annotated[str, typer.Option(metavar="TIME", help="2026-11-24, 2026-11-24T06:00, or an age such as 7d.")],
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Before then. Default: now.")] = None,
    format: Annotated[
        Format | None, typer.Option(metavar="FORMAT", help="csv, xlsx or json. Default: by --out's ending, else csv.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Default: to the terminal.")] = None,
    channel: Annotated[Channel | None, typer.Option(metavar="CHANNEL", help="Only those that came by it.")] = None,
    community: Annotated[
        str | None, typer.Option(metavar="ID", help="Whose cases. Default: the only community there is.")
    ] = None,
    header: Annotated[Headers, typer.Option("--headers", metavar="zh|en", help="Names of columns.")] = Headers.ZH,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE where it is there already.")] = False,
) -> None:
    """Write cases, or what was answered, with the hotline's own number, the channel and the time of the call.

    Words of residents are as everywhere outside intake: numbers and addresses are masked. FILE is its owner's alone.
    """
    with errors_shown():
        kind = _format(format, out)
        if out is not None and out.exists() and not force:
            raise CliError(say("{out} is there already.", out=out), say("Choose another file, or add --force."))
        found, words = asyncio.run(_found(what, since, until, community))
        chosen = [case for case in found if channel is None or case["channel"] == channel]
        try:
            _write(chosen, COLUMNS[what], words, kind, out, english=header is Headers.EN)
        except BrokenPipeError:
            raise  # whoever read has read enough: typer ends the command quietly
        except OSError as error:
            raise CliError(
                say("{out} cannot be written: {strerror}", out=out, strerror=of_file(error)),
                say("Choose another file."),
            ) from error
    noun = "case" if what is What.CASES else "answer"
    number = counted(len(chosen), noun)
    print(say("{number} written to {out}." if out else "{number}.", number=number, out=out), file=sys.stderr)


def _format(wanted: Format | None, out: Path | None) -> Format:
    if wanted is None:
        ending = out.suffix.lower().lstrip(".") if out else "csv"
        if ending not in set(Format):
            raise UsageFault(
                say("{out}: neither .csv, .xlsx nor .json.", out=out), say("Name the file so, or say --format.")
            )
        wanted = Format(ending)
    if wanted is Format.XLSX and out is None:
        raise UsageFault(say("A workbook is not for a terminal."), say("Say where to write it: --out FILE.xlsx"))
    return wanted


async def _found(
    what: What, since: str, until: str | None, community: str | None
) -> tuple[list[dict[str, Any]], Words]:
    async with open_client(find_target()) as client:
        data = await community_of(client, await the_community(client, community))
        now, zone = datetime.now(UTC), ZoneInfo(data.timezone)
        first = parse_time(since, now, zone).isoformat()
        before = (parse_time(until, now, zone) if until else now).isoformat()
        between = cases_between if what is What.CASES else _answered_between
        found = [case async for case in between(client, data.id, "called", first, before)]
        return found, Words.of(data)


async def cases_between(
    client: Client, community: str, dated: str, first: str, before: str
) -> AsyncIterator[dict[str, Any]]:
    """Every case that was `called` in, or `opened`, in a period: merged ones and parts as well."""
    within = {f"{dated}_after": first, f"{dated}_before": before}
    async for case in _pages(client, community=community, merged="true", **within):
        yield case


async def _answered_between(
    client: Client, community: str, dated: str, first: str, before: str
) -> AsyncIterator[dict[str, Any]]:
    """Every case that was resolved in a period and stands so. What changed last comes first, so the look ends early."""
    start, end = datetime.fromisoformat(first), datetime.fromisoformat(before)
    async for case in _pages(client, community=community, merged="true", sort="updated"):
        if datetime.fromisoformat(case["updated_at"]) < start:
            return
        if case["resolved_at"] and start <= datetime.fromisoformat(case["resolved_at"]) < end:
            yield case


async def _pages(client: Client, **asked: Any) -> AsyncIterator[dict[str, Any]]:
    cursor = None
    while True:
        page = await client.get("workflow", "/v1/cases", limit=PAGE, cursor=cursor, **asked)
        for case in page["items"]:
            yield case
        if (cursor := page["next"]) is None:
            return


def _write(
    cases: Sequence[Mapping[str, Any]],
    columns: Mapping[str, Any],
    words: Words,
    kind: Format,
    out: Path | None,
    *,
    english: bool,
) -> None:
    """Tables in words for people; JSON as workflow tells a case, for programs."""
    table = [headers(columns, english=english), *(row_of(case, columns, words) for case in cases)]
    if kind is Format.XLSX and out is not None:
        with workbook(out) as book:
            write_sheet(book, "事项" if columns is CASES else "答复", table[0], table[1:])
        return
    with private_file(out, replace=True) if out else nullcontext(sys.stdout) as file:
        if kind is Format.JSON:
            json.dump(cases, file, ensure_ascii=False, indent=1)
            file.write("\n")
        else:
            write_csv(file, table)
