"""How a command ends when it cannot do what was asked: one sentence, and what to do next."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.markup import escape

from linli_cli.printable import printable


class CliError(Exception):
    """Something the person at the keyboard can act on. `hint` says how."""

    code = 1
    """The command's exit code."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageFault(CliError):
    """An option that is missing, is none, or does not go with another: nothing was asked of any service."""

    code = 2


def in_words(message: str) -> str:
    """Pydantic's message without the name of the exception that it came from, and a missing field called missing."""
    return {"Field required": "is missing"}.get(message, message.removeprefix("Value error, "))


@contextmanager
def errors_shown() -> Iterator[None]:
    """Shows a CliError on stderr and ends the command with its exit code."""
    try:
        yield
    except CliError as error:
        console = Console(stderr=True, soft_wrap=True, highlight=False)
        console.print(f"[bold red]Error:[/] {escape(printable(error.message))}")
        if error.hint:
            console.print(escape(printable(error.hint)))
        raise typer.Exit(error.code) from error
