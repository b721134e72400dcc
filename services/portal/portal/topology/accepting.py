"""What an engineer would change to accept what was seen and nobody declared: a patch of the file in which a deployment
says what it has otherwise (`deploy/topics.yaml`). Nothing is changed here; the patch is reviewed and applied by people.

The file's own lines and comments stay: only the entry is put in, and the patch is as small as that.
"""

import difflib
from collections.abc import Mapping
from typing import Any

import yaml

FILE = "deploy/topics.yaml"
"""As the repository has it: the patch is applied there, `git apply` or `patch -p1`."""


class ByHand(ValueError):
    """The file is written in a way that no entry can be put in without harm; a person writes this one."""


def with_topic(text: str, name: str, partitions: int, config: Mapping[str, str]) -> str:
    """The file after it says that a topic is so; what else it says of the topic stays. Raises `ByHand`."""
    before = _value(text, "topics").get(name) or {}
    entry = dict(before) | {"partitions": partitions}
    if config or before.get("config"):
        entry["config"] = {**(before.get("config") or {}), **config}
    return _with_entry(text, "topics", name, entry)


def with_group(text: str, name: str, why: str) -> str:
    """The file after it says that a consumer group is an operator's own. Raises `ByHand`."""
    return _with_entry(text, "groups", name, why)


def patch(before: str, after: str, *, is_new: bool) -> str:
    """What `git apply` takes; empty where nothing changes."""
    name = "/dev/null" if is_new else f"a/{FILE}"
    lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), name, f"b/{FILE}")
    # What does not end in a line feed is told apart, or the patch would not apply.
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _value(text: str, section: str) -> Mapping[str, Any]:
    said = yaml.safe_load(text) or {}
    return said.get(section) or {}


def _with_entry(text: str, section: str, name: str, entry: Any) -> str:
    """An alias, a document's end or a root in one line lead astray: what came of it is read, and is what was meant."""
    meant = {**(yaml.safe_load(text) or {}), section: {**_value(text, section), name: entry}}
    after = _put_in(text, section, name, entry)
    try:
        found = yaml.safe_load(after)
    except yaml.YAMLError:
        found = None
    if found != meant:
        raise ByHand(yaml.safe_dump({section: {name: entry}}, default_flow_style=True, width=1_000).strip())
    return after


def _put_in(text: str, section: str, name: str, entry: Any) -> str:
    lines = _ended(text).splitlines(True)
    found = _node(text, section)
    if found is None:
        return "".join([*lines, f"{section}:\n", *_block(name, entry)])
    key, value = found
    if not isinstance(value, yaml.MappingNode) or value.flow_style or not value.value:
        # `topics: {}`, or one line of entries: said anew, an entry a line.
        entries = dict(_value(text, section)) | {name: entry}
        said = [line for each, what in entries.items() for line in _block(each, what)]
        last = value.end_mark.line + (1 if value.end_mark.column or value.end_mark.line == key.start_mark.line else 0)
        return "".join([*lines[: key.start_mark.line], f"{section}:\n", *said, *lines[last:]])
    indent = value.start_mark.column
    for each, what in value.value:
        if each.value == name:
            first, last = each.start_mark.line, _last_line(lines, what)
            return "".join([*lines[:first], *_block(name, entry, indent), *lines[last:]])
    last = _last_line(lines, value.value[-1][1])
    return "".join([*lines[:last], *_block(name, entry, indent), *lines[last:]])


def _node(text: str, section: str) -> tuple[Any, Any] | None:
    document = yaml.compose(text, yaml.SafeLoader)
    if not isinstance(document, yaml.MappingNode):
        return None
    return next(((key, value) for key, value in document.value if key.value == section), None)


def _last_line(lines: list[str], node: Any) -> int:
    """The line after a value: its end mark stands behind the blank lines and comments that follow it."""
    last: int = node.end_mark.line + (1 if node.end_mark.column else 0)
    while last > node.start_mark.line + 1 and lines[last - 1].strip()[:1] in {"", "#"}:
        last -= 1
    return last


def _block(name: str, entry: Any, indent: int = 2) -> list[str]:
    said = yaml.safe_dump({name: entry}, default_flow_style=False, sort_keys=False, allow_unicode=True)
    return [f"{' ' * indent}{line}" for line in said.splitlines(True)]


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
