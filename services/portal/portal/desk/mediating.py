"""The forms of a mediation, as workflow's API takes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData, UploadFile

from portal.pages.moments import rfc3339

MOST_SCAN = 20 * 1024 * 1024
"""Bytes of a scan, of which the hash is kept and nothing else."""
Body: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Zone:
    """In which times are typed here."""

    zone: ZoneInfo


async def body_of(step: str, form: FormData, zone: Zone) -> Body:
    """What a form says, by the step that it is for; what was left empty is left out. Raises KeyError."""
    given: Body = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    made = _MADE[step](given, form, zone)
    if step == "sign" and isinstance(scan := form.get("scan"), UploadFile) and scan.size:
        made["scan"] = sha256(await scan.read()).hexdigest()
    return {name: value for name, value in made.items() if value not in (None, "")}


def _only(*names: str) -> Callable[[Mapping[str, Any], FormData, Zone], Body]:
    return lambda given, form, zone: {name: given.get(name) for name in names}


def _session(given: Mapping[str, Any], form: FormData, zone: Zone) -> Body:
    when = {"starts_at": rfc3339(given.get("starts_at", ""), zone.zone), "online": given.get("online") == "yes"}
    return when | {name: given.get(name) for name in ("venue", "where")}


def _held(given: Mapping[str, Any], form: FormData, zone: Zone) -> Body:
    return {"session": _number(given), "came": [each for each in form.getlist("came") if isinstance(each, str)]}


def _number(given: Mapping[str, Any]) -> int | None:
    said = given.get("session", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else None


def _signed(given: Mapping[str, Any], form: FormData, zone: Zone) -> Body:
    return {name: given.get(name) for name in ("signer", "digest")} | {"sealed": given.get("sealed") == "yes"}


def _applied(given: Mapping[str, Any], form: FormData, zone: Zone) -> Body:
    asked = [each for each in form.getlist("asked") if isinstance(each, str)]
    applied = given.get("step") == "applied"
    return {name: given.get(name) for name in ("step", "on")} | {"asked": asked if applied else None}


_MADE: Mapping[str, Callable[[Mapping[str, Any], FormData, Zone], Body]] = {
    "open": _only(),
    "appoint": _only("mediator"),
    "let_go": _only("mediator", "why"),
    "concern": _only("name", "side", "party"),
    "call": _session,
    "cancel": lambda given, form, zone: {"session": _number(given)},
    "hold": _held,
    "draft": _only("text", "visit_on"),
    "sign": _signed,
    "court": _applied,
    "visit": lambda given, form, zone: {"kept": given.get("kept") == "yes"},
    "escalate": lambda given, form, zone: {"why": given.get("reason"), "note": given.get("note")},
}
STEPS = frozenset(_MADE)
