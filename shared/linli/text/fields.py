"""Text that came from outside: what a field may hold, and what must not travel."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import AfterValidator, GetCoreSchemaHandler
from pydantic_core import core_schema

from linli.privacy.masking import masked
from linli.text.visible import seen, shows

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def _no_control_characters(value: str) -> str:
    if found := _CONTROL.search(value):
        raise ValueError(f"the control character U+{ord(found[0]):04X} is not allowed")
    return value


def _line(value: str) -> str:
    return re.sub(r"\s+", " ", _paragraphs(value))


def _paragraphs(value: str) -> str:
    return seen(_no_control_characters(value))


def _showing(value: str) -> str:
    if value and not shows(value):
        raise ValueError("there is no letter, figure or sign in it that anybody could see")
    return value


@dataclass(frozen=True, slots=True)
class Line:
    """Annotates a string that is one line: runs of white space become one space, and what nobody sees is left out.

    The lengths are counted after that. What must not be empty must show something.
    """

    max_length: int
    min_length: int = 0

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return _string(_line, self.max_length, self.min_length)


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Annotates a string that may have line breaks and tabs; what nobody sees is left out."""

    max_length: int
    min_length: int = 0

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return _string(_paragraphs, self.max_length, self.min_length)


def _string(clean: Callable[[str], str], max_length: int, min_length: int) -> core_schema.CoreSchema:
    text: core_schema.CoreSchema
    text = core_schema.str_schema(strip_whitespace=True, min_length=min_length, max_length=max_length)
    if min_length:
        text = core_schema.no_info_after_validator_function(_showing, text)
    return core_schema.no_info_before_validator_function(
        lambda value: clean(value) if isinstance(value, str) else value, text
    )


Impersonal = AfterValidator(masked)
"""Annotates a string that travels into events and letters, whoever wrote it."""
