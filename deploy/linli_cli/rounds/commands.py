"""`linli round`: from a draft to what is published, and the letters for the doors."""

from pathlib import Path
from typing import Annotated, Any

import typer

from linli_cli.affairs.asking import ask, fetch
from linli_cli.affairs.desk import Desk
from linli_cli.affairs.files import free, keep, text_of
from linli_cli.affairs.options import CommunityName, Json
from linli_cli.affairs.telling import printed, table
from linli_cli.outages.options import ahead
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, term
from linli_cli.terminal.times import local, second

rounds = typer.Typer(no_args_is_help=True, help="What the households of a neighbourhood need and think.")
RoundId = Annotated[str, typer.Argument(metavar="ROUND", help="The round's id.")]
Until = Annotated[str, typer.Option(metavar="TIME", help="When it closes: a time, or 10d from now.")]
STAGES = {
    "draft": "being written",
    "open": "taking answers",
    "closed": "answered",
    "summarised": "counted",
    "published": "for all to read",
}


SAID = {"nothing": "has its letter", "answered": "has answered", "withdrawn": "took its answers back"}


def _tell(found: dict[str, Any]) -> None:
    print(say("Round {round}: {stands}", round=found["id"], stands=term(STAGES[found["stage"]])))
    if found["stage"] == "open":
        print(say("Households can answer until {time}.", time=second(local(found["closes_at"]))))


ROUNDS = Desk("/v1/rounds", _tell)


@rounds.command("list")
def list_(
    neighbourhood: Annotated[str, typer.Argument(metavar="NEIGHBOURHOOD", help="Id or name of the neighbourhood.")],
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """The rounds of a neighbourhood."""
    ROUNDS.list(
        *(community, neighbourhood, as_json),
        lambda: (say("round"), say("stands"), say("until"), say("name")),
        lambda each: (
            *(each["id"], term(STAGES[each["stage"]])),
            second(local(each["closes_at"])) if each["closes_at"] else "-",
            each["title"]["zh"],
        ),
        width=140,
    )


@rounds.command()
def show(round: RoundId, as_json: Json = False) -> None:
    """How a round stands, and whom it has reached, building by building."""
    with errors_shown():
        found, reach, aside = (ask(f"/v1/rounds/{round}{part}") for part in ("", "/reach", "/needs"))
        if printed({"round": found, "reach": reach, "put_aside": aside}, as_json):
            return
        _tell(found)
        for building, each in reach.items():
            print(say("{building}: {answered} of {invited} households have answered", building=building, **each))
        print(say("{clusters} clusters, {left_out} demands in none", **_settled(found)))
        for need in aside:
            print(say("Not taken: a need of {household}, question {question}: {reason}", **need))


@rounds.command()
def households(
    round: RoundId,
    building: Annotated[str | None, typer.Option(metavar="ID", help="Those of one building.")] = None,
    as_json: Json = False,
) -> None:
    """Which households have answered, which sheets are to be read. That you have read it stands in the audit log."""
    with errors_shown():
        found = ask(f"/v1/rounds/{round}/households", building=building)
        if not printed(found, as_json):
            read = {True: say("to be read again"), False: ""}
            rows = [(e["household"], e["door"], term(SAID[e["said"]]), read[e["to_be_read"]]) for e in found]
            table((say("household"), say("door"), say("stands"), say("its sheet")), rows, width=140)


@rounds.command("open")
def open_(round: RoundId, until: Until, as_json: Json = False) -> None:
    """Let households answer until then."""
    with errors_shown():
        ROUNDS.step(round, "open", as_json, closes_at=ahead(until))


@rounds.command()
def extend(round: RoundId, until: Until, as_json: Json = False) -> None:
    """Let them answer for longer."""
    with errors_shown():
        ROUNDS.step(round, "extend", as_json, closes_at=ahead(until))


@rounds.command()
def close(round: RoundId, as_json: Json = False) -> None:
    """Close it, after the time that was announced; a sample of the sheets is drawn to be read again."""
    ROUNDS.step(round, "close", as_json)


@rounds.command()
def summarise(round: RoundId, as_json: Json = False) -> None:
    """Count it, once sheets are read again and every demand is settled."""
    ROUNDS.step(round, "summarise", as_json)


@rounds.command()
def publish(round: RoundId, as_json: Json = False) -> None:
    """Let all read what it came to; a notice of it is to hang in each building."""
    ROUNDS.step(round, "publish", as_json)


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
        listed = [line.strip() for line in text_of(doors).splitlines() if line.strip()]
        body = {"building": building, "doors": listed, "two_sided": two_sided}
        keep(free(out), fetch(f"/v1/rounds/{round}/households:invite?as=pdf", "POST", json=body))
        print(say("{count} letters are in {file}. Print it, deliver it, keep no copy.", count=len(listed), file=out))


@rounds.command("propose-clusters")
def propose_clusters(
    round: RoundId,
    everything: Annotated[bool, typer.Option("--all", help="Also demands that are settled already.")] = False,
    as_json: Json = False,
) -> None:
    """Which demands are probably one matter, by likeness; a person settles it."""
    with errors_shown():
        found = ask(f"/v1/rounds/{round}/proposals", all=str(everything).lower())
        if printed(found, as_json):
            return
        for number, each in enumerate(found, start=1):
            print(say("Proposal {number}: {count} demands", number=number, count=len(each["demands"])))
            for demand in each["demands"]:
                print(f"  {demand['id']}  {' '.join(demand['text'].split())[:80]}")


def _settled(found: dict[str, Any]) -> dict[str, int]:
    return {"clusters": len(found["clusters"]), "left_out": len(found["left_out"])}
