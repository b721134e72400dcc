"""`linli keys`: the API keys of parties, auditors, operators and programs."""

import asyncio
import json
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

import click
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli.contracts.kinds import Channel
from linli.security.permissions import Role, declared
from linli_cli.community.known_names import is_id
from linli_cli.community.lookup import ids_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import ApiError, Client, open_client
from linli_cli.connection.settings import SERVICES
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.language import say, term
from linli_cli.terminal.times import day

keys = typer.Typer(no_args_is_help=True, help="API keys: who may do what, until when.")
NOT_FOUND = 404
COPIES_OF_KEYS = [service for service in SERVICES if service != "workflow"]
"""Workflow has the keys themselves."""
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]


def _scope(name: str) -> str:
    """A permission, by its name; they are looked up when one is given, and not at each start of the command."""
    return str(click.Choice(sorted(declared())).convert(name, None, None))


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
    community: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="The party's community; or, with role service, for which alone it submits, and then may be repeated.",
        ),
    ] = None,
    channel: Annotated[
        list[Channel] | None,
        typer.Option(metavar="CHANNEL", help="Through which alone it submits; only role service. May be repeated."),
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            parser=_scope,
            metavar="SCOPE",
            help="Only this, such as cases:read. May be repeated. Default: all of the role.",
        ),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=366, help="It ends after so many days. Default: 90, or with the key that makes it."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a key and print it: this once, for only its hash is kept."""
    wanted: dict[str, Any] = {
        "name": name,
        "role": role,
        "party": party,
        "scopes": scope or None,
        "channels": channel or None,
        "expires_in_days": days,
    }
    if role is KeyRole.SERVICE:
        wanted["communities"] = community or None
    with errors_shown():
        if community and role is not KeyRole.SERVICE:
            if len(community) > 1:
                raise CliError(say("A party's key names one community."), say("Several are for a key of role service."))
            wanted["community"] = community[0]
        made = asyncio.run(_make(wanted))
    if as_json:
        print(json.dumps(made, ensure_ascii=False))
        return
    print(made["key"])
    values = {"id": made["id"], "what": _what(made), "until": day(made["expires_at"])}
    typer.echo(say("{id}: {what}, until {until}. It is not shown again.", **values), err=True)


@keys.command("list")
def list_(as_json: Json = False) -> None:
    """All keys, newest first; never what opens anything."""
    with errors_shown():
        found = asyncio.run(_list())
    if as_json:
        print(json.dumps({"items": found}, ensure_ascii=False))
        return
    columns = (say("id"), say("ends with"), say("name"), say("may"), say("made"), say("until"))
    table = Table(*columns, box=None, header_style="bold")
    for key in found:
        until = day(key["expires_at"])
        if key["revoked_at"]:
            until = say("revoked {day}", day=day(key["revoked_at"]))
        row = (key["id"], key["last_four"], escape(key["name"]), _what(key), _made(key), until)
        table.add_row(*row)
    Console(width=160).print(table)


@keys.command()
def revoke(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `linli keys list` shows it.")], as_json: Json = False
) -> None:
    """Take a key its power, and all keys that were made with it, now."""
    with errors_shown():
        key = asyncio.run(_revoke(id))
    if as_json:
        print(json.dumps(key, ensure_ascii=False))
        return
    print(say("{id} ({name}) is revoked.", id=key["id"], name=key["name"]))
    if ended := key["ended_with_it"]:
        print(say("With it end the keys that were made with it: {ended}.", ended=say(", ").join(ended)))


async def _revoke(id: str) -> dict[str, Any]:
    path = f"/v1/keys/{quote(id, safe='')}:revoke"
    async with open_client(find_target()) as client:
        try:
            answer: dict[str, Any] = await client.post("workflow", path)
        except ApiError as error:
            if error.status != NOT_FOUND or id not in {key["id"] for key in await _elsewhere(client)}:
                raise
            answer = await client.post("workflow", f"{path}?elsewhere=true")
    return answer


async def _list() -> list[dict[str, Any]]:
    async with open_client(find_target()) as client:
        items: list[dict[str, Any]] = (await client.get("workflow", "/v1/keys"))["items"]
        made = {key["id"] for key in items}
        unknown = [key for key in await _elsewhere(client) if key["id"] not in made]
    return [*items, *unknown]


async def _elsewhere(client: Client) -> list[dict[str, Any]]:
    """What those with a copy know; one that does not answer is told of on stderr."""
    found: dict[str, dict[str, Any]] = {}
    for service in COPIES_OF_KEYS:
        try:
            known = (await client.get(service, "/v1/keys"))["items"]
        except CliError as error:
            message = say("{service} does not say which keys it knows: {error}", service=service, error=error)
            typer.echo(message, err=True)
            continue
        for key in known:
            by = found.get(key["id"], {}).get("created_by")
            known_to = say("known to {service}", service=service)
            unmade = {"name": "?", "last_four": "?", "created_at": None}
            found[key["id"]] = key | unmade | {"created_by": f"{by}{say(' and ')}{service}" if by else known_to}
    return list(found.values())


async def _make(wanted: dict[str, Any]) -> dict[str, Any]:
    """The key, with ids where a party or communities were named."""
    async with open_client(find_target()) as client:
        if wanted.get("communities"):
            wanted |= {"communities": [await the_community(client, text) for text in wanted["communities"]]}
        named = {name: wanted[name] for name in ("party", "community") if wanted.get(name)}
        if not all(map(is_id, named.values())):
            wanted |= await ids_of(client, named)
        answer: dict[str, Any] = await client.post("workflow", "/v1/keys", wanted)
    return answer


async def _post(path: str, body: Any = None) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        answer: dict[str, Any] = await client.post("workflow", path, body)
    return answer


def _made(key: dict[str, Any]) -> str:
    """When; or, of a key that workflow has not made, who knows it all the same."""
    return day(key["created_at"]) if key["created_at"] else say("never; {why}", why=key["created_by"])


def _what(key: dict[str, Any]) -> str:
    values = {"party": key["party"], "community": key["community"]}
    party = say(" {party} of {community}", **values) if key["party"] else ""
    scopes = f" ({', '.join(key['scopes'])})" if key["scopes"] is not None else ""
    bounds = [", ".join(key[to]) for to in ("channels", "communities") if key.get(to)]
    return f"{term(key['role'])}{party}{scopes}{''.join(say(' only {these}', these=these) for these in bounds)}"
