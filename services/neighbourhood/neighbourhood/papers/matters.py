"""What is put to the vote, with its text: events and states know a matter by the hash of that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from linli.contracts.neighbourhood.votes import Matter
from neighbourhood.digests import digest_of_text
from neighbourhood.papers.text import Both

LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True)
class MatterText:
    """As owners read it. The Chinese of `text` is what was posted, to the character; an English one only helps."""

    title: Both
    text: Both


Texts: TypeAlias = Mapping[str, MatterText]
"""By matter."""


class OtherText(ValueError):
    """What would be printed is not what was posted. `matter` is whose text is another one."""

    def __init__(self, matter: str) -> None:
        super().__init__(f"matter {matter} has another text than was posted")
        self.matter = matter


def texts_of(posted: Mapping[str, str]) -> dict[str, MatterText]:
    """Of texts as they are kept, by matter: the first line is called its title."""
    return {id: MatterText(Both(_title(text)), Both(text)) for id, text in posted.items()}


def as_posted(matters: Iterable[Matter], texts: Texts) -> Texts:
    """The texts, where each is the one that its matter is known by. Raises `KeyError`, `OtherText`."""
    for matter in matters:
        if digest_of_text(texts[matter.id].text.zh) != matter.text_sha256:
            raise OtherText(matter.id)
    return texts


def _title(text: str) -> str:
    first = text.strip().split("\n", 1)[0].strip()
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1]}…"
