"""The services' codes in words."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portal.pages.language import _


def pairs(codes: Sequence[str], word: Callable[[str], str] = str) -> list[tuple[str, str]]:
    """For a choice: each code and its word."""
    return [(code, word(code)) for code in codes]


def each(codes: Sequence[str], word: Callable[[str], str]) -> list[str]:
    return [word(code) for code in codes]


def _said(words: dict[str, str], code: str | None) -> str:
    return words.get(code or "", code or "–")


def role(code: str) -> str:
    return _said(
        {"operator": _("Operator"), "auditor": _("Auditor"), "party": _("Party"), "service": _("Program")}, code
    )


def outcome(code: str) -> str:
    """Of an entry of the audit log."""
    return _said({"read": _("Read"), "done": _("Done"), "refused": _("Was refused")}, code)


def delivery(code: str) -> str:
    """The state of a delivery."""
    return _said(
        {
            "due": _("Waits"),
            "sent": _("Sent"),
            "failed": _("Given up"),
            "skipped": _("Not sent: nobody to tell"),
            "undeliverable": _("Undeliverable: no channel"),
            "replaced": _("Replaced by another"),
        },
        code,
    )


def delivery_mark(code: str) -> str:
    """The kind of the badge beside it."""
    return {"due": "wait", "sent": "ok", "failed": "bad", "undeliverable": "bad"}.get(code, "off")


def channel(code: str) -> str:
    return _said({"email": _("E-mail"), "webhook": _("Webhook"), "sms": _("Text message"), "none": _("None")}, code)


def parked(code: str) -> str:
    """The state of a parked record, or what became of it."""
    return _said(
        {
            "parked": _("Waits for a decision"),
            "replayed": _("Replayed"),
            "discarded": _("Discarded"),
            "still parked": _("Still parked"),
            "decided meanwhile": _("Decided meanwhile"),
        },
        code,
    )


def kept(code: str) -> str:
    """A kind of data."""
    return _said(
        {
            "contacts": _("Contacts"),
            "texts": _("Texts"),
            "photos": _("Photos"),
            "deliveries": _("Deliveries"),
            "parked": _("Parked records"),
            "audit": _("Audit log"),
        },
        code,
    )


def named(entries: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """For a choice: what has an id and a name."""
    return [(each["id"], each["name"]) for each in entries]


def value(said: object, most: int = 200) -> str:
    """A value of a community's data, shortened."""
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def section(code: str) -> str:
    """A part of a community's data."""
    return _said(
        {
            "parties": _("Parties"),
            "neighbourhoods": _("Neighbourhoods"),
            "categories": _("Categories"),
            "rules": _("Rules"),
            "escalation": _("Escalation policies"),
        },
        code,
    )


def kind(code: str) -> str:
    """Of a submission."""
    return _said(
        {"report": _("Fault report"), "demand": _("Demand"), "dispute": _("Dispute"), "alarm": _("Alarm")}, code
    )


def state(code: str | None) -> str:
    """Of a case."""
    return _said(
        {
            "open": _("Taken in"),
            "triage": _("Waits for triage"),
            "dispatched": _("Dispatched"),
            "accepted": _("Accepted"),
            "returned": _("Handed back"),
            "resolved": _("Resolved"),
            "closed": _("Closed"),
            "withdrawn": _("Withdrawn"),
        },
        code,
    )


def standing(code: str) -> str:
    """Of a partner."""
    return _said({"active": _("Takes part"), "paused": _("Paused"), "revoked": _("Has ended")}, code)


def standing_mark(code: str) -> str:
    return {"active": "ok", "paused": "wait"}.get(code, "off")


def way(code: str) -> str:
    """How a way by which a partner reads does."""
    return _said({"on": _("Goes well"), "failing": _("Fails"), "off": _("Switched off")}, code)


def utility(code: str) -> str:
    return _said(
        {"water": _("Water"), "power": _("Power"), "gas": _("Gas"), "heating": _("Heating"), "telecom": _("Telecom")},
        code,
    )


def cause(code: str) -> str:
    """Of an outage."""
    return _said(
        {
            "works": _("Works"),
            "fault": _("A fault"),
            "damage": _("Damage by others"),
            "weather": _("Weather"),
            "supply": _("No supply from above"),
            "other": _("Something else"),
        },
        code,
    )


def outage(code: str) -> str:
    """Its state."""
    return _said(
        {
            "declared": _("Is off"),
            "partially_restored": _("Back in part"),
            "restored": _("All back"),
            "cancelled": _("Cancelled"),
        },
        code,
    )


def levels(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Escalations by the level that they reach."""
    known = {
        "subdistrict": _("Subdistrict"),
        "community": _("Community"),
        "grid": _("Grid"),
        "building_group": _("Building party group"),
        "household": _("Party member household"),
        "other": _("Something else"),
    }
    return [(_said(known, code), number) for code, number in counts.items()]


def deadlines(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Escalations by the deadline that was missed."""
    known = {
        "accept": _("Not accepted in time"),
        "resolve": _("Not resolved in time"),
        "decide": _("Not decided in time"),
        "answer": _("Not answered in time"),
    }
    return [(_said(known, code), number) for code, number in counts.items()]
