"""YAML as a clerk writes it, with the line of every value, for messages that say where a fault stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Steps = tuple[str | int, ...]
"""The way to a place in a document: keys and positions from the top."""


class UnreadableYaml(Exception):
    """The file is no YAML, or says one thing twice; `line` is where."""

    def __init__(self, message: str, line: int | None, field: str | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.field = field


@dataclass(frozen=True)
class Located:
    """A document's value, and the line (from 1) of each place in it: `("rules", 3, "role")` → 41."""

    value: Any
    lines: Mapping[Steps, int]


class _Clerk(yaml.SafeLoader):
    """Plain scalars are numbers, true, false, null or text: `22:00` is no number in base 60 and `no` no boolean."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own shape; add_implicit_resolver copies it


_Clerk.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Clerk.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Clerk.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?\d+$"), list("-+0123456789"))
_Clerk.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?\d+\.\d+$"), list("-+0123456789"))


def read_yaml(path: Path) -> Located:
    """Read one document. Raises `UnreadableYaml`, or `OSError` when it cannot be opened."""
    try:
        loader = _Clerk(path.read_text(encoding="utf-8-sig"))
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise UnreadableYaml(str(error.problem or error.context), mark.line + 1 if mark else None) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UnreadableYaml(f"not readable as UTF-8 YAML: {error}", None) from error
    if node is None:
        raise UnreadableYaml("the file is empty", None)
    lines: dict[Steps, int] = {}
    return Located(_value(loader, node, (), lines), lines)


def _value(loader: _Clerk, node: yaml.Node, path: Steps, lines: dict[Steps, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*path, index), lines) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in mapping:
                raise UnreadableYaml(f"'{key}' stands twice here", line, ".".join(map(str, (*path, key))))
            lines[*path, key] = line
            mapping[key] = _value(loader, value_node, (*path, key), lines)
        return mapping
    return loader.construct_object(node, deep=True)
