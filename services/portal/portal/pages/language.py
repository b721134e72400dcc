"""What pages say, in the language of who reads: gettext, with English as the key and a catalogue for each face.

What a face does not say itself is looked for in that of `pages`, and in no other: "Answer" is a reply at one face and
an option of a survey at another.

A catalogue is `<face>/zh_CN.po`. It is read at the start; there is no compiled file that could be older.
`python -m portal.pages.catalogues` brings it in line with what pages and code say.
"""

import gettext as std
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, wraps
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN

LOCALES = {Language.ZH: Locale.parse("zh_CN"), Language.EN: Locale.parse("en")}
SHARED = "pages"
"""The face whose words all use."""
_CHINESE: dict[str, std.GNUTranslations] = {}
"""By face."""
_FORGET: list[Callable[[], None]] = []
"""How what was said by earlier catalogues is forgotten."""


def load(catalogues: Sequence[Path]) -> None:
    """Read these, in place of those read before."""
    for forget in _FORGET:
        forget()
    _CHINESE.clear()
    _CHINESE.update({path.parent.name: _compiled(path) for path in catalogues})


def _compiled(path: Path) -> std.GNUTranslations:
    binary = io.BytesIO()
    with path.open("rb") as file:
        write_mo(binary, read_po(file, locale="zh_CN"))
    binary.seek(0)
    return std.GNUTranslations(binary)


def gettext(message: str) -> str:
    """In the language that the request under way is answered in; the calling module's face has the first word."""
    return said(_face_of_caller(), message)


def ngettext(one: str, many: str, number: int) -> str:
    """The same with a number: Chinese has one form, English two."""
    return counted(_face_of_caller(), one, many, number)


_ = gettext


def said(face: str, message: str) -> str:
    """For a face: the same English may be another thing at another one, such as keys to press and keys that open."""
    return _in_chinese(face, message) if ANSWER_IN.get() is Language.ZH else message


@lru_cache(8_192)
def _in_chinese(face: str, message: str) -> str:
    for each in _those_for(face):
        if (found := each.gettext(message)) != message:
            return found
    return message


_FORGET.append(_in_chinese.cache_clear)


def once(say: Callable[[str], str]) -> Callable[[str], str]:
    """A function that says a word for a name, and makes up its table of them once for each language and name."""

    @lru_cache(512)
    def kept(_language: Language, name: str) -> str:
        return say(name)

    _FORGET.append(kept.cache_clear)

    @wraps(say)
    def said_once(name: str) -> str:
        return kept(ANSWER_IN.get(), name)

    return said_once


def counted(face: str, one: str, many: str, number: int) -> str:
    for each in _those_for(face):
        found = each.ngettext(one, many, number)
        if found not in {one, many}:
            return found
    return one if number == 1 else many


def _those_for(face: str) -> Iterator[std.GNUTranslations]:
    """Its own catalogue, then the shared one; none for who reads English."""
    if ANSWER_IN.get() is Language.ZH:
        yield from (_CHINESE[name] for name in dict.fromkeys((face, SHARED)) if name in _CHINESE)


def _face_of_caller() -> str:
    return _face_of(str(sys._getframe(2).f_globals.get("__name__", "")))


@lru_cache(1_024)
def _face_of(module: str) -> str:
    """`desk` of `portal.desk.words`."""
    return module.removeprefix("portal.").partition(".")[0]
