"""YAML as a clerk writes it, with the line of every value, for messages that say where a fault stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from linli.text.clerks_yaml import Clerk
from linli_cli.terminal.language import say

Steps = tuple[str | int, ...]
"""The way to a place in a document: keys and positions from the top."""
MOST_REPEATED = 10_000
"""Values that aliases (*name) may stand for: more are a trap, or a mistake."""


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
    perhaps: Mapping[Steps, str] = field(default_factory=dict)
    """Where a word stands without quotes that elsewhere in YAML is true or false: `yes`, `off`, `True`."""


_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map")}
_PERHAPS = re.compile(r"(?i:yes|no|on|off|y|n)|(?!true|false)(?i:true|false)")


def read_yaml(path: Path) -> Located:
    """Read one document. Raises `UnreadableYaml`, or `OSError` when it cannot be opened."""
    text = _decoded(path.read_bytes())
    try:
        loader = Clerk(text)
        node = loader.get_single_node()
        if node is None:
            raise UnreadableYaml(say("the file is empty"), None)
        reader = _Reader(loader)
        return Located(reader.value(node, ()), reader.lines, reader.perhaps)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise UnreadableYaml(_problem(error), mark.line + 1 if mark else None) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UnreadableYaml(
            say("a character that no text holds (U+{character})", character=f"{int(error.character):04X}"), line
        ) from error
    except RecursionError as error:
        raise UnreadableYaml(say("it is nested too deeply to be read"), None) from error


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableYaml(say("this line is not UTF-8; save the file as UTF-8 and try again"), line) from error


def _problem(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem or error.context)
    if "'\\t'" in problem:
        return say("a tab stands where YAML wants spaces")
    return problem


class _Reader:
    """Turns nodes into values, and remembers where each stands."""

    def __init__(self, loader: Clerk) -> None:
        self._loader = loader
        self.lines: dict[Steps, int] = {}
        self.perhaps: dict[Steps, str] = {}
        self._within: set[int] = set()
        self._seen: set[int] = set()
        self._repeated = 0

    def value(self, node: yaml.Node, path: Steps) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self._within:
            raise UnreadableYaml(say("what an alias (*) stands for holds that alias itself"), line)
        self._repeated += id(node) in self._seen
        if self._repeated > MOST_REPEATED:
            raise UnreadableYaml(say("aliases (*) make more of this than any file can mean"), line)
        self._seen.add(id(node))
        self._within.add(id(node))
        found = self._inside(node, path, line)
        self._within.remove(id(node))
        return found

    def _inside(self, node: yaml.Node, path: Steps, line: int) -> Any:
        if node.tag not in _TAGS:
            raise UnreadableYaml(say("the tag {tag} has no meaning here; leave it out", tag=repr(node.tag[:40])), line)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.ScalarNode) and node.style is None and _PERHAPS.fullmatch(node.value):
            self.perhaps[path] = node.value
        try:
            return self._loader.construct_object(node, deep=True)
        except (ValueError, OverflowError) as error:
            raise UnreadableYaml(
                say("{value} cannot be read; write it in quotes", value=repr(node.value[:40])), line
            ) from error

    def _mapping(self, node: yaml.MappingNode, path: Steps) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise UnreadableYaml(say("a field's name is one word"), line)
            key = str(key_node.value)
            if key in mapping:
                raise UnreadableYaml(say("'{key}' stands twice here", key=key), line, ".".join(map(str, (*path, key))))
            self.lines[*path, key] = line
            mapping[key] = self.value(value_node, (*path, key))
        return mapping
