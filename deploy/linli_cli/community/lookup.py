"""Ids of what an option names, from the communities that the running stack has."""

from collections.abc import Mapping
from typing import Any

from linli_cli.community.commands import community_of, loaded_communities
from linli_cli.community.known_names import UnknownName, categories_of, is_id, neighbourhoods_of, parties_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import Client
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say


async def ids_of(client: Client, named: Mapping[str, str | None]) -> dict[str, str | None]:
    """The same with ids for names. Raises `CliError` naming one that no loaded community knows."""
    only = named.get("community")
    only = only and await the_community(client, only)
    heads = [only] if only else await loaded_communities(client)
    communities = [await community_of(client, head) for head in heads]
    parties = parties_of(*communities)
    known = {
        "party": parties,
        "by": parties,
        "escalated_to": parties,
        "neighbourhood": neighbourhoods_of(*communities),
        "category": categories_of(*communities),
    }
    try:
        found = {name: known[name].id_of(text) if text and name in known else text for name, text in named.items()}
    except UnknownName as error:
        which = say("Say in which community it is: --community ID") if "community" in named and len(heads) > 1 else ""
        raise CliError(f"{str(error)[0].upper()}{str(error)[1:]}", which) from error
    return found | ({"community": only} if only else {})


async def with_ids(client: Client, body: Mapping[str, Any], community: str) -> dict[str, Any]:
    """The same with ids where parties, a neighbourhood or a category were named. Raises CliError for an unknown one."""
    named = {name: body[name] for name in ("by", "party", "neighbourhood", "category") if body.get(name) is not None}
    parts = [dict(part) for part in body.get("parts", ())]
    if all(map(is_id, [*named.values(), *(part["party"] for part in parts)])):
        return dict(body)
    found = await ids_of(client, named | {"community": community})
    for part in parts:
        if not is_id(part["party"]):
            part["party"] = (await ids_of(client, {"party": part["party"], "community": community}))["party"]
    return {**body, **{name: found[name] for name in named}, **({"parts": parts} if parts else {})}
