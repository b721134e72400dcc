"""Forms of the desk: each gives one command to an affair, `POST /v1/<kind>/{id}:<verb>`.

A form says what it asks for, in the reader's language; how it is shown, read, sent and refused is the same for all
(`forms.html`, `giving.py`). A field is called as in the API, with dots: `title.zh`, `matters.0.text`.
"""

import hashlib
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.datastructures import UploadFile

from linli.web.localized import Localized
from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.pages.language import gettext
from portal.pages.moments import rfc3339

Kind: TypeAlias = Literal[
    "text",
    "area",
    "choice",
    "some",
    "yes",
    "moment",
    "day",
    "number",
    "metres",
    "yuan",
    "lines",
    "scan",
    "photos",
    "version",
    "hidden",
]
"""`some`: several of its options. `metres`, `yuan`: ㎡ and ¥, sent as hundredths of one. `lines`: a list, one a line.
`scan`: a file, of which the SHA-256 is sent. `photos`: sent first, then named by their hashes. `version`: which one of
the affair was read, where a command puts something in the place of all that was there; it is no part of the body.
`hidden`: what was read, sent as it was shown."""
KEPT = "kept."
"""Before a file's field: the hash of one that was chosen before, for a browser chooses no file by itself."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[0-9a-f]{32}")
_WHOLE = re.compile(r"[0-9]{1,12}")
_HUNDREDTHS = re.compile(r"([0-9]{1,11})(?:\.([0-9]{1,2}))?")
NO_AREA = Localized("This is no area such as 1680.00.", "面积应为 1680.00 这样的数字。")
NO_AMOUNT = Localized("This is no amount such as 1200.00.", "金额应为 1200.00 这样的数字。")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked for."""

    name: str
    label: str
    kind: Kind = "text"
    hint: str | None = None
    required: bool = True
    options: Sequence[tuple[str, str]] = ()
    """Value and text, of `choice` and `some`; of `text` what the browser proposes."""
    value: str | Sequence[str] = ""
    """What it is filled in with at first."""
    reasons: Collection[str] = ()
    """Why the service refuses a whole command, where this field is what has to be changed."""
    most: int = 4_000
    """Characters."""
    group: str = ""
    """Of fields that stand together, and beside one another in `forms.html`: what all of them are about."""


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked for, what the button says, and what the next page says when it is done."""

    title: str
    button: str
    done: str
    fields: Sequence[Field] = ()
    follows: str = ""
    """What comes of it, said above."""
    permission: str = "affairs:hold"

    @property
    def groups(self) -> Sequence[tuple[str, Sequence[Field]]]:
        return [(name, list(those)) for name, those in groupby(self.fields, key=lambda each: each.group)]

    @property
    def has_files(self) -> bool:
        return any(each.kind in {"scan", "photos"} for each in self.fields)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in. Sent twice under its key it takes effect once."""

    said: Mapping[str, Sequence[str]]
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    faults: Mapping[str, str] = field(default_factory=dict)
    """By field, in the reader's language."""
    refused: str | None = None
    """What is wrong with the whole of it."""
    status: int = 200

    @classmethod
    def at_first(cls, form: Form) -> "Filled":
        pairs = ((each.name, (each.value,) if isinstance(each.value, str) else each.value) for each in form.fields)
        return cls(dict(pairs))

    def all(self, name: str) -> Sequence[str]:
        return self.said.get(name, ())

    def one(self, name: str) -> str:
        return next(iter(self.all(name)), "")


async def read(request: Request) -> Filled:
    """What was sent. Of a file its SHA-256, and nothing of it is kept."""
    said: dict[str, list[str]] = {}
    files: dict[str, str] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            if value.size:
                files[name] = await _sha256(value)
        elif name.startswith(KEPT):
            if _DIGEST.fullmatch(value):
                files.setdefault(name.removeprefix(KEPT), value)
        else:  # a page counts a line break as one character and sends two
            said.setdefault(name, []).append(value.replace("\r\n", "\n").strip())
    key = said.pop("key", [""])[0]
    whole: dict[str, Sequence[str]] = {**said, **{name: (digest,) for name, digest in files.items()}}
    return Filled(whole, key) if _KEY.fullmatch(key) else Filled(whole)


async def _sha256(file: UploadFile) -> str:
    found = hashlib.sha256()
    while part := await file.read(1 << 20):
        found.update(part)
    return found.hexdigest()


def body_of(form: Form, filled: Filled, zone: ZoneInfo) -> tuple[dict[str, Any], dict[str, str]]:
    """The command's body, and what is wrong by field. What was left empty is left out."""
    flat: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for each in form.fields:
        said = [value for value in filled.all(each.name) if value]
        if each.kind == "version":
            continue
        if not said:
            if each.required:
                faults[each.name] = gettext("Please fill this in.")
            elif each.kind == "yes":
                flat[each.name] = False
            continue
        try:
            flat[each.name] = True if each.kind == "yes" else _value(each, said, zone)
        except Problem as problem:
            faults[each.name] = str(document(problem)["detail"])
    return nested(flat), faults


def _value(field: Field, said: Sequence[str], zone: ZoneInfo) -> Any:
    """As the API has it. Raises 422. What is no number goes on as it is, to be refused with the reason."""
    text = said[0]
    value: Any = text
    match field.kind:
        case "some" | "photos":
            value = list(said)
        case "lines":
            value = [line.strip() for line in text.splitlines() if line.strip()]
        case "yes":
            value = True
        case "moment":
            value = rfc3339(text, zone)
        case "number":
            value = int(text) if _WHOLE.fullmatch(text) else text
        case "metres" | "yuan":
            value = _hundredths(text, NO_AREA if field.kind == "metres" else NO_AMOUNT)
    return value


def _hundredths(said: str, none: Localized) -> int:
    if (found := _HUNDREDTHS.fullmatch(said)) is None:
        raise Problem("invalid", 422, none)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """`{"matters.0.text": "x"}` as `{"matters": [{"text": "x"}]}`."""
    whole: dict[str, Any] = {}
    for name, value in flat.items():
        *before, last = name.split(".")
        there = whole
        for part in before:
            there = there.setdefault(part, {})
        there[last] = value
    return {name: _listed(value) for name, value in whole.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(each) for name, each in value.items()}
    if inner and all(_WHOLE.fullmatch(name) for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
