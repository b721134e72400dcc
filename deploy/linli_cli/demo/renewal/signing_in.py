"""Links by which whoever looks at the play signs in: as its operator, and as parties whose own pages show it."""

import asyncio
from collections.abc import Iterable, Mapping

from linli_cli.connection.client import Client
from linli_cli.demo.renewal.pages import EVERYBODY, OPERATOR
from linli_cli.demo.renewal.story import COMMUNITY
from linli_cli.portal.sign_in import key_to_show, sign_in_link


async def links_for(client: Client, readers: Iterable[str]) -> Mapping[str, str]:
    """Reader → link. Everybody needs none. Raises CliError."""
    return {each: await _link(client, each) for each in sorted(set(readers) - {EVERYBODY})}


async def _link(client: Client, reader: str) -> str:
    key = key_to_show(client.target) if reader == OPERATOR else await _key(client, reader)
    return (await asyncio.to_thread(sign_in_link, client.target, key)).url


async def _key(client: Client, party: str) -> str:
    """Of a party, for a day."""
    wanted = {"name": "linli demo renewal", "role": "party", "party": party, "community": COMMUNITY}
    made = await client.post("workflow", "/v1/keys", wanted | {"expires_in_days": 1})
    return str(made["key"])
