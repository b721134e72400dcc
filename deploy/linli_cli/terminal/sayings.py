"""What a library says, found by patterns: in its place comes something that a person would say."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Sayings: TypeAlias = Sequence[tuple[re.Pattern[str], str]]
"""Patterns with the words that stand for them; of several that fit the first counts."""


def sayings(table: Mapping[str, str]) -> Sayings:
    """Pattern of a whole message → words, with `{0}` for what stands in its first group."""
    return tuple((re.compile(pattern, re.DOTALL), words) for pattern, words in table.items())


def fitting(message: str, known: Sayings) -> tuple[str, Sequence[str]] | None:
    """The words for a message and what belongs into them; None where nothing fits."""
    for pattern, words in known:
        if found := pattern.fullmatch(message):
            return words, found.groups()
    return None
