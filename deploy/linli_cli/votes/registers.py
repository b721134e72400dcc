"""`linli register`: who owns what, from a clerk's file to the list that is frozen for a vote."""

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from linli_cli.affairs.asking import ask, fetch, place, send
from linli_cli.affairs.desk import Desk
from linli_cli.affairs.files import content_of, free, hash_of, keep
from linli_cli.affairs.options import CommunityName, Json, Neighbourhood, Out
from linli_cli.affairs.telling import printed, square_metres, table
from linli_cli.terminal.errors import CliError, UsageFault, errors_shown
from linli_cli.terminal.language import say
from linli_cli.terminal.progress import Progress

register = typer.Typer(no_args_is_help=True, help="Registers of owners: who has a vote, and how much it weighs.")
RegisterId = Annotated[str, typer.Argument(metavar="REGISTER", help="As `linli register list` names them.")]


def _tell(found: dict[str, Any]) -> None:
    said = {"register": found["id"], "area": square_metres(found["area"])}
    print(say("Register {register}: {units} units, {heads} owners, {area}", **{**found, **said}))
    for snapshot, digest in found["snapshots"].items():
        print(say("Frozen as {snapshot}: {digest}", snapshot=snapshot, digest=digest))


REGISTERS = Desk("/v1/registers", _tell)


@register.command("list")
def list_(neighbourhood: Neighbourhood, community: CommunityName = None, as_json: Json = False) -> None:
    """The registers of a neighbourhood, and how often each was frozen."""
    REGISTERS.list(
        *(community, neighbourhood, as_json),
        lambda: (say("register"), say("units"), say("owners"), say("area"), say("frozen")),
        lambda each: (
            each["id"],
            *(str(each["units"]), str(each["heads"]), square_metres(each["area"])),
            ", ".join(each["snapshots"]) or "-",
        ),
        width=140,
    )


@register.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="XLSX, XLS, ODS or CSV, as the office has it.")],
    neighbourhood: Annotated[str, typer.Option(metavar="ID", help="Whose register it is: id or name.")],
    community: CommunityName = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what is wrong in it.")] = False,
    doubts_seen: Annotated[bool, typer.Option("--doubts-seen", help="Each doubt was looked at, and it is so.")] = False,
    as_json: Json = False,
) -> None:
    """Bring a register in. A fault keeps it out; a doubt waits until somebody has looked at it."""
    with errors_shown():
        content = content_of(file)
        progress = Progress(Console(stderr=True))
        try:
            progress.step(say("Reading {file}", file=file.name))
            where = place(community, neighbourhood)
            found = send("/v1/registers:file", content=content, params={**where, "check": "true"})
            ready = not check and not found["faults"] and (doubts_seen or not found["doubts"])
            if ready:
                progress.step(say("Keeping {units} units", units=found["units"]))
                seen = {"doubts_seen": str(doubts_seen).lower()}
                found["register"] = send("/v1/registers:file", content=content, params={**where, **seen})
        finally:
            progress.done()
        _told(found, as_json)
        if found["faults"]:
            raise CliError(say("{count} faults: nothing was kept.", count=len(found["faults"])))
        if not ready and not check:
            hint = say("Look at each; then the same again with --doubts-seen.")
            raise CliError(say("{count} doubts: nothing was kept.", count=len(found["doubts"])), hint)


def _told(found: dict[str, Any], as_json: bool) -> None:
    """What a list comes to, with the row of each finding; and the register, once it is kept."""
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for each in found["faults"]:
        print(say("Row {line}: {message}", **each))
    for each in found["doubts"]:
        print(say("Row {line}, to be looked at: {message}", **each))
    if kept := found.get("register"):
        _tell(kept)
    else:
        print(say("{units} units can be taken.", units=found["units"]))


@register.command()
def form(out: Out) -> None:
    """Write the empty spreadsheet that a register is filled into."""
    with errors_shown():
        keep(free(out), fetch("/v1/registers:form"))
        print(say("It is in {file}.", file=out))


@register.command()
def show(register: RegisterId, as_json: Json = False) -> None:
    """A register's figures, and the lists that were frozen of it."""
    REGISTERS.show(register, as_json)


@register.command()
def owners(register: RegisterId, as_json: Json = False) -> None:
    """Doors and names, as the list had them. That you have read it stands in the audit log."""
    with errors_shown():
        found = ask(f"/v1/registers/{register}/owners")
        if not printed(found, as_json):
            rows = [(e["owner"], e["name"], " ".join(e["doors"]), square_metres(e["area"])) for e in found]
            table((say("unit owner"), say("name"), say("doors"), say("area")), rows, width=160)


@register.command()
def correct(
    register: RegisterId,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="As `linli register owners --json` names them.")],
    stairwell: Annotated[str, typer.Option(metavar="ID", help="The stairwell that the unit is on.")],
    owner: Annotated[str, typer.Option(metavar="ID", help="Who owns the unit now; who own it together are one.")],
    area: Annotated[str, typer.Option(metavar="AREA", help="In ㎡, as 60.00.")],
    area_from: Annotated[str, typer.Option(metavar="SOURCE", help="registry, survey or contract.")],
    because: Annotated[str, typer.Option(metavar="WHY", help="sold, measured, mistaken or same_owner.")],
    evidence: Annotated[Path, typer.Option(metavar="FILE", help="The deed's scan; its hash is kept.")],
    as_json: Json = False,
) -> None:
    """Put one entry right. It holds for the next list that is frozen."""
    with errors_shown():
        entry = {"unit": unit, "stairwell": stairwell, "owner": owner, "area": _area(area), "area_from": area_from}
        REGISTERS.step(register, "correct", as_json, entry=entry, because=because, evidence=hash_of(evidence))


@register.command()
def freeze(
    register: RegisterId,
    snapshot: Annotated[str, typer.Argument(metavar="NAME", help="What the frozen list is called, as s-2026-1.")],
    as_json: Json = False,
) -> None:
    """Freeze the list as it is now: votes are held by a frozen one."""
    REGISTERS.step(register, "freeze", as_json, snapshot_id=snapshot)


def _area(text: str) -> int:
    """Hundredths of a ㎡. Raises UsageFault."""
    try:
        hundredths = Decimal(text) * 100
    except InvalidOperation:
        hundredths = Decimal("0.5")
    if hundredths != hundredths.to_integral_value():
        raise UsageFault(say("'{said}' is no area: write ㎡ with two decimals at most.", said=text[:40]))
    return int(hundredths)
