"""Which services a command is about, of those that there are."""

from collections.abc import Collection, Sequence
from typing import Annotated

import typer

from linli_cli.connection.settings import SERVICES, Service
from linli_cli.terminal.errors import UsageFault
from linli_cli.terminal.language import say

Named = Annotated[list[str] | None, typer.Option(metavar="NAME", help=f"Only: {', '.join(SERVICES)}. May be repeated.")]


def chosen(named: Collection[str] | None) -> Sequence[Service]:
    """Those that are named, in their order; all where none is. Raises UsageFault."""
    if set(named or ()) - set(SERVICES):
        raise UsageFault(say("There is no such service."), f"--service {say(' or ').join(SERVICES)}")
    return [service for service in SERVICES if not named or service in named]
