"""`linli covenant`: which covenants there are, where each version stands, what it says."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.plans.asking import Community, Json, Neighbourhood, as_line, asked, listed
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, term

covenant = typer.Typer(no_args_is_help=True, help="Covenants of a neighbourhood: their texts, and who adopted which.")
CovenantId = Annotated[str, typer.Argument(metavar="COVENANT", help="As `linli covenant list` names them.")]
TRACKS = {"residents": "residents' covenant", "owners": "owners' covenant", "facility": "covenant of a facility"}
STATES = {
    "drafting": "being drafted",
    "commenting": "comments taken",
    "reviewed": "reviewed",
    "adopted": "adopted",
    "filed": "on file",
    "in_force": "in force",
    "annulled": "adoption void",
}


@covenant.command("list")
def list_(neighbourhood: Neighbourhood, community: Community = None, as_json: Json = False) -> None:
    """The covenants of a neighbourhood, each with where its newest version stands."""
    with errors_shown():
        found = asyncio.run(listed("/v1/covenants", community, neighbourhood))
        if as_json:
            print(as_line(found))
            return
        heads = (say("covenant"), say("kind"), say("title"), say("versions"), say("stands"))
        table = Table(*heads, box=None, header_style="bold")
        for each in found:
            newest = each["versions"][-1]
            state = term(STATES[newest["state"]])
            row = (each["id"], term(TRACKS[each["track"]]), newest["title"], str(newest["number"]), state)
            table.add_row(*map(escape, row))
        Console(width=140).print(table)


@covenant.command()
def show(covenant: CovenantId, as_json: Json = False) -> None:
    """A covenant's versions: where each stands, its hash, how many households have signed exactly that text."""
    with errors_shown():
        found = asyncio.run(asked(f"/v1/covenants/{covenant}"))
        if as_json:
            print(as_line(found))
            return
        for each in found["versions"]:
            signed = sum(digest == each["digest"] for digest, _ in found["signatures"])
            said = {"number": each["number"], "state": term(STATES[each["state"]]), "count": signed}
            print(say("Version {number}: {state}, signed by {count}", **said))
            print(f"  {each['digest']}")


@covenant.command()
def text(
    covenant: CovenantId,
    number: Annotated[
        int | None, typer.Option(min=1, metavar="NUMBER", help="Of a version, from 1. Default: the newest.")
    ] = None,
) -> None:
    """What a version says."""
    with errors_shown():
        print(asyncio.run(_text(covenant, number)))


async def _text(covenant: str, number: int | None) -> str:
    versions = (await asked(f"/v1/covenants/{covenant}"))["versions"]
    digest = versions[min(number or len(versions), len(versions)) - 1]["digest"]
    return str((await asked(f"/v1/covenants/{covenant}/texts/{digest}"))["text"])
