"""What a line says of an action that was done."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linli_cli.cases.actions import PUTS_RIGHT, Action
from linli_cli.cases.case_words import due, minute, named
from linli_cli.terminal.language import say, term
from linli_cli.terminal.words import counted


def done(action: Action, after: Mapping[str, Any], parts: Sequence[Mapping[str, Any]] = ()) -> Iterator[str]:
    """What the action did, in lines. `parts` are those of a case that was just split, as they stand."""
    state = term(after["state"])
    match action:
        case Action.MERGE:
            did = say("merged into {merged_into}, which is dealt with for both", merged_into=after["merged_into"])
        case Action.UNMERGE:
            did = say("on its own again, {state}", state=state)
        case Action.PAUSE:
            did = say("paused, waiting for {what}; the clock stands still", what=term(after["waiting_for"]))
        case Action.RESUME:
            did = say("resumed{until}", until=_until(after))
        case Action.SPLIT:
            did = say("split into {parts}", parts=counted(len(after["parts"]), "part"))
        case Action.NOTE:
            did = say("noted, still {state}", state=state)
        case _ if action in PUTS_RIGHT:
            did = say("put right, now {state}{until}", state=state, until=_until(after))
        case Action.PROGRESS:
            did = say("progress told to the reporter, still {state}", state=state)
        case Action.RESOLVE:
            did = say("now resolved; the reporter is asked how it was") if not after["part_of"] else say("now resolved")
        case _:
            did = say("now {state}{until}", state=state, until=_until(after))
    yield say(
        "{title}: {did}. Version {version}, with {party}.",
        title=after["title"],
        did=did,
        version=after["version"],
        party=named(after["party"]) or say("nobody"),
    )
    for part in parts:
        yield f"  {part['id']}  {term(part['state'])}  {named(part['party'])}  {part['title']}"


def _until(after: Mapping[str, Any]) -> str:
    by = due(after)
    return say("; next due {by}", by=minute(by, year=True, zone=True)) if by else ""
