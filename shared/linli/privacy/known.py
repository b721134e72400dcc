"""Masks a person's known data in a text: `王秀英` → `王**`.

`linli.privacy.masking` finds what looks like a number or an e-mail address. This finds what is known: a name, a number
however it is written, an address. Letters and digits are compared and nothing between them, so that spaces, dashes and
full width make no difference.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linli.privacy.masking import NUMERALS

_A_NUMBER_IN_WORDS = re.compile("[〇零一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖0-9]{7}")
_NO_LETTER = re.compile(r"[\W_]+")
SHORTEST_NAME, SHORTEST_LATIN_NAME, SHORTEST_NUMBER, SHORTEST_ADDRESS = 2, 3, 7, 4
"""Letters or digits: what is shorter stands in too many other words. A single character 王 is no person."""


@dataclass(frozen=True, slots=True)
class Known:
    """One value, and what stands in its place."""

    value: str
    """Its letters and digits, folded."""
    shown: str
    digits: bool = False
    """A number: also written in Chinese numerals."""
    whole: bool = False
    """Not when a letter or digit of its own kind goes on before or after it."""


def name(text: str) -> Known | None:
    """A person's name; a Latin one is looked for as a whole word."""
    value = folded(text)
    latin = value.isascii()
    if len(value) < (SHORTEST_LATIN_NAME if latin else SHORTEST_NAME):
        return None
    return Known(value, f"{text.strip()[0]}**", whole=latin)


def number(digits: str, *, whole: bool = False) -> Known | None:
    """A telephone number by its digits, without the country's."""
    if len(digits) < SHORTEST_NUMBER:
        return None
    return Known(digits, f"{digits[:3] if len(digits) > 8 else ''}****{digits[-4:]}", digits=True, whole=whole)


def email(text: str) -> Known | None:
    value = folded(text)
    return Known(value, f"{text[0]}***@***") if len(value) >= SHORTEST_ADDRESS else None


def address(text: str) -> Known | None:
    """Where somebody lives."""
    value = folded(text)
    return Known(value, "***") if len(value) >= SHORTEST_ADDRESS else None


def folded(text: str) -> str:
    """The letters and digits of a text alone: one width, one case, no accents."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", text.casefold()))


def without(text: str, known: Sequence[Known]) -> str:
    """The text with what is known made unreadable; the longest first, so that a part of it does not hide the whole."""
    for each in sorted(_perhaps_in(text, known), key=lambda one: len(one.value), reverse=True):
        text = _without(text, each)
    return text


def stands_in(text: str, known: Sequence[Known]) -> bool:
    """Whether any of it can be read there."""
    return any(next(_spans(text, each), None) for each in _perhaps_in(text, known))


def _perhaps_in(text: str, known: Sequence[Known]) -> list[Known]:
    """Those whose letters are there, in order; usually none, and this is on the way of every submission."""
    if not text or not known:
        return []
    plain = folded(text)
    numerals = plain.translate(NUMERALS) if _A_NUMBER_IN_WORDS.search(plain) else plain
    return [each for each in known if each.value in (numerals if each.digits else plain)]


def _without(text: str, known: Known) -> str:
    for begin, end in reversed(list(_spans(text, known))):
        text = text[:begin] + known.shown + text[end:]
    return text


def _spans(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Where it stands in the text, from its first to behind its last letter, in order."""
    letters, places = [], []
    for place, character in enumerate(text):
        for letter in _comparable(character, known):
            letters.append(letter)
            places.append(place)
    compared, start = "".join(letters), 0
    while (found := compared.find(known.value, start)) >= 0:
        begin, last = places[found], places[found + len(known.value) - 1]
        start = found + 1
        if known.whole and (_goes_on(text, begin - 1, known) or _goes_on(text, last + 1, known)):
            continue
        start = found + len(known.value)
        yield begin, last + 1


def _comparable(text: str, known: Known) -> str:
    letters = folded(text)
    return letters.translate(NUMERALS) if known.digits else letters


def _goes_on(text: str, place: int, known: Known) -> bool:
    """Whether the word or number has another letter there."""
    if not 0 <= place < len(text):
        return False
    letter = folded(text[place])
    return letter.isdigit() if known.digits else letter.isascii() and letter.isalnum()
