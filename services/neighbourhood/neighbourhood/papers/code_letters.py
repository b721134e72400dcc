"""Letters by which households take part in one affair: to each door one page with what it is about and its own code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from neighbourhood.papers.letters import MOST_DOORS, WAY_IN, Door, ways_in
from neighbourhood.papers.sheet import Sheet, TooLong, sheet
from neighbourhood.papers.text import Both


@dataclass(frozen=True, slots=True)
class CodeLetters:
    """A stairwell's letters. No name is on them."""

    title: Both
    about: Both
    """What can be done with the code, in a few sentences."""
    neighbourhood: Both
    office: Both
    """Who helps."""
    address: str
    """The page on which a code is typed, without any code."""
    doors: Sequence[Door]
    printed_at: datetime
    two_sided: bool = False
    """With empty pages, so that a letter is no other one's back."""


def code_letters(of: CodeLetters) -> Sheet:
    """Raises `TooLong` and, for a link that fits on no paper, `ValueError`."""
    if len(of.doors) > MOST_DOORS:
        raise TooLong
    words = {
        "title": of.title,
        "about": of.about,
        "neighbourhood": of.neighbourhood,
        "office": of.office,
        "address": of.address,
        "two_sided": of.two_sided,
        "labels": WAY_IN | {"on_paper": ON_PAPER},
        "households": ways_in(of.doors),
    }
    return sheet("code_letters", words, of.printed_at)


ON_PAPER = Both(
    "不便上网的，可到下列地点书面办理。", "Or come to the office below and do it on paper: that counts the same."
)
