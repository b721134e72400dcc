"""Figures of mediations without persons: what is rare is not told, nor what it could be worked out from."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

OTHERS = "others"
"""The row of all categories that are too rare for one of their own."""


class Outcome(StrEnum):
    """What has come of a mediation: its state, or that it ended before one."""

    OPEN = "open"
    DRAFTED = "drafted"
    IN_EFFECT = "in_effect"
    KEPT = "kept"
    BROKEN = "broken"
    ESCALATED = "escalated"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One category. None stands for what is hidden."""

    category: str
    total: int
    states: Mapping[Outcome, int | None]


def rows(counted: Iterable[tuple[str | None, Outcome, int]], least: int) -> tuple[tuple[FigureRow, ...], bool]:
    """The rows, the most frequent first, and whether mediations are left out altogether.

    A category of fewer than `least` is counted among `others`, and those are told only if they are as many. Within a
    row each figure below `least` is hidden but for zero, and further ones until the hidden are two at least, and
    together so many, that none follows from the total.
    """
    table: dict[str, Counter[Outcome]] = {}
    for category, state, count in counted:
        table.setdefault(category or OTHERS, Counter())[state] += count
    others, kept = table.pop(OTHERS, Counter()), dict[str, Counter[Outcome]]()
    for category, states in table.items():
        if states.total() < least:
            others = others + states
        else:
            kept[category] = states
    left_out = 0 < others.total() < least
    if others.total() >= least:
        kept[OTHERS] = others
    told = [_row(category, states, least) for category, states in kept.items()]
    return tuple(sorted(told, key=lambda row: (-row.total, row.category))), left_out


def _row(category: str, states: Counter[Outcome], least: int) -> FigureRow:
    by_size = sorted((state for state in Outcome if states[state]), key=lambda state: (states[state], state))
    hidden: set[Outcome] = set()
    for state in by_size:
        together = sum(states[each] for each in hidden)
        if states[state] < least or (hidden and (len(hidden) < 2 or together < least)):
            hidden.add(state)
    shown = {state: None if state in hidden else states[state] for state in Outcome}
    return FigureRow(category, states.total(), shown)
