"""`linli portal`: the way to the pages."""

import json
from pathlib import Path
from typing import Annotated

import typer

from linli_cli.connection.target import find_target
from linli_cli.portal.sign_in import key_to_show, sign_in_link
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say
from linli_cli.terminal.times import local, second

portal = typer.Typer(no_args_is_help=True, help="The pages, for who has a key.")


@portal.callback()
def _group() -> None:
    """A command of its own below it, though there is one alone."""


@portal.command("sign-in")
def sign_in(
    key_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Whose key it is for. Default: LINLI_KEY_FILE's, or the operator's."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Print a link that signs whoever opens it in to the portal: once, within ten minutes, with a key's rights.

    Whoever has the link may do what the key may: hand it over as you would the key.
    """
    with errors_shown():
        target = find_target()
        target.require_running()
        link = sign_in_link(target, key_to_show(target, key_file))
    if as_json:
        print(json.dumps(link.as_json()))
        return
    print(link.url)
    typer.echo(say("It opens once, until {until}.", until=second(local(link.expires_at))), err=True)
