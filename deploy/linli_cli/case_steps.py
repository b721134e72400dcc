"""What a line says of one step of a case: what happened, and what of it cannot be seen from where the case stands."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from linli_cli.case_words import minute
from linli_cli.words import counted

Data: TypeAlias = Mapping[str, Any]
"""An event of a case, as its history has it."""
WORDS = ("reason", "message")
"""What somebody wrote with a step."""
OWED = {
    "accept": "accepting it",
    "answer": "a first answer",
    "resolve": "resolving it",
    "decide": "deciding on a wish to reopen",
    "level": "acting on it",
}
"""What a deadline was for."""


def _escalated(data: Data) -> str:
    level = f" ({data['level']})" if data.get("level") else ""
    due = minute(data["due"], zone=True)
    return f"to {data['to']}{level}: {OWED[data['deadline']]} was due {due} from {data['missed_by']}"


def _joined(data: Data) -> str:
    also = len(data.get("also", ()))
    return f"{data['joined']} follows it now{f', with {also} more' if also else ''}"


def _corrected(data: Data) -> str:
    said = [f"{name} {_shown(data, f'was_{name}')} → {_shown(data, name)}" for name in data["changed"]]
    said += ["routed anew"] if data.get("rerouted") else []
    said += [f"by rule {data['rule']}"] if data.get("rule") else []
    said += [f"due {minute(data['resolve_by'], zone=True)}"] if data.get("resolve_by") else []
    return "; ".join(said)


def _shown(data: Data, name: str) -> str:
    match data.get(name):
        case {"lon": lon, "lat": lat}:
            return f"{lon},{lat}"
        case value:
            return str(value or "-")


MORE: Mapping[str, Callable[[Data], str]] = {
    "dispatched": lambda data: f"to {data['party']}{', for good' if data.get('binding') else ''}",
    "reminded": lambda data: f"{OWED[data['deadline']]} is due {minute(data['due'], zone=True)}",
    "escalated": _escalated,
    "corrected": _corrected,
    "merged": lambda data: f"into {data['into']}",
    "joined": _joined,
    "unmerged": lambda data: f"from {data['from_case']}",
    "parted": lambda data: f"{data['parted']} follows it no longer",
    "split": lambda data: f"among {', '.join(part['party'] for part in data['parts'])}",
    "documented": lambda data: f"{counted(len(data['photos']), 'photo')} ({data['stage']})",
    "closed": lambda data: "though its reporter had asked to reopen it" if data.get("reopen_declined") else "",
    "redacted": lambda _: "what staff wrote until then is gone",
    "erased": lambda _: "what was written until then is gone, and who reported it",
}
"""What a step was about, in a few words; of the others state and name say it all."""


def told_of(entry: Mapping[str, Any]) -> Iterator[str]:
    """A step in lines: when, what, where the case stands then, who did it; then what was written with it."""
    happened = entry["type"].removeprefix("linli.case.").rpartition(".v")[0]
    at, data = minute(entry["at"], year=True, zone=True), entry["data"]
    about = MORE[happened](data) if happened in MORE else ""
    yield f"  {at}  {happened:<10} → {data.get('state') or '-'}  by {entry['by']}{f'  {about}' if about else ''}"
    for name in WORDS:
        if words := data.get(name):
            yield f"{' ' * (len(at) + 4)}{words}"
