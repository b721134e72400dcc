"""The corrections of a case in words: old and new values."""

from collections.abc import Mapping
from typing import Any

from linli.contracts.kinds import Kind, Language
from notify.deliveries.names import FIELDS, KINDS
from notify.notices.domain.directory import Directory

NOTHING = "—"


def changes(facts: Mapping[str, Any], directory: Directory, language: Language) -> list[dict[str, str]]:
    """One for each field that was put right: `what`, `was`, `now`. Empty for every other event."""

    def named(field: str, value: Any) -> str:
        match field:
            case _ if value is None:
                return NOTHING
            case "kind":
                return KINDS[language][Kind(value)]
            case "neighbourhood" | "category":
                return directory.name(field, value, language) or NOTHING
            case "location":
                return f"{value['lat']:.6f}, {value['lon']:.6f}"
            case _:
                return " ".join(str(value).split())

    return [
        {
            "what": FIELDS[language][field],
            "was": named(field, facts.get(f"was_{field}")),
            "now": named(field, facts.get(field)),
        }
        for field in facts.get("changed", ())
    ]
