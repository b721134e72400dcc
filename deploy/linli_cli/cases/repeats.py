"""`linli repeats`: which cases are likely the same matter as one, and why."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape

from linli_cli.cases.case_words import named
from linli_cli.community.names import IDS, Names, names_of_all
from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, term
from linli_cli.terminal.times import day


def repeats(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, as `linli cases` shows it.")],
    limit: Annotated[int, typer.Option(min=1, max=10, metavar="N", help="At most so many.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Show the cases that are likely the same matter, the likeliest first, and why. It changes nothing."""
    with errors_shown():
        found, names = asyncio.run(_repeats(case, limit))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    if not found["items"]:
        console.print(say("No case scores {threshold:.2f} or more.", threshold=found["threshold"]))
        return
    for each in found["items"]:
        console.print(in_lines(each, names))


def in_lines(found: Mapping[str, Any], names: Names = IDS) -> str:
    """One case: what goes into `act`, what a person knows it by, and why it is like the other."""
    first = f"{found['score']:.2f}  {found['id']}  {term(found['state'])}  {term('opened')} {day(found['opened_at'])}"
    second = "  ".join(escape(part) for part in (named(found["party"]), found["title"]) if part)
    return f"{first}\n      {second}\n      {escape(why(found['reasons'], names))}"


def why(reasons: Sequence[Mapping[str, Any]], names: Names = IDS) -> str:
    """The reasons in one line, each with its share: `text 0.83 +0.58, same_place 3号楼 +0.15`."""
    texts = (
        f"{term(each['because'])} {names.of_field(each['because'], str(each['value']))}".strip() for each in reasons
    )
    return ", ".join(f"{text} {each['share']:+.2f}" for text, each in zip(texts, reasons, strict=True) if each["share"])


async def _repeats(case: str, limit: int) -> tuple[dict[str, Any], Names]:
    async with open_client(find_target()) as client:
        path = f"/v1/cases/{quote(case, safe='')}/repeats"
        return await client.get("workflow", path, limit=limit), await names_of_all(client)
