"""`linli demo`, and the stories that have a name of their own."""

from typing import Annotated

import typer

from linli_cli.demo.command import demo
from linli_cli.demo.renewal.command import renewal
from linli_cli.terminal.errors import UsageFault, errors_shown
from linli_cli.terminal.language import say

app = typer.Typer(invoke_without_command=True)
app.command("renewal")(renewal)


@app.callback()
def begin(
    context: typer.Context,
    stop: Annotated[bool, typer.Option("--exit", help="At the end stop what was started here.")] = False,
    json_wanted: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    if context.invoked_subcommand is None:
        demo(stop, json_wanted)
    elif stop or json_wanted:
        with errors_shown():
            raise UsageFault(say("Options of {command} stand after its name.", command=context.invoked_subcommand))


begin.__doc__ = demo.__doc__
