"""`linli mediation`: from a dispute to an agreement that is kept, or upwards."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.affairs.files import hash_of, text_of
from linli_cli.affairs.options import CommunityName, Json
from linli_cli.community.lookup import ids_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target
from linli_cli.mediation.asking import (
    Case,
    Mediator,
    ask,
    send,
    show,
    state_of,
    step,
)
from linli_cli.outages.options import ahead
from linli_cli.terminal.errors import CliError, UsageFault, errors_shown
from linli_cli.terminal.language import say

mediation = typer.Typer(no_args_is_help=True, help="Disputes that are talked over with a mediator.")


@mediation.command("open")
def open_(case: Case, as_json: Json = False) -> None:
    """Take a dispute to mediation; its reporter is the applicant."""
    with errors_shown():
        step(case, "", {}, as_json)


@mediation.command("show")
def show_(case: Case, as_json: Json = False) -> None:
    """How a mediation stands, who takes part, what is agreed; nobody's statements."""
    with errors_shown():
        show(ask(f"/v1/cases/{case}/mediation"), as_json)


@mediation.command()
def mediators(
    neighbourhood: Annotated[str | None, typer.Option(metavar="ID", help="Id or name: the nearest first.")] = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """Who can be asked to mediate: nodes of the tree, and volunteers."""
    with errors_shown():
        which, place = asyncio.run(_named(community, neighbourhood))
        found = ask("/v1/mediators", community=which, neighbourhood=place)
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
            return
        table = Table(say("mediator"), say("name"), box=None, header_style="bold")
        for each in found["items"]:
            table.add_row(*map(escape, (each["mediator"], each["name"])))
        Console(width=120).print(table)


@mediation.command()
def volunteer(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What they are called.")],
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """Put a volunteer into the list of who can be asked to mediate."""
    with errors_shown():
        which, _ = asyncio.run(_named(community, None))
        added = send("/v1/mediators", {"community": which, "name": name})
        print(json.dumps(added) if as_json else added["mediator"])


@mediation.command()
def appoint(case: Case, mediator: Mediator, as_json: Json = False) -> None:
    """Somebody is to mediate. A volunteer's code is shown this once."""
    with errors_shown():
        step(case, "appoint", {"mediator": mediator}, as_json)


@mediation.command("let-go")
def let_go(
    case: Case,
    mediator: Mediator,
    why: Annotated[
        str, typer.Option(metavar="WHY", help="refused, conflict_of_interest, challenged or unavailable.")
    ] = "unavailable",
    as_json: Json = False,
) -> None:
    """A mediator does not mediate any more."""
    with errors_shown():
        step(case, "let_go", {"mediator": mediator, "why": why}, as_json)


@mediation.command()
def concern(
    case: Case,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What they are called.")],
    side: Annotated[str, typer.Option(metavar="SIDE", help="applicant, respondent or third_party.")] = "respondent",
    party: Annotated[str | None, typer.Option(metavar="ID", help="Where it is one of the organisations.")] = None,
    as_json: Json = False,
) -> None:
    """Name somebody whose dispute it is. Their code is shown this once."""
    with errors_shown():
        step(case, "concern", {"name": name, "side": side, "party": party}, as_json)


@mediation.command()
def call(
    case: Case,
    start: Annotated[str, typer.Option(metavar="TIME", help="When: a time, or 3h from now.")],
    online: Annotated[bool, typer.Option("--online", help="Not in a room.")] = False,
    venue: Annotated[str | None, typer.Option(metavar="ID", help="At which party's.")] = None,
    where: Annotated[str, typer.Option(metavar="TEXT", help="The room or the link, for who takes part.")] = "",
    as_json: Json = False,
) -> None:
    """Ask those concerned to meet."""
    with errors_shown():
        body = {"starts_at": ahead(start), "online": online, "venue": venue, "where": where}
        step(case, "call", body, as_json)


@mediation.command()
def hold(
    case: Case,
    came: Annotated[list[str], typer.Option(metavar="WHO", help="Who takes part and was there; may be repeated.")],
    session: Annotated[int | None, typer.Option(metavar="N", help="Which; without it nobody had called it.")] = None,
    as_json: Json = False,
) -> None:
    """Write down that they have met."""
    with errors_shown():
        step(case, "hold", {"session": session, "came": came}, as_json)


@mediation.command()
def draft(
    case: Case,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The text, in UTF-8.")],
    visit: Annotated[str | None, typer.Option(metavar="DATE", help="The day of the return visit.")] = None,
    as_json: Json = False,
) -> None:
    """Write down what they agree, to be signed; what was signed before counts no more."""
    with errors_shown():
        step(case, "draft", {"text": text_of(file), "visit_on": visit}, as_json)


@mediation.command()
def sign(
    case: Case,
    signer: Annotated[str, typer.Argument(metavar="WHO", help="Who takes part and has signed.")],
    scan: Annotated[Path, typer.Option(metavar="FILE", help="The scan of the paper; its hash is kept.")],
    sealed: Annotated[bool, typer.Option("--sealed", help="Of a mediator: with the committee's seal.")] = False,
    as_json: Json = False,
) -> None:
    """Enter a signature on paper, of the text that is to be signed now."""
    with errors_shown():
        agreements = ask(f"/v1/cases/{case}/mediation")["agreements"]
        if not agreements:
            raise CliError(say("There is nothing to sign yet."))
        body = {"signer": signer, "digest": agreements[-1]["digest"], "scan": hash_of(scan), "sealed": sealed}
        step(case, "sign", body, as_json)


@mediation.command()
def court(
    case: Case,
    what: Annotated[str, typer.Argument(metavar="STEP", help="applied, confirmed or refused.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="The day of it.")],
    as_json: Json = False,
) -> None:
    """Note the judicial confirmation: those concerned have asked together, or the court has decided."""
    with errors_shown():
        found = ask(f"/v1/cases/{case}/mediation")
        asked = [each["participant"] for each in found["concerned"]] if what == "applied" else []
        step(case, "court", {"step": what, "on": on, "asked": asked}, as_json)


@mediation.command()
def visit(
    case: Case,
    found: Annotated[str, typer.Argument(metavar="FOUND", help="kept or broken.")],
    as_json: Json = False,
) -> None:
    """Write down what the return visit found: kept closes the case, broken opens it again."""
    with errors_shown():
        if found not in {"kept", "broken"}:
            raise UsageFault(say("Say kept or broken."))
        step(case, "visit", {"kept": found == "kept"}, as_json)


@mediation.command()
def escalate(
    case: Case,
    why: Annotated[str, typer.Option(metavar="WHY", help="not_agreed, declined or broken.")] = "not_agreed",
    note: Annotated[str, typer.Option(metavar="TEXT", help="In words, for who takes part and staff.")] = "",
    as_json: Json = False,
) -> None:
    """There is no agreement: the node above decides what becomes of the dispute."""
    with errors_shown():
        step(case, "escalate", {"why": why, "note": note}, as_json)


@mediation.command()
def figures(community: CommunityName = None, as_json: Json = False) -> None:
    """How mediations end, by kind of dispute; what is rare is not told."""
    with errors_shown():
        which, _ = asyncio.run(_named(community, None))
        found = ask("/v1/mediation-figures", community=which)
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
            return
        for row in found["items"]:
            told = [f"{state_of(state)} {'-' if count is None else count}" for state, count in row["states"].items()]
            print(f"{row['category']}  {row['mediations']}  {'  '.join(told)}")
        print(say("- stands for what is hidden: figures below {least} are not told.", least=found["hidden_below"]))


async def _named(community: str | None, neighbourhood: str | None) -> tuple[str, str | None]:
    async with open_client(find_target()) as client:
        which = await the_community(client, community)
        named = await ids_of(client, {"community": which, "neighbourhood": neighbourhood})
    return str(named["community"]), named["neighbourhood"]
