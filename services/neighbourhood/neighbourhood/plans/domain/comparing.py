"""Two versions of a plan side by side. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.plan_text import PlanItem
from neighbourhood.plans.domain.plan import PlanVersion

FIELDS = ("category", "title", "description", "estimate", "shares", "demands")
"""Of an item, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item that both versions have, and that reads otherwise."""

    before: PlanItem
    after: PlanItem

    @property
    def fields(self) -> tuple[str, ...]:
        """What of it differs."""
        return tuple(name for name in FIELDS if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is otherwise in the later version."""

    added: tuple[PlanItem, ...]
    removed: tuple[PlanItem, ...]
    changed: tuple[ItemChange, ...]
    moved: bool
    """The items that both have stand in another order."""
    retitled: bool
    outcomes: Mapping[str, tuple[tuple[str, ...] | Wording | None, tuple[str, ...] | Wording | None]]
    """By demand whose outcome is another: before and after, items or reason; None where it was not taken."""
    estimate: tuple[int, int]
    """Fen, before and after."""

    @property
    def same(self) -> bool:
        """Whether both say the same, but for their number."""
        return not (self.added or self.removed or self.changed or self.moved or self.retitled or self.outcomes)


def compared(before: PlanVersion, after: PlanVersion) -> Comparison:
    """What changed from one version to another."""
    had, has = ({item.id: item for item in version.text.items} for version in (before, after))
    was, now = before.outcomes, after.outcomes
    both = [id for id in had if id in has]
    return Comparison(
        added=tuple(item for id, item in has.items() if id not in had),
        removed=tuple(item for id, item in had.items() if id not in has),
        changed=tuple(ItemChange(had[id], has[id]) for id in both if had[id] != has[id]),
        moved=both != [id for id in has if id in had],
        retitled=before.text.title != after.text.title,
        outcomes={
            demand: (was.get(demand), now.get(demand))
            for demand in sorted(was.keys() | now.keys())
            if was.get(demand) != now.get(demand)
        },
        estimate=(before.estimate, after.estimate),
    )
