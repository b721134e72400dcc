"""The visible characters of a text, and which texts look the same.

Characters without a shape travel unseen: a title of them looks empty, between the digits of a number they keep it from
being found, and the controls of writing direction turn a line round (https://www.unicode.org/reports/tr36/). Those that
a script or an emoji needs stay where it needs them.
"""

import re
import unicodedata
from itertools import pairwise

MOST_MARKS = 4
"""Accents on one letter; more of them cover the lines above and below (UTS #39, 5.4)."""

_WRITING = "\u0600-\u06ff\u0710-\u08ff\u0900-\u109f\u1780-\u18af"
"""Scripts that join their letters, or part them, by U+200C and U+200D: Uyghur, Hindi, Burmese, Mongolian …"""
_EMOJI = "\u00a9\u00ae\u203c-\u2bff\u3030-\u3299\U0001f000-\U0001faff"
_JOINS = f"{_WRITING}{_EMOJI}"
_WITHOUT_SHAPE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
"""Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties, but for what `_OUT_OF_PLACE` judges; the tags in
which text can be hidden, the marks of annotations and the object that is not there are among them."""
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_OUT_OF_PLACE = re.compile(
    f"[{_WITHOUT_SHAPE}]+"
    rf"|(?<![{_JOINS}])(?<![{_JOINS}]\ufe0f)[\u200c\u200d]|[\u200c\u200d](?![{_JOINS}])"
    f"|(?<![\\w{_EMOJI}#*])[{_SELECTORS}]"
    "|(?<![\u1820-\u18aa])[\u180b-\u180d\u180f]"
)


def _marks() -> str:
    """Every mark that takes no room of its own, as ranges for a pattern."""
    marks = [code for code in range(0x300, 0x1E950) if unicodedata.category(chr(code)) in {"Mn", "Me"}]
    firsts = [code for before, code in pairwise([0, *marks]) if code != before + 1]
    lasts = [code for code, after in pairwise([*marks, 0]) if after != code + 1]
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in zip(firsts, lasts, strict=True))


_MARKS = _marks()
_TOO_MANY_MARKS = re.compile(f"([{_MARKS}]{{{MOST_MARKS}}})[{_MARKS}]+")
_IGNORED = re.compile(f"[{_WITHOUT_SHAPE}\u200c\u200d{_SELECTORS}\u180b-\u180d\u180f\u20e0-\u20e4{_MARKS}]")
_LINE_ENDS = re.compile("[\u2028\u2029]")
_SUSPECT = re.compile(f"[{_WITHOUT_SHAPE}\u200c\u200d{_SELECTORS}\u180b-\u180d\u180f\u2028\u2029\u2800]")
_ODD = re.compile("[^\t-~\u00a0-\u00ac\u00ae-\u00ff\u2014-\u201d\u2026\u3000-\u3029\u4e00-\u9fff\uff01-\uff5e]")
"""Nearly no text has any, and none else needs a closer look."""


def seen(text: str) -> str:
    """The text without what nobody sees: no bidi controls, no characters without a shape, no heaps of accents."""
    if not _ODD.search(text):
        return text
    if not _SUSPECT.search(text):
        return _TOO_MANY_MARKS.sub(r"\1", text)
    without = _OUT_OF_PLACE.sub("", _LINE_ENDS.sub("\n", text.replace("\u2800", " ")))
    if without != text:  # what stood beside what is gone may be out of place now
        return seen(without)
    return _TOO_MANY_MARKS.sub(r"\1", text)


def shows(text: str) -> bool:
    """Whether there is anything in it that has a shape of its own: a letter, a figure, a sign."""
    return bool(text) and any(unicodedata.category(character)[0] in "LNPS" for character in text)


def without_ignored(text: str) -> str:
    """The text without what makes no difference to what is read: all without a shape, and all marks on letters."""
    return _IGNORED.sub("", text) if _ODD.search(text) else text


def pieces_of(text: str) -> list[str]:
    """The text's characters, each with what `without_ignored` leaves out behind it."""
    if not _ODD.search(text):
        return list(text)
    pieces: list[str] = []
    for character in text:
        if pieces and _IGNORED.match(character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


_SPACE = "\u0009\u0020\u1680\u2010-\u2015\u2212\u2800_-"
"""White space within a line, and dashes, as NFKD leaves them."""
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_STEPS = (
    (_IGNORED, ""),
    (re.compile(f"(?<=[{_CHINESE}])[{_SPACE}]+|[{_SPACE}]+(?=[{_CHINESE}])"), ""),
    (re.compile(rf"[\s{_SPACE}]+"), " "),
    (re.compile(r"\A | \Z"), ""),
)


def folded(text: str) -> str:
    """The text as it is compared: one width, one case, no accents, nothing without a shape, any space or dash as one
    space, and none beside Chinese characters, where it means nothing: `停　水` is 停水, `Gas-Leak` is gas leak. A line
    break stays a space, for what stands on two lines need not belong together.
    """
    text = without_ignored(_as_one_case(text))
    for pattern, instead in _STEPS[1:]:
        text = pattern.sub(instead, text)
    return text


def _as_one_case(text: str) -> str:
    """Marks go before the case does: the small case of U+0345, a mark of Greek, is the letter iota."""
    return without_ignored(unicodedata.normalize("NFKD", text)).casefold()


def where(text: str, word: str) -> tuple[int, int] | None:
    """From where to where a word stands in a text, both compared as `folded` does; None when it does not."""
    wanted = folded(word)
    letters, places = _placed(text)
    found = letters.find(wanted) if wanted else -1
    return None if found < 0 else (places[found], places[found + len(wanted) - 1] + 1)


def _placed(text: str) -> tuple[str, list[int]]:
    """A text as `folded` has it, and for each letter its place in the text."""
    pieces = [_as_one_case(character) for character in text]
    letters = "".join(pieces)
    places = [place for place, piece in enumerate(pieces) for _ in piece]
    for pattern, instead in _STEPS:
        kept, kept_places, last = [], [], 0
        for found in pattern.finditer(letters):
            kept += [letters[last : found.start()], instead]
            kept_places += places[last : found.start()] + places[found.start() : found.start() + len(instead)]
            last = found.end()
        letters, places = "".join([*kept, letters[last:]]), kept_places + places[last:]
    return letters, places
