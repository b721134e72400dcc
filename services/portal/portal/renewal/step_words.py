"""The codes of what the office does step by step, in words: illegal structures, promises, breaches."""

from collections.abc import Container, Mapping
from typing import Any

from portal.pages.language import _
from portal.renewal.words import said


def clearing(state: str) -> str:
    """Where an illegal structure stands."""
    return said(
        {
            "found": _("Found"),
            "noticed": _("Notice served"),
            "appealed": _("Appealed"),
            "stays": _("It stays: the appeal was upheld"),
            "cleared": _("Cleared, to be looked at again"),
            "checked": _("Cleared and looked at again"),
        },
        state,
    )


def breach(code: str | None) -> str:
    return said(
        {
            "reminded": _("Reminded"),
            "mediated": _("Mediated"),
            "referred": _("Handed to the authority"),
            "unfounded": _("Unfounded"),
        },
        code,
    )


def promise(kind: str) -> str:
    return said(
        {
            "works": _("Works on site"),
            "money": _("Money"),
            "service": _("A service"),
            "permit": _("A permit"),
            "answer": _("An answer in writing"),
        },
        kind,
    )


def of_a_promise(promise: Mapping[str, Any], steps: Container[str], party: str | None) -> list[tuple[str, str]]:
    """What can be done with it now, of the steps that who looks may take; a party decides on nothing of its own."""
    found: list[tuple[str, str]] = []
    if promise["state"] == "offered":
        if party != promise["party"]:
            found += [("accept_commitment", _("Take it up")), ("decline_commitment", _("Do not take it up"))]
        found.append(("withdraw_commitment", _("Take the promise back")))
    elif promise["state"] == "refused":
        found += [("hear_again", _("Hear it again")), ("withdraw_commitment", _("Take the promise back"))]
    return [(name, text) for name, text in found if name in steps]


def result(code: str) -> str:
    """What talks came to."""
    return said({"agreed": _("Agreed"), "partly": _("Agreed in part"), "not_agreed": _("Not agreed")}, code)


def clearing_event(type: str, of: Mapping[str, Any]) -> str:
    """What happened to an illegal structure."""
    match type.split(".")[-2]:
        case "appeal_decided":
            return _("The appeal is upheld") if of.get("upheld") else _("The appeal is turned down")
        case "cleared":
            return _("Cleared by whoever had it") if of.get("voluntary") else _("Cleared by force")
        case "checked":
            return _("Looked at again: it is gone") if of.get("clean") else _("Looked at again: it stands again")
        case name:
            return clearing(name)
