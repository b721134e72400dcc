"""Numbers of things, in the language that is spoken."""

from linli_cli.terminal.language import chinese
from linli_cli.terminal.sentences.words import COUNTED


def counted(number: int, thing: str, things: str | None = None) -> str:
    """`1 row`, `2 rows`, `2 行`; `things` where the plural is not made with an s."""
    if chinese():
        return f"{number} {COUNTED.get(thing, thing)}"
    return f"{number} {thing if number == 1 else things or thing + 's'}"
