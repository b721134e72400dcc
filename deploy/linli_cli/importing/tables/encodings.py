"""Which encoding a text file has: what its first bytes say, then UTF-8, UTF-16, GB18030; a guess is never taken."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

import chardet

from linli_cli.importing.tables.rows import UnreadableTable
from linli_cli.terminal.language import say, sentence

CHUNK = 1024 * 1024
SAMPLE = 200_000
"""Bytes that are looked at for a guess."""
NO_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"{\\rtf")
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WIDER = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "ascii": "utf-8"} | {
    **{"euc_kr": "cp949", "shift_jis": "cp932", "big5": "cp950", "iso8859-1": "cp1252", "utf-8-sig": "utf-8"}
}
"""What people call an encoding → the one that holds it and what the programs of the place write besides."""
LIKELY = re.compile(r"gb18030|cp949|cp932|cp950|big5hkscs|euc_j\w+|cp125\d|iso8859-\d+|koi8-[ru]|cp874|johab")
"""What spreadsheets and offices write; others are found in a handful of bytes and are not it."""
SURE = 2.0
"""So many times likelier than GB18030 another encoding must be to speak against it."""
ADVICE = sentence("or save it as “CSV UTF-8” or as XLSX")


def encoding_of(file: BinaryIO, text: str | None = None) -> str:
    """Python's name of the encoding, in which all of the file can be read. `said` is what the user says it is.

    Raises `UnreadableTable`.
    """
    start = _read(file, SAMPLE)
    if text is not None:
        return _as_named(file, text)
    if marked := next((name for mark, name in MARKS if start.startswith(mark)), None):
        if (place := _broken(file, marked)) is not None:
            raise _half(marked, file, place)
        return marked
    if start.startswith(NO_TABLES):
        raise UnreadableTable(say("this is no CSV or XLSX file: it holds binary data, not text"))
    if wide := _without_mark(start):
        if _broken(file, wide) is None:
            return wide
        raise _binary(start)
    if b"\0" in start:
        raise _binary(start)
    cut = _broken(file, "utf-8")
    if cut is None:
        return "utf-8"
    if _nearly_utf8(start):
        raise _half("UTF-8", file, cut)
    return _other(file)


def named(encoding: str) -> str:
    """As people know it."""
    known = {
        "utf-8": "UTF-8",
        "gb18030": "GB18030",
        "cp949": say("Korean (CP949)"),
        "cp932": say("Japanese (Shift-JIS, CP932)"),
    }
    known |= {"cp950": say("Traditional Chinese (Big5, CP950)"), "big5hkscs": say("Traditional Chinese (Big5-HKSCS)")}
    known |= {"euc_jp": say("Japanese (EUC-JP)"), "cp1252": say("Western European (Windows-1252)")}
    return known.get(encoding, encoding.upper())


def _as_named(file: BinaryIO, text: str) -> str:
    try:
        name = codecs.lookup(text).name
        "".encode(name)
    except (LookupError, ValueError) as error:  # ValueError: a name with a NUL
        some = "utf-8, gb18030, big5, euc-kr, shift-jis, utf-16, windows-1252"
        raise UnreadableTable(
            say("there is no encoding '{said}'; some that there are: {some}", said=text[:40], some=some)
        ) from error
    name = WIDER.get(name, name)
    if name in {"utf-16", "utf-32"} and not any(_read(file, 4).startswith(mark) for mark, _ in MARKS):
        name += "-be" if _read(file, 2)[:1] == b"\0" else "-le"
    if (place := _broken(file, name)) is not None:
        raise _half(text, file, place)
    return name


def _other(file: BinaryIO) -> str:
    sample = b"\n".join(_informative(_read(file, SAMPLE)))[:SAMPLE]
    guesses = [(_python_name(each["encoding"] or ""), each["confidence"] or 0.0) for each in chardet.detect_all(sample)]
    guesses = [guess for guess in guesses if LIKELY.fullmatch(guess[0])]
    likeliest, confidence = guesses[0] if guesses else ("", 0.0)
    as_chinese = max((sure for name, sure in guesses if name == "gb18030"), default=0.0)
    place = _broken(file, "gb18030")
    if place is None and (likeliest in {"", "gb18030"} or (as_chinese and confidence < SURE * as_chinese)):
        return _not_rare(file)
    if place is not None and likeliest in {"", "gb18030"}:
        if as_chinese:
            raise _half("GB18030", file, place)
        raise UnreadableTable(
            say("the file is neither UTF-8 nor GB18030 text; say --encoding NAME, {advice}", advice=say(ADVICE))
        )
    raise UnreadableTable(
        say(
            "the file is not UTF-8, and hardly GB18030; it looks like {likeliest}. If it is, say --encoding {name}; "
            "if it is Chinese, --encoding gb18030; {advice}",
            likeliest=named(likeliest),
            name=likeliest.replace("_", "-"),
            advice=say(ADVICE),
        )
    )


def _not_rare(file: BinaryIO) -> str:
    """GB18030, unless what it makes of the bytes is no writing."""
    text = _read(file, SAMPLE).decode("gb18030", "ignore")
    private = sum("\ue000" <= letter <= "\uf8ff" or letter > "\U000f0000" for letter in text)
    if private * 20 > sum(letter > "\x7f" for letter in text):
        raise UnreadableTable(
            say(
                "the file is not UTF-8, and as GB18030 it has characters that do not exist; "
                "say --encoding NAME, {advice}",
                advice=say(ADVICE),
            )
        )
    return "gb18030"


def _python_name(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return ""
    return WIDER.get(name, name)


def _informative(raw: bytes) -> Iterator[bytes]:
    """The lines that are not ASCII alone."""
    lines = raw.splitlines()
    whole = lines[:-1] if len(raw) == SAMPLE and len(lines) > 1 else lines  # the last may end within a character
    return (line for line in whole if not line.isascii())


def _without_mark(start: bytes) -> str | None:
    """UTF-16 whose mark is missing: separators, digits and line ends have their NULs all on one side."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    many, few, name = (odd, even, "utf-16-le") if odd > even else (even, odd, "utf-16-be")
    return name if many >= 2 and few * 10 <= many and many * 50 >= len(start) else None


def _nearly_utf8(start: bytes) -> bool:
    """Much of it is UTF-8 beyond ASCII, and little is not."""
    text = start.decode("utf-8", "replace")
    wrong, right = text.count("\ufffd"), len(re.findall(r"[\u0080-\ufffc]", text))
    return right > 10 * wrong


def _broken(file: BinaryIO, encoding: str) -> int | None:
    """Where the file is not of this encoding, in bytes; None if all of it is."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError:  # something like base64, which makes no text
        return 0
    file.seek(0)
    done = 0
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
            done += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return max(0, done - len(error.object)) + error.start if error.object else done
    except (ValueError, TypeError):
        return 0
    return None


def _half(name: str, file: BinaryIO, place: int) -> UnreadableTable:
    file.seek(0)
    line = file.read(place).count(b"\n") + 1
    return UnreadableTable(
        say(
            "the file begins as {name}, but this line is not; say --encoding NAME, {advice}",
            name=name,
            advice=say(ADVICE),
        ),
        line,
    )


def _binary(start: bytes) -> UnreadableTable:
    """A NUL or two in a text have a line to look at; more of them are no text."""
    if start.count(b"\0") * 100 < len(start) and not re.search(rb"[\x01-\x08\x0e-\x1f]", start):
        line = start[: start.index(b"\0")].count(b"\n") + 1
        return UnreadableTable(
            say("here stands a NUL character, which no table has; delete it, or save it as XLSX"), line
        )
    return UnreadableTable(say("this is no CSV or XLSX file: it holds binary data, not text"))


def _read(file: BinaryIO, size: int) -> bytes:
    file.seek(0)
    return file.read(size)
