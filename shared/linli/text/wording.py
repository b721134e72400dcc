"""The significant words and the places of a text, for comparison."""

import re
import unicodedata
from collections.abc import Iterable

from linli.text.visible import without_ignored

MOST_CHARACTERS = 600
"""Of what is read of a text. What comes later seldom says what it is about, and costs time."""


def words_of(text: str) -> str:
    """The telling words of a text in the order of the alphabet, one space between: who says what first does not matter.

    Without the places, which are compared by themselves, and without single letters. By the dictionary alone: what
    rjieba guesses of words that it does not know depends on what stands beside them.
    """
    text = _plain(text)
    for pattern in _PLACES.values():
        text = pattern.sub(" ", text)
    words = sorted(word for word in _cut(text) if word.isalnum())
    telling = [word for word in words if len(word) > 1 and word not in _SAYS_NOTHING]
    return " ".join(telling or words)


def _cut(text: str) -> Iterable[str]:
    import rjieba  # noqa: PLC0415  # its dictionary takes 34 MB, which a process that compares no texts need not have

    return rjieba.cut(text, hmm=False)


def places_of(text: str) -> dict[str, frozenset[str]]:
    """The buildings, units and gates that a text names, by `BUILDING`, `UNIT`, `GATE`; a kind that it does not name is
    left out.
    """
    text = _plain(text)
    found = {kind: frozenset("".join(groups) for groups in pattern.findall(text)) for kind, pattern in _PLACES.items()}
    return {kind: named for kind, named in found.items() if named}


BUILDING, UNIT, GATE = "号楼", "单元", "门"
_PLACES = {
    BUILDING: re.compile(r"(\d{1,3})(?:号楼|号院|栋|幢)|building (\d{1,3})"),
    UNIT: re.compile(r"(\d{1,2})单元|entrance (\d{1,2})"),
    GATE: re.compile(r"([东南西北])大?门(?!诊)"),
}
_NUMERAL = re.compile(r"[一二三四五六七八九十]{1,3}(?=号楼|号院|栋|幢|单元)")
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}


def _plain(text: str) -> str:
    """Half-width, lower case, and the numbers of buildings and units in figures: 三号楼 is 3号楼.

    Cut before, for NFKC takes time, and after, for it makes eighteen letters of one (U+FDFA).
    """
    text = unicodedata.normalize("NFKC", without_ignored(text[:MOST_CHARACTERS])).casefold()[:MOST_CHARACTERS]
    return _NUMERAL.sub(lambda found: _in_figures(found[0]), text)


def _in_figures(numeral: str) -> str:
    """3 for 三, 12 for 十二, 20 for 二十."""
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return "".join(str(_DIGITS[digit]) for digit in numeral)
    return str(10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0))


# fmt: off
_SAYS_NOTHING = frozenset({
    "我们", "你们", "他们", "没有", "请求", "希望", "反映", "投诉", "举报", "咨询", "关于", "建议", "问题", "情况",
    "强烈", "再次", "尊敬", "领导", "您好", "谢谢", "麻烦", "能不能", "什么", "怎么", "为什么", "一个", "解决",
    "有关", "部门", "相关", "政府", "请问", "有人", "我家", "小区", "业主", "居民", "只是", "就是", "可以", "进行",
})
"""Words of any letter to an office: they say that somebody writes, not what about."""
# fmt: on
