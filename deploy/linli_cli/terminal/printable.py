"""What others wrote, made harmless for a terminal: a record may hold what moves its cursor or reprograms it."""

import re
from typing import Any

_MOVES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but for tab and line feed, and those that turn the direction of a line."""


def printable(text: str) -> str:
    r"""The text with each of these written out: `\x1b`."""
    return _MOVES.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def harmless(answer: Any) -> Any:
    """The same for every string in an answer's JSON, names of fields as well."""
    if isinstance(answer, str):
        return printable(answer)
    if isinstance(answer, list):
        return [harmless(each) for each in answer]
    if isinstance(answer, dict):
        return {harmless(name): harmless(value) for name, value in answer.items()}
    return answer
