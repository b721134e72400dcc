"""What a person may do with a case, as forms: which fields each action has, and the request that they make.

Whether an action is allowed workflow says; here it says only what is asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Protocol, TypeAlias

Field: TypeAlias = Literal[
    "message",
    "answer",
    "note",
    "reason",
    "evidence",
    "photos",
    "stage",
    "party",
    "waiting_for",
    "into",
    "parts",
    "particulars",
    "rated",
    "promise",
]
"""What a form asks for; `answer` and `note` are a message under another name."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action's form."""

    name: str
    fields: tuple[Field, ...] = ("message",)
    looks_first: bool = False
    """It says what will happen to whom before it happens."""
    undone_by: str | None = None


_ALL = (
    Action("accept"),
    Action("progress", ("answer", "promise")),
    Action("resolve", ("answer", "photos", "promise"), undone_by="reopen"),
    Action("pause", ("waiting_for", "answer"), looks_first=True, undone_by="resume"),
    Action("resume"),
    Action("return", ("reason", "evidence"), looks_first=True),
    Action("note", ("note",)),
    Action("evidence", ("stage", "photos", "message")),
    Action("send_back"),
    Action("reassign", ("party", "message"), looks_first=True),
    Action("merge", ("into", "message"), looks_first=True, undone_by="unmerge"),
    Action("unmerge"),
    Action("split", ("parts", "message"), looks_first=True),
    Action("correct", ("particulars", "reason"), looks_first=True),
    Action("close", undone_by="reopen"),
    Action("reopen"),
    Action("follow_up", ("rated", "message")),
)
ACTIONS: Mapping[str, Action] = {each.name: each for each in _ALL}
DECISIONS = frozenset({"send_back", "reassign", "merge", "unmerge", "split", "correct", "close", "reopen", "follow_up"})
IN_BULK = tuple(name for name in ACTIONS if name not in {"split", "correct", "evidence", "follow_up"})
PARTS_SHOWN = 6
"""Parts that a form of a split has room for."""
PARTICULARS = ("kind", "title", "neighbourhood", "category", "place")
RATED = ("contacted", "solved", "satisfied")


class Form(Protocol):
    """What was sent: the first and all values of a name."""

    def get(self, key: str) -> Any: ...

    def getlist(self, key: str) -> Sequence[Any]: ...


def permission_of(action: str) -> str:
    """The permission without which it is not offered."""
    return "cases:decide" if action in DECISIONS else "cases:act"


def text_of(form: Form, name: str) -> str:
    """A field's text: what a page sends as line breaks counts as one character each."""
    value = form.get(name)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def into_of(form: Form) -> str:
    """One that was chosen, else the number that was written beside: the form has a field for each, with one name."""
    said = (each.strip() for each in form.getlist("into") if isinstance(each, str))
    return next((each for each in said if each), "")


def body_of(action: Action, form: Form, case: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The request's body. `case` is what a correction is compared with: what is as it was is not named."""
    body: dict[str, Any] = {}
    for field in action.fields:
        match field:
            case "message" | "answer" | "note":
                body["message"] = text_of(form, "message")
            case "reason" | "party" | "waiting_for":
                body[field] = text_of(form, field)
            case "into":
                body[field] = into_of(form)
            case "evidence":
                body["evidence"] = [each for each in form.getlist("evidence") if isinstance(each, str)][:30]
            case "rated":
                body |= {name: text_of(form, name) == "yes" for name in RATED if text_of(form, name)}
            case "promise":
                body |= _promise(form)
            case "parts":
                body["parts"] = _parts(form)
            case "particulars":
                body |= _corrections(form, case or {})
    if by := text_of(form, "by"):
        body["by"] = by
    required = {"reason", "party", "waiting_for", "into"}
    return {
        name: value for name, value in body.items() if value not in ("", []) or name in required or name in PARTICULARS
    }


def _promise(form: Form) -> dict[str, Any]:
    """What an invited party commits itself to, if it does; what is no amount goes on as it is, to be refused."""
    kind, due, yuan = (text_of(form, f"promise_{name}") for name in ("kind", "due", "yuan"))
    if not (kind or due or yuan):
        return {}
    promise: dict[str, Any] = {"kind": kind, "due": due}
    if yuan:
        try:
            promise["fen"] = int(Decimal(yuan) * 100)
        except (ArithmeticError, ValueError):
            promise["fen"] = yuan
    return {"promise": promise}


def _parts(form: Form) -> list[dict[str, str]]:
    found = []
    for n in range(1, PARTS_SHOWN + 1):
        part = {name: text_of(form, f"part-{n}-{name}") for name in ("party", "message", "title")}
        if any(part.values()):
            found.append({name: value for name, value in part.items() if value or name != "title"})
    return found


def _corrections(form: Form, case: Mapping[str, Any]) -> dict[str, Any]:
    """What differs; what was emptied is taken away."""
    found: dict[str, Any] = {}
    for name in PARTICULARS:
        said = text_of(form, name)
        if form.get(name) is not None and said != (case.get(name) or ""):
            found[name] = said or None
    if location := _point(text_of(form, "lat"), text_of(form, "lon"), case.get("location")):
        found["location"] = location
    return found | {name: True for name in ("reroute", "new_deadlines") if text_of(form, name)}


def _point(lat: str, lon: str, known: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A point that differs; what is no number goes on as it is, to be refused with the reason."""
    if not lat or not lon or (known and (lat, lon) == (str(known["lat"]), str(known["lon"]))):
        return None
    try:
        return {"lat": float(lat), "lon": float(lon)}
    except ValueError:
        return {"lat": lat, "lon": lon}
