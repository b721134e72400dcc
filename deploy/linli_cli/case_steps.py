"""What a line says of one step of a case: what happened, and what of it cannot be seen from where the case stands."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from linli_cli.case_words import minute
from linli_cli.names import IDS, Names
from linli_cli.tongue import padded, tongue
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


def _escalated(data: Data, names: Names) -> str:
    level = f" ({data['level']})" if data.get("level") else ""
    due = minute(data["due"], zone=True)
    to, missed_by = names.party(data["to"]), names.party(data["missed_by"])
    return f"to {to}{level}: {OWED[data['deadline']]} was due {due} from {missed_by}"


def _joined(data: Data, _: Names) -> str:
    also = len(data.get("also", ()))
    return f"{data['joined']} follows it now{f', with {also} more' if also else ''}"


def _corrected(data: Data, names: Names) -> str:
    said = [
        f"{tongue(name)} {_shown(data, f'was_{name}', names)} → {_shown(data, name, names)}" for name in data["changed"]
    ]
    said += ["routed anew"] if data.get("rerouted") else []
    said += [f"by rule {data['rule']}"] if data.get("rule") else []
    said += [f"due {minute(data['resolve_by'], zone=True)}"] if data.get("resolve_by") else []
    return "; ".join(said)


def _shown(data: Data, name: str, names: Names) -> str:
    match data.get(name):
        case {"lon": lon, "lat": lat}:
            return f"{lon},{lat}"
        case None | "":
            return "-"
        case str(id) if name.endswith("neighbourhood"):
            return names.neighbourhood(id)
        case str(id) if name.endswith("category"):
            return names.category(id)
        case value:
            return tongue(str(value))


MORE: Mapping[str, Callable[[Data, Names], str]] = {
    "dispatched": lambda data, names: f"to {names.party(data['party'])}{', for good' if data.get('binding') else ''}",
    "reminded": lambda data, _: f"{OWED[data['deadline']]} is due {minute(data['due'], zone=True)}",
    "escalated": _escalated,
    "corrected": _corrected,
    "merged": lambda data, _: f"into {data['into']}",
    "joined": _joined,
    "unmerged": lambda data, _: f"from {data['from_case']}",
    "parted": lambda data, _: f"{data['parted']} follows it no longer",
    "split": lambda data, names: f"among {', '.join(names.party(part['party']) for part in data['parts'])}",
    "documented": lambda data, _: f"{counted(len(data['photos']), 'photo')} ({data['stage']})",
    "closed": lambda data, _: "though its reporter had asked to reopen it" if data.get("reopen_declined") else "",
    "redacted": lambda _, __: "what staff wrote until then is gone",
    "erased": lambda _, __: "what was written until then is gone, and who reported it",
}
"""What a step was about, in a few words; of the others state and name say it all."""


def told_of(entry: Mapping[str, Any], names: Names = IDS) -> Iterator[str]:
    """A step in lines: when, what, where the case stands then, who did it; then what was written with it."""
    happened = entry["type"].removeprefix("linli.case.").rpartition(".v")[0]
    at, data = minute(entry["at"], year=True, zone=True), entry["data"]
    about = MORE[happened](data, names) if happened in MORE else ""
    did = f"{padded(happened, 10)} → {tongue(data.get('state') or '-')}  {tongue('by')} {names.party(entry['by'])}"
    yield f"  {at}  {did}{f'  {about}' if about else ''}"
    for name in WORDS:
        if words := data.get(name):
            yield f"{' ' * (len(at) + 4)}{words}"
