"""`linli withdraw`: the reporter takes it back."""

import asyncio
import json
from typing import Annotated, Any
from urllib.parse import quote

import typer

from linli_cli.cases.case_words import minute
from linli_cli.cases.planned import A_CASE
from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say


def withdraw(
    code: Annotated[
        str,
        typer.Argument(metavar="CODE", help="The tracking code from the receipt; for an operator also a case's id."),
    ],
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why. Without names and numbers.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Take a submission back. With its tracking code nothing else is needed; doing it twice changes nothing."""
    with errors_shown():
        found = asyncio.run(_withdraw(code.strip(), reason))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print(
            say(
                "{id}: taken back on {when}.",
                id=found["id"],
                when=minute(found["withdrawn_at"], year=True, zone=True),
            )
        )


async def _withdraw(code: str, reason: str | None) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        staff = A_CASE.fullmatch(code) is not None
        id = code if staff else (await client.get("workflow", _track(code), operator=False))["id"]
        headers = {} if staff else {"X-Tracking-Code": code}
        path, body = f"/v1/submissions/{id}:withdraw", {"reason": reason} if reason else None
        found: dict[str, Any] = await client.post("intake", path, body, operator=staff, headers=headers)
    return found


def _track(code: str) -> str:
    return f"/v1/track/{quote(code, safe='')}"
