"""`linli follow-up`: what a resident answered on the telephone."""

import asyncio
import json
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape

from linli_cli.cases.case_words import minute
from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say


class Answer(StrEnum):
    """To a question."""

    YES = "yes"
    NO = "no"


def follow_up(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, as `linli cases` shows it.")],
    contacted: Annotated[Answer, typer.Option(help="Was somebody in touch?")],
    solved: Annotated[Answer, typer.Option(help="Is it solved?")],
    satisfied: Annotated[Answer, typer.Option(help="Is the resident satisfied?")],
    message: Annotated[str | None, typer.Option(metavar="TEXT", help="What else the resident said.")] = None,
    by: Annotated[
        str | None, typer.Option(metavar="PARTY", help="In whose name it was asked; not by who did the work.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the case after it as one line of JSON.")] = False,
) -> None:
    """Write down what a resident answered on the telephone. Whom to call: linli cases --awaiting-follow-up"""
    fields: dict[str, Any] = {"contacted": contacted, "solved": solved, "satisfied": satisfied}
    body = {name: answer is Answer.YES for name, answer in fields.items()} | {"message": message, "by": by}
    with errors_shown():
        after = asyncio.run(_record(case, {name: value for name, value in body.items() if value is not None}))
    if as_json:
        print(json.dumps(after, ensure_ascii=False))
        return
    line = say("{title}: written down, version {version}.", title=after["title"], version=after["version"])
    if after["decide_by"]:
        by = minute(after["decide_by"], year=True, zone=True)
        line += say(" A person decides by {by} whether it is reopened.", by=by)
    Console(highlight=False, soft_wrap=True).print(escape(line))


async def _record(case: str, body: dict[str, Any]) -> dict[str, Any]:
    path = f"/v1/cases/{quote(case, safe='')}"
    async with open_client(find_target()) as client:
        version = (await client.get("workflow", path))["version"]
        headers = {"If-Match": f'"{version}"'}
        after: dict[str, Any] = await client.post("workflow", f"{path}:follow_up", body, headers=headers)
    return after
