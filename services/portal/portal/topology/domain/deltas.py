"""Samples as they are kept: one whole now and then, and between them what has changed since the one before."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]
"""A sample as JSON has it: mappings in mappings; a list is one value."""
Change: TypeAlias = dict[str, Any]
"""`{"set": [[path, value], …], "gone": [path, …]}`, a path being a list of keys."""


def change(before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    """What makes the one sample of the other."""
    settings: list[Any] = []
    gone: list[Any] = []
    _compare(before, after, [], settings, gone)
    return {"set": settings, "gone": gone}


def _compare(
    before: Mapping[str, Any], after: Mapping[str, Any], path: list[str], settings: list[Any], gone: list[Any]
) -> None:
    gone.extend([*path, key] for key in before if key not in after)
    for key, value in after.items():
        old = before.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            _compare(old, value, [*path, key], settings, gone)
        elif key not in before or old != value:
            settings.append([[*path, key], value])


def changed(before: Document, changes: Iterable[Change]) -> Document:
    """A sample after these changes, in order; `before` stays as it is."""
    document = _copy(before)
    for each in changes:
        advance(document, each)
    return document


def advance(document: Document, by: Change) -> None:
    """Make the next sample of one, in place: whoever reads a day goes through 17,280, and needs few."""
    for path in by["gone"]:
        _parent(document, path).pop(path[-1], None)
    for path, value in by["set"]:
        _parent(document, path)[path[-1]] = _copy(value) if isinstance(value, dict) else value


def _parent(document: Document, path: list[str]) -> Document:
    for key in path[:-1]:
        document = document.setdefault(key, {})
    return document


def _copy(document: Document) -> Document:
    return {key: _copy(value) if isinstance(value, dict) else value for key, value in document.items()}
