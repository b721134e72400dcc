"""What a line says of one step of a case: what happened, and what of it cannot be seen from where the case stands."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from linli_cli.cases.case_words import minute
from linli_cli.community.names import IDS, Names
from linli_cli.terminal.language import padded, say, sentence, term
from linli_cli.terminal.words import counted

Data: TypeAlias = Mapping[str, Any]
"""An event of a case, as its history has it."""
WORDS = ("reason", "message")
"""What somebody wrote with a step."""
ANSWERS = ("contacted", "solved", "satisfied")
OWED = {
    "accept": sentence("accepting it"),
    "answer": sentence("a first answer"),
    "resolve": sentence("resolving it"),
    "decide": sentence("deciding on a wish to reopen"),
    "level": sentence("acting on it"),
}
"""What a deadline was for."""


def _escalated(data: Data, names: Names) -> str:
    level = f" ({term(data['level'])})" if data.get("level") else ""
    due = minute(data["due"], zone=True)
    to, missed_by = names.party(data["to"]), names.party(data["missed_by"])
    return say(
        "to {to}{level}: {owed} was due {due} from {missed_by}",
        to=to,
        level=level,
        owed=say(OWED[data["deadline"]]),
        due=due,
        missed_by=missed_by,
    )


def _joined(data: Data, _: Names) -> str:
    also = len(data.get("also", ()))
    more = say(", with {also} more", also=also) if also else ""
    return say("{joined} follows it now{more}", joined=data["joined"], more=more)


def _corrected(data: Data, names: Names) -> str:
    changes = [
        f"{term(name)} {shown(data, f'was_{name}', names)} → {shown(data, name, names)}" for name in data["changed"]
    ]
    changes += [say("routed anew")] if data.get("rerouted") else []
    changes += [say("by rule {rule}", rule=data["rule"])] if data.get("rule") else []
    changes += (
        [say("due {resolve_by}", resolve_by=minute(data["resolve_by"], zone=True))] if data.get("resolve_by") else []
    )
    return "; ".join(changes)


def shown(data: Data, name: str, names: Names) -> str:
    """A field of a case, or of an event as `was_…`, as people say it."""
    match data.get(name):
        case {"lon": lon, "lat": lat}:
            return f"{lon},{lat}"
        case None | "":
            return "-"
        case value:
            return names.of_field(name, str(value))


def _rated(data: Data, _: Names) -> str:
    answers = ", ".join(f"{term(name)}: {term('yes' if data[name] else 'no')}" for name in ANSWERS)
    return answers + (say("; they ask for it to be reopened") if data.get("reopen_requested") else "")


MORE: Mapping[str, Callable[[Data, Names], str]] = {
    "dispatched": lambda data, names: say(
        "to {party}, for good" if data.get("binding") else "to {party}", party=names.party(data["party"])
    ),
    "triaged": lambda data, _: term(data.get("reason", "")),
    "rated": _rated,
    "reminded": lambda data, _: say(
        "{owed} is due {due}", owed=say(OWED[data["deadline"]]), due=minute(data["due"], zone=True)
    ),
    "escalated": _escalated,
    "corrected": _corrected,
    "merged": lambda data, _: say("into {into}", into=data["into"]),
    "joined": _joined,
    "unmerged": lambda data, _: say("from {from_case}", from_case=data["from_case"]),
    "parted": lambda data, _: say("{parted} follows it no longer", parted=data["parted"]),
    "split": lambda data, names: say(
        "among {parts}", parts=", ".join(names.party(part["party"]) for part in data["parts"])
    ),
    "documented": lambda data, _: f"{counted(len(data['photos']), 'photo')} ({term(data['stage'])})",
    "closed": lambda data, _: say("though its reporter had asked to reopen it") if data.get("reopen_declined") else "",
    "redacted": lambda _, __: say("what staff wrote until then is gone"),
    "erased": lambda _, __: say("what was written until then is gone, and who reported it"),
}
"""What a step was about, in a few words; of the others state and name say it all."""


def step_lines(entry: Mapping[str, Any], names: Names = IDS) -> Iterator[str]:
    """A step in lines: when, what, where the case stands then, who did it; then what was written with it."""
    happened = entry["type"].removeprefix("linli.case.").rpartition(".v")[0]
    at, data = minute(entry["at"], year=True, zone=True), entry["data"]
    about = MORE[happened](data, names) if happened in MORE else ""
    did = f"{padded(happened, 10)} → {term(data.get('state') or '-')}  {term('by')} {names.party(entry['by'])}"
    yield f"  {at}  {did}{f'  {about}' if about else ''}"
    for name in WORDS if happened != "triaged" else WORDS[1:]:  # its reason is a word of ours, said above
        if words := data.get(name):
            yield f"{' ' * (len(at) + 4)}{words}"
