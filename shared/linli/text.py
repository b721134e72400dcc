"""Text that came from outside: what a field may hold, and what must not travel."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import AfterValidator, GetCoreSchemaHandler
from pydantic_core import core_schema

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def _no_control_characters(value: str) -> str:
    if found := _CONTROL.search(value):
        raise ValueError(f"the control character U+{ord(found[0]):04X} is not allowed")
    return value


def _one_line(value: str) -> str:
    return re.sub(r"\s+", " ", value)


@dataclass(frozen=True, slots=True)
class Line:
    """Annotates a string that is one line: runs of white space become one space."""

    max_length: int
    min_length: int = 0

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        text = _string(self.max_length, self.min_length)
        return core_schema.no_info_after_validator_function(lambda v: _one_line(_no_control_characters(v)), text)


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Annotates a string that may have line breaks and tabs."""

    max_length: int
    min_length: int = 0

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        text = _string(self.max_length, self.min_length)
        return core_schema.no_info_after_validator_function(_no_control_characters, text)


def _string(max_length: int, min_length: int) -> core_schema.CoreSchema:
    return core_schema.str_schema(strip_whitespace=True, min_length=min_length, max_length=max_length)


_GAP = r"[\s\-‐-―.·/()（）\u200b]{0,3}"
"""What people write between the groups of a number."""
_IDENTITY_OR_CARD = re.compile(r"(?<![0-9A-Za-z])(\d{4})(?:[\s.-]?\d){9,14}[\s.-]?([0-9Xx])(?![0-9A-Za-z])")
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_GAP})?(1[3-9]\d){_GAP}(?:\d{{4}}{_GAP}|\d{{3}}{_GAP}\d)(\d{{4}})(?!\d)")
_NUMERAL = "〇零一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖"
NUMERALS = str.maketrans(_NUMERAL, "0011122233445566778899")
"""How a number is written by who does not want it to be found: 幺三八…"""
_N, _D, _APART = f"[{_NUMERAL}]", f"[0-9{_NUMERAL}]", r"[\s\-‐-―·]{0,3}"
_MOBILE_IN_WORDS = re.compile(
    rf"(?<!\d)(?<!{_D}{_D})(?:\+?[8八捌][6六陆]{_GAP})?(?=[1一幺壹]{_GAP}[3-9三叁四肆五伍六陆七柒八捌九玖])"
    rf"({_N}(?:{_APART}{_N}){{10}}|{_D}{{3}}{_GAP}(?:{_D}{{4}}{_GAP}|{_D}{{3}}{_GAP}{_D}){_D}{{4}}(?!\d))(?!{_D}{_D})"
)
"""In Chinese numerals alone, or in groups with digits among them. One more beside it is a word's: …一直没人接."""
_LANDLINE = re.compile(rf"(?<!\d)(0(?:10|2\d|[3-9]\d{{2}})){_GAP}\d{{3,4}}{_GAP}(\d{{4}})(?!\d)")
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[._%+-]*(?:([A-Za-z0-9])[A-Za-z0-9._%+-]*|([\u4e00-\u9fff])[\u4e00-\u9fff]{0,3})"
    r"@(?:[A-Za-z0-9\u4e00-\u9fff-]{1,63}[.。]){1,5}[A-Za-z\u4e00-\u9fff]{2,24}"
)
_HALF_WIDTH = str.maketrans("０１２３４５６７８９Ｘ－＠．", "0123456789X-@.")


def masked(text: str) -> str:
    """The text with telephone, identity and bank card numbers and e-mail addresses made unreadable: 138****8000.

    Names and addresses in running text cannot be told from other words; people are asked to leave them out.
    """
    text = text.translate(_HALF_WIDTH)
    text = _IDENTITY_OR_CARD.sub(r"\1**********\2", text)
    text = _MOBILE.sub(r"\1****\2", text)
    text = _MOBILE_IN_WORDS.sub(_shortened, text)
    text = _LANDLINE.sub(r"\1-****\2", text)
    return _EMAIL.sub(lambda found: f"{found[1] or found[2]}***@***", text)


def _shortened(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[1].translate(NUMERALS))
    return f"{digits[:3]}****{digits[-4:]}"


Impersonal = AfterValidator(masked)
"""Annotates a string that travels into events and letters, whoever wrote it."""
