"""`linli keys`: the API keys of parties, auditors, operators and programs."""

import asyncio
import json
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli.principals import Permission, Role
from linli_cli.client import open_client
from linli_cli.errors import errors_shown
from linli_cli.moments import day
from linli_cli.target import find_target

keys = typer.Typer(no_args_is_help=True, help="API keys: who may do what, until when.")
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]


class KeyRole(StrEnum):
    """The roles that a key can have: a resident needs none."""

    PARTY = Role.PARTY
    OPERATOR = Role.OPERATOR
    AUDITOR = Role.AUDITOR
    SERVICE = Role.SERVICE


@keys.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whom or what it is for.")],
    role: Annotated[KeyRole, typer.Option(metavar="ROLE", help=f"One of {', '.join(KeyRole)}.")],
    party: Annotated[str | None, typer.Option(metavar="ID", help="For whom it acts; only role party.")] = None,
    community: Annotated[str | None, typer.Option(metavar="ID", help="The party's community; only role party.")] = None,
    scope: Annotated[
        list[Permission] | None,
        typer.Option(metavar="SCOPE", help="Only this, such as cases:read. May be repeated. Default: all of the role."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="It ends after so many days.")] = 90,
    as_json: Json = False,
) -> None:
    """Make a key and print it: this once, for only its hash is kept."""
    wanted = {
        "name": name,
        "role": role,
        "party": party,
        "community": community,
        "scopes": scope or None,
        "expires_in_days": days,
    }
    with errors_shown():
        made = asyncio.run(_post("/v1/keys", wanted))
    if as_json:
        print(json.dumps(made, ensure_ascii=False))
        return
    print(made["key"])
    typer.echo(f"{made['id']}: {_what(made)}, until {day(made['expires_at'])}. It is not shown again.", err=True)


@keys.command("list")
def list_(as_json: Json = False) -> None:
    """All keys, newest first; never what opens anything."""
    with errors_shown():
        found = asyncio.run(_list())
    if as_json:
        print(json.dumps({"items": found}, ensure_ascii=False))
        return
    table = Table("id", "ends with", "name", "may", "made", "until", box=None, header_style="bold")
    for key in found:
        until = f"revoked {day(key['revoked_at'])}" if key["revoked_at"] else day(key["expires_at"])
        row = (key["id"], key["last_four"], escape(key["name"]), _what(key), day(key["created_at"]), until)
        table.add_row(*row)
    Console(width=160).print(table)


@keys.command()
def revoke(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `linli keys list` shows it.")], as_json: Json = False
) -> None:
    """Take a key its power, now."""
    with errors_shown():
        key = asyncio.run(_post(f"/v1/keys/{quote(id, safe='')}:revoke"))
    print(json.dumps(key, ensure_ascii=False) if as_json else f"{key['id']} ({key['name']}) is revoked.")


async def _list() -> list[dict[str, Any]]:
    async with open_client(find_target()) as client:
        items: list[dict[str, Any]] = (await client.get("workflow", "/v1/keys"))["items"]
    return items


async def _post(path: str, body: Any = None) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        answer: dict[str, Any] = await client.post("workflow", path, body)
    return answer


def _what(key: dict[str, Any]) -> str:
    party = f" {key['party']} of {key['community']}" if key["party"] else ""
    scopes = f" ({', '.join(key['scopes'])})" if key["scopes"] is not None else ""
    return f"{key['role']}{party}{scopes}"
