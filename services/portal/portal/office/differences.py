"""What differs between two versions of a community's data: entry by entry, by their ids."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, TypeAlias

What: TypeAlias = Literal["added", "removed", "changed", "moved"]
MOST = 500
"""Differences that a page names; more are a new community."""
LONGEST = 300
"""Characters of a value."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`where` names the section, the entry and the field; a value is JSON, shortened."""

    where: str
    what: What
    before: str | None
    after: str | None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """The first 500, in the order of the data."""
    return list(islice(_of(before, after, ""), MOST))


def _of(before: Mapping[str, Any], after: Mapping[str, Any], place: str) -> Iterator[Difference]:
    for name in [*after, *(name for name in before if name not in after)]:
        old, new = before.get(name), after.get(name)
        where = f"{place}.{name}" if place else name
        if old == new:
            continue
        if (olds := _entries(old)) is not None and (news := _entries(new)) is not None:
            yield from _of_entries(olds, news, where)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _of(old, new, where)
        else:
            yield _difference(where, old, new)


def _of_entries(olds: Mapping[str, Any], news: Mapping[str, Any], where: str) -> Iterator[Difference]:
    for id in [*news, *(id for id in olds if id not in news)]:
        if id not in olds or id not in news:
            yield _difference(f"{where} {id}", olds.get(id), news.get(id))
        elif olds[id] != news[id]:
            yield from _of(olds[id], news[id], f"{where} {id}")
    order = [id for id in olds if id in news]
    if order != [id for id in news if id in olds]:  # of rules the first that matches wins
        yield Difference(where, "moved", _shown(order), _shown([id for id in news if id in olds]))


def _entries(value: Any) -> dict[str, Any] | None:
    """A list of entries by id; None for what is no such list."""
    if value is None or value == []:
        return {}
    if isinstance(value, list) and all(isinstance(each, Mapping) and isinstance(each.get("id"), str) for each in value):
        return {each["id"]: each for each in value}
    return None


def _difference(where: str, old: Any, new: Any) -> Difference:
    what: What = "added" if old is None else "removed" if new is None else "changed"
    return Difference(where, what, None if old is None else _shown(old), None if new is None else _shown(new))


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
