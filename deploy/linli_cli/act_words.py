"""What a line says of an action that was done."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linli_cli.case_words import due, minute, named
from linli_cli.deeds import PUTS_RIGHT, Action
from linli_cli.tongue import tongue
from linli_cli.words import counted


def done(action: Action, after: Mapping[str, Any], parts: Sequence[Mapping[str, Any]] = ()) -> Iterator[str]:
    """What the action did, in lines. `parts` are those of a case that was just split, as they stand."""
    match action:
        case Action.MERGE:
            did = f"merged into {after['merged_into']}, which is dealt with for both"
        case Action.UNMERGE:
            did = f"on its own again, {after['state']}"
        case Action.PAUSE:
            did = f"paused, waiting for {after['waiting_for']}; the clock stands still"
        case Action.RESUME:
            did = f"resumed{_until(after)}"
        case Action.SPLIT:
            did = f"split into {counted(len(after['parts']), 'part')}"
        case Action.NOTE:
            did = f"noted, still {after['state']}"
        case _ if action in PUTS_RIGHT:
            did = f"put right, now {after['state']}{_until(after)}"
        case Action.PROGRESS:
            did = f"progress told to the reporter, still {after['state']}"
        case Action.RESOLVE:
            did = "now resolved; the reporter is asked how it was" if not after["part_of"] else "now resolved"
        case _:
            did = f"now {after['state']}{_until(after)}"
    yield f"{after['title']}: {did}. Version {after['version']}, with {named(after['party']) or 'nobody'}."
    for part in parts:
        yield f"  {part['id']}  {tongue(part['state'])}  {named(part['party'])}  {part['title']}"


def _until(after: Mapping[str, Any]) -> str:
    by = due(after)
    return f"; next due {minute(by, year=True, zone=True)}" if by else ""
