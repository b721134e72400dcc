"""What both commands ask of neighbourhood."""

import json
from typing import Annotated, Any

import typer

from linli_cli.community.lookup import ids_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]
Neighbourhood = Annotated[str, typer.Argument(metavar="NEIGHBOURHOOD", help="Id or name.")]
Community = Annotated[
    str | None, typer.Option("--community", metavar="ID", help="Id or name. Default: the only one that is loaded.")
]


async def listed(path: str, community: str | None, neighbourhood: str) -> list[dict[str, Any]]:
    """What there is of a kind in a neighbourhood."""
    async with open_client(find_target()) as client:
        which = await the_community(client, community)
        named: dict[str, Any] = await ids_of(client, {"community": which, "neighbourhood": neighbourhood})
        return list(await client.get("neighbourhood", path, **named))


async def asked(path: str, **params: Any) -> Any:
    async with open_client(find_target()) as client:
        return await client.get("neighbourhood", path, **params)


async def fetched(path: str) -> bytes:
    """A file."""
    async with open_client(find_target()) as client:
        return bytes((await client.send("neighbourhood", "GET", path, operator=True)).content)


def as_line(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False)
