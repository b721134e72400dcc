"""Masks numbers and addresses that identify people, anywhere in a text.

A number is looked for in a shadow of the text: figures of every kind as 0–9, without invisible characters between
them. So it makes no difference whether it is written 138…, １３８…, ①③⑧…, 𝟏𝟑𝟖… or with unseen characters between.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

from linli.text.visible import pieces_of, without_ignored

_NUMERAL = "〇零一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖"
NUMERALS = str.maketrans(_NUMERAL, "0011122233445566778899")
"""How a number is written by who does not want it to be found: 幺三八…"""


def _figures() -> Iterator[tuple[int, str]]:
    """Every sign that is one figure or one Latin letter to who reads it, and which."""
    for code in range(0x80, 0x20000):
        if (figure := unicodedata.digit(chr(code), None)) is not None:
            yield code, str(figure)
    for code in (*range(0xFF01, 0xFF5F), *range(0x1D400, 0x1D6A4), *range(0x24B6, 0x24EA), 0xFE6B, 0xFE52):
        if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1:
            yield code, plain
    for first, last in ((0x3220, 0x3228), (0x3280, 0x3288)):  # ㈠ and ㊀ to nine
        for code in range(first, last + 1):
            yield code, "一二三四五六七八九"[code - first]
    yield 0x3000, " "
    yield 0x3007, "〇"


_AS_READ = dict(_figures())

_GAP = r"[\s\-‐-―−_.·•*~/()（）]{0,3}"
"""What people write between the groups of a number."""
_TIGHT = r"[\s\-‐-―−·]"
_DATE_OR_PLACE = r"(?!(?:19|20)\d\d[.\s-]\d{1,2}[.\s-]\d{1,2}(?!\d)|\d{1,3}\.\d{4,}[\s,]+\d{1,3}\.\d)"
"""2026.11.28-2026.12.31 and 120.382609 36.067108 have as many figures as a card."""
_IDENTITY_OR_CARD = re.compile(
    rf"(?<![0-9A-Za-z])(?<!\d\.){_DATE_OR_PLACE}(\d{{4}})(?:[\s.-]?\d){{9,14}}[\s.-]?([0-9Xx])(?![0-9A-Za-z])"
)
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_GAP})?(1[3-9]\d){_GAP}(?:\d{{4}}{_GAP}|\d{{3}}{_GAP}\d)(\d{{4}})(?!\d)")
_MOBILE_IN_PIECES = re.compile(
    r"(?<![\d.])(?:\+?86[\s-]?)?(?=1[3-9]\d{1,4}([ \-])\d|1([ \-.·])[3-9]\2)"
    r"((?=(?:\d[ \-]?){10}\d(?![\d.])(?![ \-]\d))\d{3,6}(?:\1\d{2,6}){1,4}|1(?:\2\d){10}(?!\2?\d))"
)
"""In other groups: 138 56 78 12 34, or each figure for itself; one and the same sign between them."""
_N, _D, _APART = f"[{_NUMERAL}]", f"[0-9{_NUMERAL}]", r"[\s\-‐-―·]{0,3}"
_MOBILE_IN_WORDS = re.compile(
    rf"(?<!\d)(?<!{_D}{_D})(?:\+?[8八捌][6六陆]{_GAP})?(?=[1一幺壹]{_GAP}[3-9三叁四肆五伍六陆七柒八捌九玖])"
    rf"({_N}(?:{_APART}{_N}){{10}}|{_D}{{3}}{_GAP}(?:{_D}{{4}}{_GAP}|{_D}{{3}}{_GAP}{_D}){_D}{{4}}(?!\d))(?!{_D}{_D})"
)
"""In Chinese numerals alone, or in groups with digits among them. One more beside it is a word's: …一直没人接."""
_LANDLINE = re.compile(
    rf"(?:(?<!\d)(0(?:10|2\d|[3-9]\d{{2}}))|(?<!\d)\+86{_GAP}((?:10|2\d|[3-9]\d{{2}}))){_GAP}"
    rf"(?:\d{{3,4}}{_GAP}|\d\d{_TIGHT}\d\d{_TIGHT}(?=\d\d{_TIGHT}\d\d(?!\d)))(\d\d{_TIGHT}?\d\d)(?!\d)"
)
_ABROAD = re.compile(rf"(?<![\d+])(\+(?!86)[1-9]\d{{0,2}})(?:[\s\-.()]{{0,2}}\d){{3,10}}{_GAP}(\d{{4}})(?!\d)")
_A_DAY = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
_LOCAL = rf"(?!{_A_DAY})[2-8]\d{{2,3}}[\s-]?\d{{4}}(?!\d)"
_LOCAL_IN_CONTEXT = re.compile(
    r"(?:(?:电话|手机|座机|固话|联系|传真|热线)(?:号码|号|方式)?|致电|拨打|拨|打|来电|回电"
    r"|(?<![a-z])(?:tel|telephone|phone|call|ring|fax)(?![a-z])(?: ?(?:number|no))?)"
    rf"[\s.:：是为到在【\[（(]{{0,3}}({_LOCAL}(?:\s?[、,，/;；或和及]\s?{_LOCAL})*)"
    rf"|(?<![\d.#＃号])({_LOCAL})(?=[\s，,（(]?(?:没人接|无人接|打不通|打不进|一直占线|总是占线|转\d{{1,4}}|分机))",
    re.IGNORECASE,
)
"""A number of seven or eight digits without its town's is one only where the words say so."""
_LOCAL_NUMBER = re.compile(r"\d{3,4}[\s-]?(\d{4})(?!\d)")

_AT = r"(?:\s?@\s?|\s?[\[({（【<]\s?(?:at|@|艾特)\s?[\])}）】>]\s?|\s?艾特\s?)"
_DOT = r"(?:[.。]|\s?[\[({（【<]\s?(?:dot|\.|点)\s?[\])}）】>]\s?|\s(?:dot|点)\s|点)"
_LABEL, _ENDING = r"[A-Za-z0-9\u4e00-\u9fff-]{1,63}", r"[A-Za-z\u4e00-\u9fff]{2,24}"
_NAME = r"(?<![A-Za-z0-9._%+-])[._%+-]*(?:([A-Za-z0-9])[A-Za-z0-9._%+-]*|([\u4e00-\u9fff])[\u4e00-\u9fff]{0,3})"
_EMAIL = re.compile(rf"{_NAME}@(?:{_LABEL}[.。]){{1,5}}{_ENDING}")
_EMAIL_IN_WORDS = re.compile(
    r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9])[A-Za-z0-9._%+-]{0,63}"
    rf"(?:{_AT}[A-Za-z0-9-]{{1,63}}(?:{_DOT}[A-Za-z0-9-]{{1,63}}){{0,3}}{_DOT}"
    rf"|\sat\s[A-Za-z0-9-]{{1,63}}(?:\s?(?:dot|点)\s?[A-Za-z0-9-]{{1,63}}){{0,3}}\s?(?:dot|点)\s?)"
    r"(?:com|cn|net|org|edu|gov|info|me|io|co|example|test)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
"""wang at qq dot com, wang[at]qq.com, wang艾特qq点com; with an ending that is one, for `at` is also a word."""


_FIGURE, _FEWEST, _AT_ALL = re.compile(_D), 7, re.compile(r"@|艾特|\bat\b", re.IGNORECASE)
"""What has neither that many figures nor a sign of an address is done with at once."""
_DISGUISES = "".join(
    chr(code) for code, plain in _AS_READ.items() if code < 0x1_0000 and (plain == "@" or plain.isalnum())
)
_IN_DISGUISE = re.compile(f"[{_DISGUISES}\U00010000-\U0001ffff]")
"""Figures and letters that do not look to a program as they do to a reader, and what may be such: above U+FFFF `re`
compares with each character of a set in turn, which took longer than all else that is done to a text."""


def masked(text: str) -> str:
    """The text with telephone, identity and bank card numbers and e-mail addresses made unreadable: 138****8000.

    Names and addresses in running text cannot be told from other words; people are asked to leave them out.
    """
    shadow = without_ignored(text)
    if _IN_DISGUISE.search(shadow):
        shadow = shadow.translate(_AS_READ)
    if len(_FIGURE.findall(shadow)) < _FEWEST and not _AT_ALL.search(shadow):
        return text
    pieces = pieces_of(text)
    shadow = "".join(piece[0] for piece in pieces).translate(_AS_READ)
    for pattern, instead in _KINDS:
        for found in reversed(list(pattern.finditer(shadow))):
            shown, begin, end = instead(found), *found.span()
            shadow, pieces[begin:end] = shadow[:begin] + shown + shadow[end:], list(shown)
    return "".join(pieces)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text.translate(NUMERALS))


def _shortened(found: re.Match[str]) -> str:
    digits = _digits(found[0])[-11:]
    return f"{digits[:3]}****{digits[-4:]}"


def _local(found: re.Match[str]) -> str:
    return _LOCAL_NUMBER.sub(r"****\1", found[0])


_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_IDENTITY_OR_CARD, lambda found: f"{found[1]}**********{found[2]}"),
    (_MOBILE, lambda found: f"{found[1]}****{found[2]}"),
    (_MOBILE_IN_PIECES, _shortened),
    (_MOBILE_IN_WORDS, _shortened),
    (_LANDLINE, lambda found: f"{found[1] or found[2]}-****{_digits(found[3])}"),
    (_ABROAD, lambda found: f"{found[1]}****{found[2]}"),
    (_LOCAL_IN_CONTEXT, _local),
    (_EMAIL, lambda found: f"{found[1] or found[2]}***@***"),
    (_EMAIL_IN_WORDS, lambda found: f"{found[1]}***@***"),
)
