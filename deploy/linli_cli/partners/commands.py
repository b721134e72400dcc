"""`linli partners`: the parties that take part with a system of their own."""

import asyncio
import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.community.lookup import ids_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say
from linli_cli.terminal.times import day

partners = typer.Typer(no_args_is_help=True, help="Companies whose own systems take part.")
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]


@partners.command()
def add(
    party: Annotated[str, typer.Argument(metavar="PARTY", help="Id or name of the party.")],
    community: Annotated[
        str | None, typer.Option(metavar="ID", help="Id or name. Default: the only one that is loaded.")
    ] = None,
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="Post its events there; it is to answer a challenge first.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a party a partner: from now on its own system has an order for each case. A second time changes nothing."""
    with errors_shown():
        added = asyncio.run(_add(party, community, webhook))
    if as_json:
        print(json.dumps(added, ensure_ascii=False))
        return
    print(say("{party} of {community} is a partner.", **added))
    if webhook:
        print(say("Its events are posted to {url}.", url=webhook))
    typer.echo(
        say(
            "Its program needs a key: linli keys create NAME --role party --party {party} --community {community}",
            **added,
        ),
        err=True,
    )


@partners.command("list")
def list_(as_json: Json = False) -> None:
    """All partners, by community and party."""
    with errors_shown():
        found = asyncio.run(_list())
    if as_json:
        print(json.dumps({"items": found}, ensure_ascii=False))
        return
    table = Table(say("community"), say("party"), say("since"), box=None, header_style="bold")
    for each in found:
        table.add_row(escape(each["community"]), escape(each["party"]), day(each["added_at"]))
    Console(width=120).print(table)


async def _add(party: str, community: str | None, webhook: str | None) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        named = await ids_of(client, {"party": party, "community": await the_community(client, community)})
        added: dict[str, Any] = await client.post("workflow", "/v1/partners", named)
        if webhook:
            where = f"/v1/endpoints/{named['community']}/{named['party']}"
            added["endpoint"] = await client.put("notify", where, {"url": webhook})
    return added


async def _list() -> list[dict[str, Any]]:
    async with open_client(find_target()) as client:
        items: list[dict[str, Any]] = (await client.get("workflow", "/v1/partners"))["items"]
    return items
