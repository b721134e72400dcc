"""What a line says of why a case went where it did."""

from collections.abc import Mapping
from typing import Any

from linli_cli.community.names import IDS, Names
from linli_cli.terminal.language import say, term


def rests(match: Mapping[str, str], names: Names = IDS) -> str:
    """What of a case a rule rests on: `words 停水 in title: 【停水】了`, `category water`."""
    if match["condition"] in {"words", "near"}:
        return say(
            "{condition} {value} in {field}: {said}",
            condition=term(match["condition"]),
            value=match["value"],
            field=term(match["field"]),
            said=match["said"],
        )
    return f"{term(match['condition'])} {names.of_field(match['condition'], match['value'])}"


def why(routing: Mapping[str, Any], names: Names = IDS) -> str:
    """The rule that decided and what it rests on, or why there was none; and which estates are near."""
    decided = next((trial for trial in routing["tried"] if trial["matched"]), None)
    text = f"{decided['rule']} {decided['name']}" if decided else term(routing["outcome"])
    if decided and decided["matches"]:
        text += f" ({'; '.join(rests(match, names) for match in decided['matches'])})"
    near = ", ".join(f"{place['name']} {place['metres']} m" for place in routing["near"])
    return say("{said}; near: {near}", said=text, near=near) if near else text
