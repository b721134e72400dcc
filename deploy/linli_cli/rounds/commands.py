"""`linli round`: from a draft to what is published, and the letters for the doors."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.outages.options import ahead
from linli_cli.rounds.asking import all_of, get, of_place, post, printed
from linli_cli.terminal.errors import CliError, UsageFault, errors_shown
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say, term
from linli_cli.terminal.times import local, second

rounds = typer.Typer(no_args_is_help=True, help="What the households of a neighbourhood need and think.")
RoundId = Annotated[str, typer.Argument(metavar="ROUND", help="The round's id.")]
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]
CommunityName = Annotated[
    str | None, typer.Option("--community", metavar="ID", help="Id or name. Default: the only one that is loaded.")
]
Until = Annotated[str, typer.Option(metavar="TIME", help="When it closes: a time, or 10d from now.")]
STAGES = {
    "draft": "being written",
    "open": "taking answers",
    "closed": "answered",
    "summarised": "counted",
    "published": "for all to read",
}


@rounds.command("list")
def list_(
    neighbourhood: Annotated[str, typer.Argument(metavar="NEIGHBOURHOOD", help="Id or name of the neighbourhood.")],
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """The rounds of a neighbourhood."""
    with errors_shown():
        found = asyncio.run(of_place(community, neighbourhood))
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
            return
        table = Table(say("round"), say("stands"), say("until"), say("name"), box=None, header_style="bold")
        for each in found:
            until = second(local(each["closes_at"])) if each["closes_at"] else "-"
            table.add_row(*map(escape, (each["id"], term(STAGES[each["stage"]]), until, each["title"]["zh"])))
        Console(width=140).print(table)


@rounds.command()
def show(round: RoundId, as_json: Json = False) -> None:
    """How a round stands, and whom it has reached, building by building."""
    with errors_shown():
        found, reach, aside = asyncio.run(all_of(round))
        if as_json:
            print(json.dumps({"round": found, "reach": reach, "put_aside": aside}, ensure_ascii=False))
            return
        _tell(found)
        for building, each in reach.items():
            print(say("{building}: {answered} of {invited} households have answered", building=building, **each))
        print(say("{clusters} clusters, {left_out} demands in none", **_settled(found)))
        for need in aside:
            print(say("Not taken: a need of {household}, question {question}: {reason}", **need))


@rounds.command("open")
def open_(round: RoundId, until: Until, as_json: Json = False) -> None:
    """Let households answer until then."""
    _step(round, "open", {"closes_at": _time(until)}, as_json)


@rounds.command()
def extend(round: RoundId, until: Until, as_json: Json = False) -> None:
    """Let them answer for longer."""
    _step(round, "extend", {"closes_at": _time(until)}, as_json)


@rounds.command()
def close(round: RoundId, as_json: Json = False) -> None:
    """Close it, after the time that was announced; a sample of the sheets is drawn to be read again."""
    _step(round, "close", None, as_json)


@rounds.command()
def summarise(round: RoundId, as_json: Json = False) -> None:
    """Count it, once sheets are read again and every demand is settled."""
    _step(round, "summarise", None, as_json)


@rounds.command()
def publish(round: RoundId, as_json: Json = False) -> None:
    """Let all read what it came to; a notice of it is to hang in each building."""
    _step(round, "publish", None, as_json)


@rounds.command()
def letters(
    round: RoundId,
    doors: Annotated[Path, typer.Argument(metavar="FILE", help="The doors of a stairwell, a line each, in UTF-8.")],
    building: Annotated[str, typer.Option(metavar="ID", help="The building's id.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the PDF goes; it holds codes.")],
    two_sided: Annotated[bool, typer.Option("--two-sided", help="With empty pages, for both sides.")] = False,
) -> None:
    """Make letters for a stairwell, each with its door's own code; a further letter ends the code before it."""
    with errors_shown():
        listed = _doors(doors)
        if out.exists():
            raise UsageFault(say("{file} is there already.", file=out))
        body = {"building": building, "doors": listed, "two_sided": two_sided}
        pdf = asyncio.run(printed(round, body))
        try:
            out.touch(mode=0o600)
            out.write_bytes(pdf)
        except OSError as error:
            raise CliError(say("{file} cannot be written: {why}.", file=out, why=of_file(error))) from error
        print(say("{count} letters are in {file}. Print it, deliver it, keep no copy.", count=len(listed), file=out))


@rounds.command("propose-clusters")
def propose_clusters(
    round: RoundId,
    everything: Annotated[bool, typer.Option("--all", help="Also demands that are settled already.")] = False,
    as_json: Json = False,
) -> None:
    """Which demands are probably one matter, by likeness; a person settles it."""
    with errors_shown():
        found = asyncio.run(get(f"/v1/rounds/{round}/proposals", all=str(everything).lower()))
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
            return
        for number, each in enumerate(found, start=1):
            print(say("Proposal {number}: {count} demands", number=number, count=len(each["demands"])))
            for demand in each["demands"]:
                print(f"  {demand['id']}  {' '.join(demand['text'].split())[:80]}")


def _step(round: str, verb: str, body: dict[str, Any] | None, as_json: bool) -> None:
    with errors_shown():
        found = asyncio.run(post(f"/v1/rounds/{round}:{verb}", body))
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
        else:
            _tell(found)


def _tell(found: dict[str, Any]) -> None:
    print(say("Round {round}: {stands}", round=found["id"], stands=term(STAGES[found["stage"]])))
    if found["stage"] == "open":
        print(say("Households can answer until {time}.", time=second(local(found["closes_at"]))))


def _settled(found: dict[str, Any]) -> dict[str, int]:
    return {"clusters": len(found["clusters"]), "left_out": len(found["left_out"])}


def _time(text: str) -> str:
    with errors_shown():
        return str(ahead(text))


def _doors(file: Path) -> list[str]:
    try:
        read = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        why = of_file(error) if isinstance(error, OSError) else "UTF-8"
        raise CliError(say("{file} cannot be read: {why}.", file=file, why=why)) from error
    return [line.strip() for line in read.splitlines() if line.strip()]
