"""What pages say, in the language of who reads: gettext, with English as the key and a catalogue for each face.

A catalogue is `<face>/zh_CN.po`. It is read at the start; there is no compiled file that could be older.
`python -m portal.pages.catalogues` brings it in line with what pages and code say.
"""

import gettext as std
import io
from collections.abc import Sequence
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN

LOCALES = {Language.ZH: "zh_CN", Language.EN: "en"}
_CHINESE: list[std.GNUTranslations] = []


def load(catalogues: Sequence[Path]) -> None:
    """Read these, in place of those read before."""
    _CHINESE[:] = [_compiled(path) for path in catalogues]


def _compiled(path: Path) -> std.GNUTranslations:
    binary = io.BytesIO()
    with path.open("rb") as file:
        write_mo(binary, read_po(file, locale="zh_CN"))
    binary.seek(0)
    return std.GNUTranslations(binary)


def gettext(message: str) -> str:
    """In the language that the request under way is answered in."""
    if ANSWER_IN.get() is Language.ZH:
        for each in _CHINESE:
            if (found := each.gettext(message)) != message:
                return found
    return message


def ngettext(one: str, many: str, number: int) -> str:
    """The same with a number: Chinese has one form, English two."""
    if ANSWER_IN.get() is Language.ZH:
        for each in _CHINESE:
            found = each.ngettext(one, many, number)
            if found not in {one, many}:
                return found
    return one if number == 1 else many


_ = gettext
