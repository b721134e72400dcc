"""A text as search terms: pairs of neighbouring letters, because Chinese has no spaces between words.

Whoever looks for 电梯 finds it wherever it stands, however a dictionary would cut the sentence. Latin words and numbers
are found whole. Width, capitals and what nobody sees make no difference.
"""

import re
import unicodedata
from collections.abc import Iterable
from operator import add

MOST_CHARACTERS = 600
"""Of what is read of a text: what comes later seldom says what it is about, and every pair is kept in an index."""
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")
_RUN = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[a-z0-9\u00e0-\u024f]+")
_FIRST_OF_OTHERS = "\u0250"


def grams_of(*texts: str | None) -> frozenset[str]:
    """What the texts together are found by."""
    grams: set[str] = set()
    for text in texts:
        for run in _runs(text[:MOST_CHARACTERS]) if text else ():
            grams.update(_grams(run))
    return frozenset(grams)


def asked_for(query: str) -> frozenset[str]:
    """What a text has to have to be found. Empty where nothing can be looked for: a single letter stands everywhere."""
    return frozenset(gram for run in _runs(query) for gram in _grams(run) if len(gram) > 1)


def _runs(text: str) -> list[str]:
    return _RUN.findall(_UNSEEN.sub("", unicodedata.normalize("NFKC", text).casefold()))


def _grams(run: str) -> Iterable[str]:
    """`3号楼wifi坏了` is `3`, `3号`, `号楼`, `楼w`, `wifi`, `i坏`, `坏了`: of two latin letters there is no pair."""
    pairs = map(add, run, run[1:])
    latin = _LATIN.findall(run)
    if not latin:
        return pairs
    return [*latin, *(pair for pair in pairs if pair[0] >= _FIRST_OF_OTHERS or pair[1] >= _FIRST_OF_OTHERS)]
