"""What the commands for rounds ask of neighbourhood."""

from typing import Any

from linli_cli.community.lookup import ids_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import Client, open_client
from linli_cli.connection.target import find_target


async def printed(round: str, body: dict[str, Any]) -> bytes:
    async with open_client(find_target()) as client:
        path = f"/v1/rounds/{round}/households:invite?as=pdf"
        return bytes((await client.send("neighbourhood", "POST", path, operator=True, json=body)).content)


async def post(path: str, body: dict[str, Any] | None) -> dict[str, Any]:
    async with open_client(find_target()) as client:
        return dict(await client.post("neighbourhood", path, body))


async def get(path: str, **params: Any) -> Any:
    async with open_client(find_target()) as client:
        return await client.get("neighbourhood", path, **params)


async def all_of(round: str) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    async with open_client(find_target()) as client:

        async def part(what: str = "") -> Any:
            return await client.get("neighbourhood", f"/v1/rounds/{round}{what}")

        return await part(), await part("/reach"), await part("/needs")


async def of_place(community: str | None, neighbourhood: str) -> list[dict[str, Any]]:
    async with open_client(find_target()) as client:
        place = await _named(client, community, neighbourhood)
        return list(await client.get("neighbourhood", "/v1/rounds", **place))


async def _named(client: Client, community: str | None, neighbourhood: str) -> dict[str, Any]:
    which = await the_community(client, community)
    named = await ids_of(client, {"community": which, "neighbourhood": neighbourhood})
    return {name: named[name] for name in ("community", "neighbourhood")}
