"""What the commands for a task force and for deliberations take, and how they ask."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.community.lookup import ids_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target

Neighbourhood = Annotated[str, typer.Argument(metavar="NEIGHBOURHOOD", help="Id or name.")]
CommunityName = Annotated[
    str | None, typer.Option("--community", metavar="ID", help="Id or name. Default: the only one that is loaded.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]
OnBehalf = Annotated[str | None, typer.Option("--for", metavar="PARTY", help="The party that did it, by its id.")]


def of_place(path: str, community: str | None, neighbourhood: str) -> list[dict[str, Any]]:
    """What a neighbourhood has of something, which may be named."""

    async def listed() -> list[dict[str, Any]]:
        async with open_client(find_target()) as client:
            which = await the_community(client, community)
            named: dict[str, Any] = await ids_of(client, {"community": which, "neighbourhood": neighbourhood})
            found: list[dict[str, Any]] = await client.get("neighbourhood", path, **named)
        return found

    return asyncio.run(listed())


def ask(path: str, **params: Any) -> Any:
    """The JSON of a GET."""

    async def get() -> Any:
        async with open_client(find_target()) as client:
            return await client.get("neighbourhood", path, **params)

    return asyncio.run(get())


def do(path: str, **body: Any) -> Any:
    """The JSON of a POST; what is None is not said."""

    async def post() -> Any:
        async with open_client(find_target()) as client:
            said = {name: value for name, value in body.items() if value is not None}
            return await client.post("neighbourhood", path, said or None)

    return asyncio.run(post())


def printed(found: Any, as_json: bool) -> bool:
    """Whether it was all to be JSON."""
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    return as_json


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    shown = Table(*heads, box=None, header_style="bold")
    for row in rows:
        shown.add_row(*map(escape, row))
    Console(width=120).print(shown)
