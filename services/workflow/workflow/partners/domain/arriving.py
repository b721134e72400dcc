"""What a partner writes to its topic, as it is read: an update, a report of an outage, or what is neither, and why."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import TypeAdapter, ValidationError

from linli.contracts.workflow.outage_report import OutageReport
from linli.contracts.workflow.partner import Update, UpdateId
from linli.web.localized import Localized
from linli.web.problem_words import field_words

MOST_BYTES = 65_536
"""Of a record: an update has a few hundred, an area of an outage some thousand."""
_ID: TypeAdapter[str] = TypeAdapter(UpdateId)


@dataclass(frozen=True, slots=True)
class Unread:
    """What is neither. Nothing of its content is kept but the name that its sender gave it."""

    reason: str
    """A slug: what kind of fault it is."""
    text: Localized
    pointer: str = ""
    """Where it is wrong (RFC 6901); empty for the whole."""
    update_id: str | None = None


Said: TypeAlias = Update | OutageReport | Unread


def read(value: bytes | None, fault: str | None = None) -> Said:
    """A record's value; `fault` says why the client could not even take its batch apart. It never raises."""
    if (unread := _unreadable(value, fault)) is not None:
        return unread
    assert value is not None
    try:
        said = json.loads(value.decode())
    except (ValueError, RecursionError):
        return Unread("no_json", Localized("It is no JSON in UTF-8.", "不是 UTF-8 编码的 JSON。"))
    if not isinstance(said, dict):
        return Unread("no_object", Localized("It is no JSON object.", "不是 JSON 对象。"))
    model = OutageReport if "report_id" in said else Update
    try:
        return model.model_validate_json(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        words = field_words(first["msg"], first["type"], first.get("ctx") or {})
        return Unread("wrong_schema", words, pointer_to(first["loc"], said), _update_id(said))


def _unreadable(value: bytes | None, fault: str | None) -> Unread | None:
    """What is wrong with a record before its value is looked at."""
    if fault is not None:
        return Unread("unreadable_record", Localized("The record cannot be read.", "无法读取这条记录。"))
    if value is None:
        return Unread("empty", Localized("The record is empty (a tombstone).", "记录为空（tombstone）。"))
    if len(value) > MOST_BYTES:
        return Unread("too_large", Localized("A record has at most 64 KiB.", "每条记录最多 64 KiB。"))
    return None


def pointer_to(location: Sequence[int | str], value: Any) -> str:
    """A place that pydantic names, as a JSON pointer; names that are the model's alone are left out."""
    parts = []
    for part in location:
        if isinstance(value, Mapping):
            parts.append(str(part))
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int):
            parts.append(str(part))
            value = value[part] if part < len(value) else None
        else:
            break
    return "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in parts)


def _update_id(said: Mapping[str, Any]) -> str | None:
    try:
        return _ID.validate_python(said.get("report_id", said.get("update_id")), strict=True)
    except ValidationError:
        return None
