"""`linli privacy`: what a resident may ask for: all that is held of them, and that it is erased. 个人信息"""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.connection.client import Client, open_client
from linli_cli.connection.settings import SERVICES
from linli_cli.connection.target import Target, find_target
from linli_cli.privacy import export as privacy_export
from linli_cli.privacy.erasing import AT_ONCE, Erasure, erase_all, merged_with, to_erase_again
from linli_cli.terminal.errors import CliError, UsageFault, errors_shown
from linli_cli.terminal.language import say, sentence, term
from linli_cli.terminal.progress import Progress
from linli_cli.terminal.times import day
from linli_cli.terminal.words import counted

privacy = typer.Typer(no_args_is_help=True, help="A resident's own data: export, erasure, how long things are kept.")

OVER = {"closed", "withdrawn"}
HELD = {
    "submissions": sentence("submissions"),
    "cases": sentence("cases"),
    "deliveries": sentence("deliveries"),
    "parked": sentence("parked"),
    "photos": sentence("photos"),
}
"""What an export has of a resident."""
GOES_LATER = sentence(
    "Nothing of an open case goes. 'older' is past its time and waits for the end of its case, or for the job."
)
NOT_FINISHED = 3
"""The exit code when something is erased from the databases, and Kafka still has it."""
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]
Whom = Annotated[
    str | None,
    typer.Argument(
        metavar="RESIDENT",
        help="Resident id (r-…), telephone number, e-mail, tracking code or submission id. `-`: read it from stdin, "
        "so that no history of the shell keeps it.",
    ),
]
Alone = Annotated[
    bool,
    typer.Option("--alone", help="Only what bears just this, not what shares another number or address with it."),
]


@privacy.command()
def export(
    resident: Whom,
    out: Annotated[Path, typer.Option(metavar="FILE", help="FILE.zip (with the photos) or FILE.json.")],
    alone: Alone = False,
    as_json: Json = False,
) -> None:
    """Write all that is held of a resident into a file that only you may read: for the resident, and nobody else."""
    with errors_shown():
        if out.suffix.lower() not in {".zip", ".json"}:
            raise UsageFault(
                say("{out}: neither .zip nor .json.", out=out), say("Name the file RESIDENT.zip or RESIDENT.json.")
            )
        data, photos = asyncio.run(_collect({"resident": _resident(resident), "alone": alone}))
        privacy_export.write(out, data, photos)
    counts = {name: len(data[name]) for name in ("submissions", "cases", "deliveries", "parked")}
    if as_json:
        print(json.dumps(counts | {"photos": len(photos)}))
        return
    what = say(", ").join(f"{say(HELD[name])} {count}" for name, count in (counts | {"photos": len(photos)}).items())
    print(say("Written to {out}: {what}. It is personal: hand it over safely, then delete it.", out=out, what=what))


@privacy.command()
def erase(
    resident: Whom = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and change nothing.")] = False,
    alone: Alone = False,
    also_open: Annotated[
        bool, typer.Option("--also-open", help="Also cases that are not closed: the party loses their text.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Finish what could not be finished, and erase what a restore brought back.")
    ] = False,
    from_file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="With --again: the list kept beside another home.")
    ] = None,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait until everybody has read past it.")] = 60,
    not_waiting_for: Annotated[
        list[str] | None, typer.Option(metavar="GROUP", help="A consumer group that is given up. May be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Erase a resident from the services' databases, from Kafka and from the stack's own letters. There is no way back.

    Exit code 3: the databases are done, and a reader has not come so far in Kafka. Then, later: --again.
    """
    with errors_shown():
        target = find_target()
        if again == (resident is not None):
            raise UsageFault(say("Name a resident, or --again."), "linli privacy erase --help")
        if again:
            ids = asyncio.run(to_erase_again(target, from_file))
            done = asyncio.run(erase_all(target, {"submissions": ids}, ids, wait, not_waiting_for or []))
        else:
            query = {"resident": _resident(resident), "alone": alone}
            found, also = asyncio.run(_found(target, query))
            if dry_run or not as_json:
                _show(found, also, as_json=as_json)
            if dry_run:
                return
            _refuse_open(found, also_open=also_open)
            if not yes and not typer.confirm(say("Erase all of this for good?"), err=True):
                raise typer.Exit(1)
            ids = [each["id"] for each in found]
            done = asyncio.run(erase_all(target, query, ids, wait, not_waiting_for or []))
    if as_json:
        print(json.dumps(asdict(done)))
    else:
        _tell(done)
    if done.waiting_for:
        raise typer.Exit(NOT_FINISHED)


@privacy.command()
def retention(as_json: Json = False) -> None:
    """Show what is kept, how long, and what is due to go."""
    with errors_shown():
        found = asyncio.run(_retention())
    if as_json:
        print(json.dumps({"items": found}))
        return
    columns = (say("service"), say("kind"), say("kept"), say("oldest"), say("goes from"), say("older"))
    table = Table(*columns, box=None)
    for each in found:
        kept = counted(each["days"], "day") if each["days"] else say("for ever")
        times = (day(at) if (at := each[name]) else "-" for name in ("oldest", "due_at"))
        table.add_row(each["service"], term(each["kind"]), kept, *times, str(each["older"]))
    Console(highlight=False).print(table)
    print(say(GOES_LATER))


# What they do --------------------------------------------------------------------------------------------------------


def _resident(resident: str | None) -> str:
    if resident == "-" and sys.stdin.isatty():
        typer.echo(say("Resident: "), nl=False, err=True)
    given = sys.stdin.readline().strip() if resident == "-" else (resident or "").strip()
    if not given:
        raise UsageFault(
            say("Nobody is named."), say("Give a resident id, number, e-mail, tracking code or submission id.")
        )
    return given


async def _collect(resident: dict[str, Any]) -> tuple[dict[str, Any], privacy_export.Photos]:
    progress = Progress(Console(stderr=True))
    try:
        async with open_client(find_target()) as client:
            return await privacy_export.collected(client, resident, lambda step: progress.step(say("Reading"), step))
    finally:
        progress.done()


async def _found(target: Target, resident: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The resident's submissions, each with the state of its case; the cases merged with those, by id with theirs."""
    async with open_client(target) as client:
        items = (await client.post("intake", "/v1/residents:find", resident))["items"]
        ids = [each["id"] for each in items]
        states = await _states(client, ids)
        return [each | {"state": states.get(each["id"])} for each in items], await merged_with(client, ids)


async def _states(client: Client, ids: Sequence[str]) -> dict[str, str]:
    states: dict[str, str] = {}
    for start in range(0, len(ids), AT_ONCE):
        answer = await client.post("workflow", "/v1/cases:lookup", {"ids": list(ids[start : start + AT_ONCE])})
        states |= answer["found"]
    return states


def _refuse_open(found: Sequence[dict[str, Any]], *, also_open: bool) -> None:
    still = [each["id"] for each in found if each["state"] and each["state"] not in OVER and not each["erased_at"]]
    if still and not also_open:
        raise CliError(
            say(
                "{cases} of theirs is not closed: {some}. Whoever deals with it would lose the text and the reporter."
                if len(still) == 1
                else "{cases} of theirs are not closed: {some}. Whoever deals with it would lose the text and the "
                "reporter.",
                cases=counted(len(still), "case"),
                some=say(", ").join(still[:5]),
            ),
            say("Close or withdraw them first; or, when the resident wants it all the same, add --also-open."),
        )


async def _retention() -> list[dict[str, Any]]:
    async with open_client(find_target()) as client:
        states = [await client.get(service, "/v1/retention") for service in SERVICES]
    return [
        {"service": service} | item for service, state in zip(SERVICES, states, strict=True) for item in state["items"]
    ]


# What they say -------------------------------------------------------------------------------------------------------


def _show(found: Sequence[dict[str, Any]], also: Mapping[str, str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"submissions": list(found), "merged_with": also}, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for each in found:
        reporter = each["reporter"] or {}
        who = " ".join(reporter[name] for name in ("name", "phone", "email", "address") if name in reporter)
        state = term(each["state"]) if each["state"] else say("none yet")
        values = {"id": each["id"], "kind": term(each["kind"]), "received": day(each["received_at"]), "state": state}
        line = say("{id}  {kind}  received {received}  case {state}", **values)
        console.print(line + (say(", erased") if each["erased_at"] else ""))
        console.print(f"    {escape(who or say('no contact'))}")
    if also:
        cases = counted(len(also), "case")
        console.print(say("What staff wrote goes in {cases} of others too, merged with these:", cases=cases))
        for id, state in also.items():
            console.print(say("{id}  case {state}", id=id, state=term(state)))


def _tell(done: Erasure) -> None:
    gone = [counted(len(done.submissions), "submission")]
    gone += [say("{records} in Kafka", records=counted(done.records, "record"))]
    gone += [counted(done.letters, "letter")] if done.letters else []
    print(say("Erased: {gone}.", gone=say(", ").join(gone)))
    if done.merged_with:
        cases = counted(len(done.merged_with), "case")
        print(say("What staff wrote went in {cases} of others too, merged with these.", cases=cases))
    if done.masked_elsewhere:
        print(say("Masked in {submissions} of others.", submissions=counted(done.masked_elsewhere, "submission")))
    if done.waiting_for:
        readers = say("; ").join(done.waiting_for)
        print(say("Kafka still holds some of it, for readers that have not come so far: {readers}.", readers=readers))
        print(say("When they have: linli privacy erase --again"))
    else:
        print(say("Backups made before still hold it. After a restore of one: linli privacy erase --again"))
