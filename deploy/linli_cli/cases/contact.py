"""`linli contact`: how to reach the reporter of a case, for who has to call."""

import asyncio
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

import typer

from linli_cli.connection.client import ApiError, open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.language import padded, say

LABELS = {"name": "name", "phone": "telephone", "email": "e-mail", "address": "address", "language": "language"}
NOT_FOUND = 404


class Why(StrEnum):
    """The reasons that intake's API takes."""

    VISIT = "visit"
    DETAILS = "details"
    FOLLOW_UP = "follow_up"
    EMERGENCY = "emergency"
    AUTHORITY = "authority"


def contact(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, as `linli cases` shows it.")],
    reason: Annotated[Why, typer.Option(metavar="WHY", help=f"Why you have to know: {', '.join(Why)}. It is kept.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it, with the words, as one line of JSON.")] = False,
) -> None:
    """Show the reporter's name, telephone number and e-mail in full. Who looks, and why, goes into the audit log."""
    with errors_shown():
        found = asyncio.run(_contact(case, reason))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    print(in_lines(found))


def in_lines(found: Mapping[str, Any]) -> str:
    """What there is of it, a line each."""
    lines = [f"{padded(label, 10)} {found[name]}" for name, label in LABELS.items() if found.get(name)]
    reachable = any(found.get(name) for name in ("phone", "email", "address"))
    return "\n".join(
        [*lines, *([] if reachable else [say("The reporter left no way to be reached, or it is erased.")])]
    )


async def _contact(case: str, reason: Why) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        path = f"/v1/submissions/{quote(case, safe='')}:contact"
        try:
            found: dict[str, Any] = await client.post("intake", path, {"reason": reason})
        except ApiError as error:
            if error.status != NOT_FOUND:
                raise
            whole = say("A part has no reporter of its own; the case that it is part of has: linli case ID")
            raise CliError(say("Nobody sent a submission {case}.", case=case), whole) from error
    return found
