"""`linli act`: what a party or the staff do with a case."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.markup import escape

from linli.contracts.case import Waiting
from linli_cli.case_words import due, minute, named
from linli_cli.client import open_client
from linli_cli.errors import UsageFault, errors_shown
from linli_cli.target import find_target
from linli_cli.words import counted


class Action(StrEnum):
    """The actions of workflow's API."""

    ACCEPT = "accept"
    RETURN = "return"
    SEND_BACK = "send_back"
    PROGRESS = "progress"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    REASSIGN = "reassign"
    PAUSE = "pause"
    RESUME = "resume"
    NOTE = "note"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"


def act(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, as `linli cases` shows it.")],
    action: Annotated[Action, typer.Argument(metavar="ACTION", help=f"One of {', '.join(Action)}.")],
    by: Annotated[
        str | None,
        typer.Option(
            metavar="PARTY",
            help="In whose name. Default: the responsible party; of what it cannot decide, the operator.",
        ),
    ] = None,
    message: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="The reporter sees it, but for note, return, reassign, merge, unmerge, split."
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it is returned; only `return`.")] = None,
    to: Annotated[str | None, typer.Option(metavar="PARTY", help="Who becomes responsible; only `reassign`.")] = None,
    waiting_for: Annotated[
        Waiting | None, typer.Option(metavar="WHAT", help=f"One of {', '.join(Waiting)}; only `pause`.")
    ] = None,
    evidence: Annotated[
        list[str] | None, typer.Option(metavar="PHOTO", help="A photo of the case, by id; only `return`. Repeatable.")
    ] = None,
    into: Annotated[
        str | None, typer.Option(metavar="CASE", help="The case that is about the same matter; only `merge`.")
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(metavar="PARTY=TEXT", help="A part of it, and who is to do it; only `split`, at least twice."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the case after it as one line of JSON.")] = False,
) -> None:
    """Act on a case as it stands at this moment: see ACTION.

    Should somebody else change it in the same second, this changes nothing and says so.
    """
    with errors_shown():
        body = body_of(action, by, message, reason, to, waiting_for, evidence)
        after, parts = asyncio.run(_act(case, action, body | about_others(action, into, part or [])))
    if as_json:
        print(json.dumps(after, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for line in done(action, after, parts):
        console.print(escape(line))


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
        case Action.PROGRESS:
            did = f"progress told to the reporter, still {after['state']}"
        case Action.RESOLVE:
            did = "now resolved; the reporter is asked how it was" if not after["part_of"] else "now resolved"
        case _:
            did = f"now {after['state']}{_until(after)}"
    yield f"{after['title']}: {did}. Version {after['version']}, with {named(after['party']) or 'nobody'}."
    for part in parts:
        yield f"  {part['id']}  {part['state']}  {named(part['party'])}  {part['title']}"


def _until(after: Mapping[str, Any]) -> str:
    by = due(after)
    return f"; next due {minute(by, year=True, zone=True)}" if by else ""


def body_of(
    action: Action,
    by: str | None,
    message: str | None,
    reason: str | None,
    to: str | None,
    waiting_for: str | None = None,
    evidence: Sequence[str] | None = None,
) -> dict[str, Any]:
    """What is sent with an action. Raises UsageFault for an option that is missing or does not belong to it."""
    if (action is Action.RETURN) != (reason is not None):
        raise UsageFault(
            "`return` needs --reason." if reason is None else f"`{action}` takes no --reason, but --message."
        )
    if (action is Action.REASSIGN) != (to is not None):
        raise UsageFault("`reassign` needs --to PARTY." if to is None else f"`{action}` takes no --to.")
    if action is Action.RETURN and message is not None:
        raise UsageFault("`return` says its words in --reason; it takes no --message.")
    if action is not Action.RETURN and evidence:
        raise UsageFault(f"`{action}` takes no --evidence.")
    if (action is Action.PAUSE) != (waiting_for is not None):
        raise UsageFault(
            "`pause` needs --waiting-for." if waiting_for is None else f"`{action}` takes no --waiting-for."
        )
    if action is Action.RESOLVE and not (message or "").strip():
        raise UsageFault("`resolve` needs --message: the answer that the reporter gets.")
    if action is Action.NOTE and not message:
        raise UsageFault("`note` needs --message.")
    said: dict[str, Any] = {"by": by, "message": message, "reason": reason, "party": to, "waiting_for": waiting_for}
    said["evidence"] = list(evidence) if evidence else None
    return {name: value for name, value in said.items() if value is not None}


def about_others(action: Action, into: str | None, parts: list[str]) -> dict[str, Any]:
    """What is sent with an action that concerns other cases. Raises UsageFault as `body_of` does."""
    if (action is Action.MERGE) != (into is not None):
        raise UsageFault("`merge` needs --into CASE." if into is None else f"`{action}` takes no --into.")
    if action is not Action.SPLIT and parts:
        raise UsageFault(f"`{action}` takes no --part.")
    if action is Action.SPLIT and len(parts) < 2:
        raise UsageFault("`split` needs --part PARTY=TEXT at least twice.")
    said = [part.partition("=") for part in parts]
    if wrong := next((part for part, (party, _, text) in zip(parts, said, strict=True) if not (party and text)), None):
        raise UsageFault(f"--part {wrong} is not PARTY=TEXT.")
    divided = [{"party": party.strip(), "message": text.strip()} for party, _, text in said]
    return {"into": into} if into else {"parts": divided} if divided else {}


async def _act(case: str, action: Action, body: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """The case after it; of a case that was split also its parts."""
    path = f"/v1/cases/{quote(case, safe='')}"
    async with open_client(find_target()) as client:
        version = (await client.get("workflow", path))["version"]
        headers = {"If-Match": f'"{version}"'}
        after: dict[str, Any] = await client.post("workflow", f"{path}:{action}", body, headers=headers)
        parts = (await client.get("workflow", path))["parts_stand"] if action is Action.SPLIT else []
    return after, parts
