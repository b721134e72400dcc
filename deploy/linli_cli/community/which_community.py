"""Which community a command is about: the one that somebody named, or the only one that takes submissions."""

from collections.abc import Mapping, Sequence
from typing import Any

from linli_cli.community.commands import community_heads
from linli_cli.community.known_names import folded
from linli_cli.connection.client import Client
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say


async def the_community(client: Client, text: str | None = None) -> str:
    """Its id. Raises `CliError` when there is none of that id or name, or when it is to be said which."""
    return chosen(await community_heads(client), text)


def chosen(heads: Sequence[Mapping[str, Any]], text: str | None) -> str:
    """The same, of `{id, name, retired_at}` of each that is loaded; one that is retired is meant only when named."""
    if not heads:
        hint = say("Load one first: linli community load deploy/community/fushan-road")
        raise CliError(say("No community is loaded, so nothing can be routed."), hint)
    if text is not None:
        meant = [head for head in heads if head["id"] == text]
        meant = meant or [head for head in heads if folded(head["name"]) == folded(text)]
        if not meant:
            raise CliError(say("There is no community {only}; loaded: {loaded}.", only=text, loaded=_listed(heads)))
    else:
        meant = [head for head in heads if head["retired_at"] is None] or list(heads)
    if len(meant) > 1:
        raise CliError(
            say("Several communities are loaded: {loaded}.", loaded=_listed(meant)), say("Say which: --community ID")
        )
    return str(meant[0]["id"])


def _listed(heads: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"{head['id']} {head['name']}" for head in heads)
