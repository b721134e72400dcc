"""How a command ends when it cannot do what was asked: one sentence, and what to do next."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.markup import escape

from linli_cli.terminal.language import chinese, say
from linli_cli.terminal.printable import printable
from linli_cli.terminal.sayings import fitting, sayings
from linli_cli.terminal.sentences.words import COUNTED


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


NOT_LOOKED = 4
"""Exit code of a command that looks and judges, where it could not: its 1 says that it found something."""


def in_words(message: str) -> str:
    """What a library says of a value, as a person would say it."""
    message = message.removeprefix("Value error, ")
    if found := fitting(message, SAID_BY_PYDANTIC):
        words, values = found
        return say(words, *map(_of_a_value, values))
    return message


def _of_a_value(text: str) -> str:
    """`10`, `characters`, `'a', 'b' or 'c'`"""
    return COUNTED.get(text, text).replace(" or ", " 或 ") if chinese() else text


SAID_BY_PYDANTIC = sayings(
    {
        r"Field required": "is missing",
        r"Extra inputs are not permitted": "is not known here",
        r"(?:String|Value|List|Tuple) should have at most (\d+) (characters?|items?).*": "is longer than {0} {1}",
        r"(?:String|Value|List|Tuple) should have at least 1 (?:character|item).*": "is empty",
        r"(?:String|Value|List|Tuple) should have at least (\d+) (characters?|items?).*": "is shorter than {0} {1}",
        r"String should match pattern .*": "has not the form it needs",
        r"Input should be greater than or equal to (.+)": "is less than {0}",
        r"Input should be less than or equal to (.+)": "is more than {0}",
        r"Input should be greater than (.+)": "is not more than {0}",
        r"Input should be less than (.+)": "is not less than {0}",
        r"Input should be an? (?:valid )?(?:datetime|date|time).*": "is no time",
        r"Input should be a valid (?:number|integer|decimal).*": "is no number",
        r"Input should have timezone info": "has no zone; write it like 2026-03-01T08:30+08:00",
        r"Input should be a finite number": "is no number",
        r"Input should be a valid boolean.*": "is neither true nor false",
        r"Input should be a valid string": "is no text",
        r"Input should be a valid (list|tuple|dictionary|mapping|object).*": "is no {0}",
        r"Input should be (.+)": "is not {0}",
    }
)
"""What pydantic says of a value → what is said of it here."""


@contextmanager
def errors_shown() -> Iterator[None]:
    """Shows a CliError on stderr and ends the command with its exit code."""
    try:
        yield
    except CliError as error:
        console = Console(stderr=True, soft_wrap=True, highlight=False)
        console.print(f"[bold red]{say('Error:')}[/] {escape(printable(error.message))}")
        if error.hint:
            console.print(escape(printable(error.hint)))
        raise typer.Exit(error.code) from error


@contextmanager
def errors_apart() -> Iterator[None]:
    """As `errors_shown`, for a command whose exit code 1 is an answer: whatever else ends it is told on stderr and
    has another code, so that a script takes no error for a finding."""
    try:
        with errors_shown():
            yield
    except typer.Exit as ending:
        if isinstance(ending.__cause__, CliError) and ending.exit_code == CliError.code:
            raise typer.Exit(NOT_LOOKED) from ending
        raise
    except (typer.Abort, typer.TyperException):
        raise
    except Exception as error:
        traceback.print_exc()
        raise typer.Exit(NOT_LOOKED) from error
