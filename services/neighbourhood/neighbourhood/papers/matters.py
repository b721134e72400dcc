"""What is put to the vote, with its text: events and states know a matter by the hash of that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from neighbourhood.papers.text import Both


@dataclass(frozen=True, slots=True)
class MatterText:
    """As owners read it."""

    title: Both
    text: Both


Texts: TypeAlias = Mapping[str, MatterText]
"""By matter."""
