"""What a community offers to the public: the categories that a report or a demand may have, and what each asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from linli.contracts.kinds import Kind
from linli.contracts.workflow.community import Category, Community, Rule

ANSWERED_IN_PUBLIC = (Kind.REPORT, Kind.DEMAND)
"""A dispute is between people, and an alarm is a device's."""
NEIGHBOURHOOD = "neighbourhood"


class Datatype(StrEnum):
    """What a question takes for an answer."""

    STRING = "string"
    NUMBER = "number"
    ONE_OF = "singlevaluelist"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers that there are."""

    key: str
    name: str
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a submission may say of itself."""

    code: str
    name: str
    name_en: str
    datatype: Datatype
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A category, as the public may name it."""

    code: str
    kind: Kind
    """What a submission with it is."""
    kinds: tuple[Kind, ...]
    """All that it may be; empty: any."""
    name: str
    name_en: str | None
    group: Category
    """The first level above it."""
    path: tuple[Category, ...]
    """The levels above it, from the top."""
    questions: tuple[Question, ...]


def offers(community: Community) -> tuple[Offer, ...]:
    """The last level of each branch, where reports or demands may have it; in the order of the data."""
    by_id = {category.id: category for category in community.categories}
    above = {category.parent for category in community.categories}
    found = []
    for category in community.categories:
        kind = _kind_of(category)
        if kind is None or category.id in above:
            continue
        path = tuple(_above(category, by_id))
        asked = (*_places(community), *_asked_by_rules(community, category, kind))
        group = path[0] if path else category
        found.append(Offer(category.id, kind, category.kinds, category.name, category.name_en, group, path, asked))
    return tuple(found)


def _kind_of(category: Category) -> Kind | None:
    """A report where it can be one; None where the public has no use for it."""
    return next((kind for kind in ANSWERED_IN_PUBLIC if not category.kinds or kind in category.kinds), None)


def _above(category: Category, by_id: dict[str, Category]) -> Iterator[Category]:
    if category.parent is not None:
        yield from _above(by_id[category.parent], by_id)
        yield by_id[category.parent]


def _places(community: Community) -> Iterator[Question]:
    if community.neighbourhoods:
        choices = tuple(Choice(each.id, each.name, each.name_en) for each in community.neighbourhoods)
        yield Question(NEIGHBOURHOOD, "小区", "Neighbourhood", Datatype.ONE_OF, choices)


def _asked_by_rules(community: Community, category: Category, kind: Kind) -> Iterator[Question]:
    """What the rules look at that may decide on such a submission: each attribute once, by its name."""
    looked_for: dict[str, list[str | bool | int | float]] = {}
    for rule in community.rules:
        if _may_hold(rule, category, kind):
            for name, value in rule.when.attributes.items():
                looked_for.setdefault(name, []).append(value)
    for name, values in sorted(looked_for.items()):
        if all(isinstance(value, bool) for value in values):
            choices = (Choice("true", "是", "yes"), Choice("false", "否", "no"))
            yield Question(name, name, name, Datatype.ONE_OF, choices)
        else:
            numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
            yield Question(name, name, name, Datatype.NUMBER if numbers else Datatype.STRING)


def _may_hold(rule: Rule, category: Category, kind: Kind) -> bool:
    when = rule.when
    below = any(category.id == named or category.id.startswith(f"{named}.") for named in when.category)
    return (not when.category or below) and (not when.kind or kind in when.kind)
