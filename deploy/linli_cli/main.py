"""The `linli` command: every sub-command, and the module it lives in."""

import typer

from linli_cli.cases import cases
from linli_cli.community_commands import app as community
from linli_cli.demo import demo
from linli_cli.import_command import import_file
from linli_cli.stack import down, up
from linli_cli.status import status
from linli_cli.submit import submit
from linli_cli.topics import topics
from linli_cli.track import track

app = typer.Typer(
    name="linli",
    help="Linli 邻里: event-driven services for the governance of a community.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # their frames show local values, among them keys
)

# The embedded stack.
app.command()(up)
app.command()(down)
app.command()(status)
app.add_typer(topics, name="topics")

# What people do with it: each command is a function in a module of its own.
app.add_typer(community, name="community")
app.command("import")(import_file)
app.command()(submit)
app.command()(track)
app.command()(cases)
app.command()(demo)


if __name__ == "__main__":
    app()
