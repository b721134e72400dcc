"""The telephone number in a cell in which people write what they have: two numbers, a name, stars, nothing."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

REGION = "CN"
LONGEST = 200
"""Characters of a cell in which numbers are looked for."""
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
RANGE = 5
"""Digits by which a mobile number's range is known."""
_PLAIN = re.compile(r"[\d\s+().-]+", re.ASCII)
"""A number and nothing else."""
_GROUPS = re.compile(r"\+?\(?\d[\d\s()./-]{5,24}\d")
_LISTED = re.compile(r"[/,;、|\n]|\s或\s|或|\band\b")


@dataclass(frozen=True)
class Phone:
    """The number that can be called, and whether the cell says more than it."""

    number: str | None
    more: bool


def phone_in(cell: str) -> Phone:
    """The first number of the cell that exists in the number plan."""
    if _PLAIN.fullmatch(cell) and _dialable(cell):
        return Phone(cell, more=False)
    text = unicodedata.normalize("NFKC", cell[:LONGEST])
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    text = re.sub(r"[‐-―−—]", "-", text).strip()
    text = re.sub(r"(?<=\d)\.0$", "", text)  # a number that a program took for one with decimals
    if _PLAIN.fullmatch(text) and _dialable(text):
        return Phone(text, more=False)
    return next((Phone(number, more=True) for number in _numbers(text)), Phone(None, more=True))


def _numbers(text: str) -> Iterator[str]:
    for part in _LISTED.split(text):
        for found in _GROUPS.finditer(part):
            if "*" in part[max(0, found.start() - 1) : found.end() + 1]:
                continue  # a masked one: what is left of it may look like another
            groups = found[0].strip()
            without_extension = re.sub(r"-\d{1,5}$", "", groups)
            yield from (each for each in (groups, without_extension, *groups.split()) if _dialable(each))


def _dialable(text: str) -> bool:
    """As intake will look at it."""
    return _mobile_range(text[:RANGE]) if _MOBILE.fullmatch(text) else _in_plan(text)


@lru_cache(maxsize=4_096)
def _mobile_range(beginning: str) -> bool:
    """The plan knows mobile numbers by how they begin; most of a file's are of a few hundred ranges."""
    return _in_plan(beginning.ljust(11, "1"))


def _in_plan(text: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, REGION))
    except phonenumbers.NumberParseException:
        return False
