"""What is wrong in files that a clerk keeps: an entry knows where it stands, and a reading collects every fault."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from linli.contracts.base import ENTERING
from linli_cli.community.located_yaml import Steps
from linli_cli.terminal.errors import in_words
from linli_cli.terminal.language import say, sentence


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where; lines count from 1, the header included, as an editor shows them."""

    file: str
    line: int | None
    field: str | None
    message: str

    def __str__(self) -> str:
        where = {"file": self.file, "line": self.line, "field": self.field, "fault": self.message}
        if self.line:
            return say(
                "{file}, line {line}, {field}: {fault}" if self.field else "{file}, line {line}: {fault}", **where
            )
        return say("{file}, {field}: {fault}" if self.field else "{file}: {fault}", **where)


class CommunityFaults(Exception):
    """Everything that is wrong with a folder, in the order of its files."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class Entry:
    """One thing as it stands in a file: its values, the line where it begins, and the lines of what is inside."""

    file: str
    line: int
    values: Any
    lines: Mapping[Steps, int] = field(default_factory=dict)
    perhaps: Mapping[Steps, str] = field(default_factory=dict)
    """Where a bare word stands that elsewhere in YAML is true or false."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field → the column's name in the file, for a table whose header is not in English."""

    def fault(self, path: Steps, message: str) -> Fault:
        """A fault at a field, on the nearest line that is known."""
        known = (self.lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in self.lines)
        name = ".".join(map(str, path))
        return Fault(self.file, next(known, self.line), self.columns.get(name, name) or None, message)


Model = TypeVar("Model", bound=BaseModel)


@dataclass
class Reading:
    """Faults so far, and what could not be read, so that nobody is blamed for naming it."""

    faults: list[Fault] = field(default_factory=list)
    unread_ids: set[str] = field(default_factory=set)
    unread_files: set[str] = field(default_factory=set)

    def models(self, model: type[Model], entries: Iterable[Entry]) -> list[tuple[Model, Entry]]:
        """Each entry that is valid, as the model, with the entry; the faults of the others are kept."""
        read = []
        for entry in entries:
            try:
                read.append((model.model_validate(entry.values, context=ENTERING), entry))
            except ValidationError as error:
                self.faults += [entry.fault(details["loc"], _message(details)) for details in _innermost(error)]
                self.leave_out(entry)
        return read

    def leave_out(self, entry: Entry) -> None:
        """Remember the id of an entry that has faults of its own."""
        if isinstance(entry.values, dict):
            self.unread_ids.add(str(entry.values.get("id")))


def _innermost(error: ValidationError) -> list[Any]:
    """Pydantic's findings without those that only repeat, at an outer level, what is wrong within."""
    found = error.errors()
    places = {details["loc"] for details in found}
    return [
        details
        for details in found
        if not any(
            len(place) > len(details["loc"]) and place[: len(details["loc"])] == details["loc"] for place in places
        )
    ]


def _message(details: Mapping[str, Any]) -> str:
    """Pydantic's finding in words for somebody who edits a file."""
    kind, value = str(details["type"]), details["input"]
    shown = repr(value) if len(repr(value)) <= 60 else f"{str(value)[:50]}…"
    expected = details.get("ctx", {}).get("expected")
    own_words = {
        "missing": sentence("is missing"),
        "extra_forbidden": sentence("is no field that is known here"),
        "string_pattern_mismatch": sentence(
            "is {shown}; it may hold a–z, 0–9, '.', '_', '-' and begins with a letter or digit"
        ),
        "enum": sentence("is {shown}; it must be one of {expected}"),
        "model_type": sentence("is {shown}; 'field: value' lines are meant here"),
        "string_type": sentence("is {shown}, where text is meant; write it in quotes"),
        "bool_parsing": sentence("is {shown}; write true or false"),
    }
    if kind in own_words:
        return say(own_words[kind], shown=shown, expected=expected)
    fault = in_words(str(details["msg"]))
    return fault if kind == "value_error" else say("{fault}; it is {shown}", fault=fault, shown=shown)
