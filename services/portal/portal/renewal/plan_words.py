"""The codes of plans and covenants in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.pages.language import _
from portal.renewal import words
from portal.renewal.words import said


def payer(code: str) -> str:
    """Whose money it is."""
    return said(
        {
            "government": _("Government"),
            "owners": _("Owners"),
            "repair_fund": _("Repair fund"),
            "utility": _("Utility company"),
            "investor": _("Investor"),
            "other": _("Others"),
        },
        code,
    )


def of_an_item(name: str) -> str:
    """What of an item of a plan differs between two versions."""
    return said(
        {
            "category": _("Kind"),
            "title": _("What"),
            "description": _("Description"),
            "estimate": _("Estimate"),
            "shares": _("Who pays"),
            "demands": _("Demands that it answers"),
        },
        name,
    )


def item_says(item: Mapping[str, Any], name: str) -> str:
    """What an item says there."""
    match name:
        case "category":
            return words.category(item[name])
        case "title" | "description":
            return words.wording(item[name]) or "–"
        case "estimate":
            return words.yuan(item[name])
        case "shares":
            return "; ".join(f"{payer(each['payer'])} {words.yuan(each['fen'])}" for each in item[name]) or "–"
    return str(len(item[name]))


def item_called(plan: Mapping[str, Any], id: str) -> str:
    """The title of an item, as long as the plan has it."""
    return next((words.wording(each["title"]) for each in plan["items"] if each["id"] == id), id)


def cited(items: Iterable[Mapping[str, Any]]) -> int:
    """How many demands they answer."""
    return len({demand for item in items for demand in item["demands"]})


def objection(outcome: str | None, withdrawn: bool) -> str:
    """What became of what somebody has against a plan."""
    if withdrawn:
        return _("Taken back")
    return said({"upheld": _("It is right"), "explained": _("Explained")}, outcome) if outcome else _("Not answered")


def covenant(state: str) -> str:
    """How far a version of a covenant has come."""
    return said(
        {
            "drafting": _("Being drawn up"),
            "commenting": _("Comments are taken"),
            "reviewed": _("Reviewed, to be adopted"),
            "adopted": _("Adopted"),
            "filed": _("Filed"),
            "in_force": _("In force"),
            "annulled": _("Its vote does not hold"),
        },
        state,
    )


def track(code: str) -> str:
    """Of which kind a covenant is."""
    return said(
        {
            "residents": _("Residents' covenant"),
            "owners": _("Owners' covenant"),
            "facility": _("Covenant of a facility"),
        },
        code,
    )
