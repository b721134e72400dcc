"""How the commands for common affairs ask neighbourhood."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from linli_cli.cases.attach import photo_content
from linli_cli.community.lookup import ids_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import Client, json_of, open_client
from linli_cli.connection.target import find_target

T = TypeVar("T")


def place(community: str | None, neighbourhood: str) -> dict[str, str]:
    """The ids of a neighbourhood and its community, which may be named. Raises CliError."""

    async def named(client: Client) -> dict[str, str]:
        which = await the_community(client, community)
        found = await ids_of(client, {"community": which, "neighbourhood": neighbourhood})
        return {name: str(found[name]) for name in ("community", "neighbourhood")}

    return _asked(named)


def the_community_named(text: str) -> str:
    """Its id, by id or name. Raises CliError."""
    return _asked(lambda client: the_community(client, text))


def of_place(path: str, community: str | None, neighbourhood: str, **params: Any) -> list[dict[str, Any]]:
    """What a neighbourhood has of something."""
    return list(ask(path, **place(community, neighbourhood), **params))


def ask(path: str, **params: Any) -> Any:
    """The JSON of a GET."""
    return _asked(lambda client: client.get("neighbourhood", path, **params))


def do(path: str, **body: Any) -> Any:
    """The JSON of a POST; what is None is not said."""
    said = {name: value for name, value in body.items() if value is not None}
    return _asked(lambda client: client.post("neighbourhood", path, said or None))


def fetch(path: str, method: str = "GET", **request: Any) -> bytes:
    """A file."""

    async def fetched(client: Client) -> bytes:
        return bytes((await client.send("neighbourhood", method, path, operator=True, **request)).content)

    return _asked(fetched)


def send(path: str, **request: Any) -> Any:
    """The JSON of a POST that is no JSON itself: a form, a file."""

    async def sent(client: Client) -> Any:
        once = {"Idempotency-Key": uuid4().hex}
        return json_of(
            "neighbourhood", await client.send("neighbourhood", "POST", path, operator=True, headers=once, **request)
        )

    return _asked(sent)


def shown_photos(path: str, photos: Sequence[Path], taken: str | None, **params: str) -> list[str]:
    """Send photos; their hashes, by which steps name them. Without a time: when each file was changed last.

    Raises CliError.
    """
    hashes: list[str] = []
    for each in photos:
        content = photo_content(each)
        at = taken or datetime.fromtimestamp(each.stat().st_mtime, UTC).isoformat()
        form = {"files": [("photo", (each.name, content))], "data": {"taken_at": at}, "params": params}
        hashes += [kept["sha256"] for kept in send(path, **form)["photos"]]
    return hashes


def _asked(what: Callable[[Client], Awaitable[T]]) -> T:
    async def asked() -> T:
        async with open_client(find_target()) as client:
            return await what(client)

    return asyncio.run(asked())
