"""The text of a text message: at most two parts, always with the whole link."""

import re
from collections.abc import Callable

TWO_PARTS_GSM, TWO_PARTS_UCS2 = 2 * 153, 2 * 67
"""Characters that two joined parts hold (3GPP TS 23.040, 9.2.3.24.1): by the plain alphabet, or by any other."""
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The plain alphabet (3GPP TS 23.038, 6.2.1), without what takes two places in it."""
_LINK = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*[:：][/／\\]+|(?<=[^\W_])[.．。｡](?=[^\W\d_]{2}|\d+\.\d+\.\d)", re.ASCII)
"""What makes a telephone take words for a link: a scheme, or a dot within a name or an IPv4 address."""
PARTY_AT_MOST = 20
"""Characters of a party's name; the title takes what is left."""


def fits(text: str) -> bool:
    """Whether it goes in two parts."""
    if all(character in GSM for character in text):
        return len(text) <= TWO_PARTS_GSM
    return len(text.encode("utf-16-le")) // 2 <= TWO_PARTS_UCS2


def without_links(text: str) -> str:
    """The text in which nothing can be tapped: anybody may leave another's number, with a title of their own."""
    return " ".join(_LINK.sub(" ", text).split())


def harmless(text: str | None) -> str | None:
    """The same of several lines."""
    return text and "\n".join(without_links(line) for line in text.splitlines())


def cut(text: str, length: int) -> str:
    """The text, or its beginning with dots that every alphabet has."""
    return text if len(text) <= length else text[: max(length - 2, 0)].rstrip() + ".."


def fitted(say: Callable[[str], str], title: str) -> str:
    """What `say` makes of a title, with so much of the title as goes in two parts."""
    for length in range(len(title), 2, -1):
        if fits(text := say(cut(title, length))):
            return text
    return say("..")
