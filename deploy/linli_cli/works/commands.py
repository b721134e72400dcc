"""`linli works`: which packages there are, how each stands, what is open."""

import asyncio
import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.community.lookup import ids_of
from linli_cli.community.which_community import the_community
from linli_cli.connection.client import open_client
from linli_cli.connection.target import find_target
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, term

works = typer.Typer(no_args_is_help=True, help="Works of a neighbourhood, from a plan's items to their handover.")
Package = Annotated[str, typer.Argument(metavar="PACKAGE", help="As `linli works list` names them.")]
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]
STATES = {
    "building": "being built",
    "completed": "built",
    "requested": "acceptance asked for",
    "convened": "being accepted",
    "accepted": "accepted, not filed",
    "filed": "accepted and filed",
    "handed_over": "handed over",
}
DEFECTS = {
    "reported": "defect reported",
    "confirmed": "defect confirmed",
    "ordered": "to be put right",
    "submitted": "said to be put right",
    "verified": "put right",
    "dismissed": "no defect",
}


@works.command("list")
def list_(
    neighbourhood: Annotated[str, typer.Argument(metavar="NEIGHBOURHOOD", help="Id or name.")],
    community: Annotated[
        str | None, typer.Option("--community", metavar="ID", help="Id or name. Default: the only one that is loaded.")
    ] = None,
    as_json: Json = False,
) -> None:
    """The packages of a neighbourhood: how far each has come, and how many defects are open."""
    with errors_shown():
        found = asyncio.run(_listed(community, neighbourhood))
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
            return
        heads = (say("package"), say("title"), say("stands"), "%", say("open defects"))
        table = Table(*heads, box=None, header_style="bold")
        for each in found:
            open_ = sum(one["state"] not in {"verified", "dismissed"} for one in each["defects"].values())
            row = (each["id"], each["title"], term(STATES[each["state"]]), str(each["percent"]), str(open_))
            table.add_row(*map(escape, row))
        Console(width=120).print(table)


@works.command()
def show(package: Package, as_json: Json = False) -> None:
    """How a package stands: who builds it, what is signed, what is open, and warranties with their last days."""
    with errors_shown():
        found = asyncio.run(_get(f"/v1/works/{package}"))
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
            return
        print(say("{title}: {state}, {percent} %", **found | {"state": term(STATES[found["state"]])}))
        if not found["plan_checked"]:
            print(say("Its items were not compared with the plan when it was opened."))
        for each in found["appointed"]:
            signed = found["signed"].get(each["role"])
            said = say("has not signed") if signed is None else say("agrees") if signed["agrees"] else say("disagrees")
            print(f"  {term(each['role'])}  {each['party']}  {said}")
        hidden = [id for id, state in found["hidden"].items() if state in {"notified", "failed"}]
        if hidden:
            print(say("Hidden work that nobody has passed: {ids}", ids=", ".join(hidden)))
        if found["file_by"] and not found["filed"]:
            print(say("To be filed by {day}", day=found["file_by"]))
        for each in found["warranties"]:
            print(say("Warranty of {trade} until {day}", trade=term(each["trade"]), day=each["until"]))


@works.command()
def defects(package: Package, as_json: Json = False) -> None:
    """The defects of a package: what was said of each, who puts it right, until when."""
    with errors_shown():
        found = asyncio.run(_get(f"/v1/works/{package}/defects"))
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
            return
        table = Table(say("defect"), say("stands"), say("who"), say("due"), say("what"), box=None, header_style="bold")
        for each in found:
            row = (each["id"], term(DEFECTS[each["state"]]), each["to"] or "-", each["due"] or "-", each["what"] or "-")
            table.add_row(*map(escape, row))
        Console(width=120).print(table)


@works.command()
def progress(package: Package, as_json: Json = False) -> None:
    """What was announced of a package's progress, as residents read it, the newest first."""
    with errors_shown():
        found = asyncio.run(_get(f"/v1/works/{package}/progress"))
        if as_json:
            print(json.dumps(found, ensure_ascii=False))
            return
        print(say("{title}: {state}, {percent} %", **found | {"state": term(STATES[found["state"]])}))
        for each in found["announced"]:
            print(f"{each['at'][:10]}  {each['percent']} %  {each['message']}")


async def _listed(community: str | None, neighbourhood: str) -> list[dict[str, Any]]:
    async with open_client(find_target()) as client:
        which = await the_community(client, community)
        named: dict[str, Any] = await ids_of(client, {"community": which, "neighbourhood": neighbourhood})
        found: list[dict[str, Any]] = await client.get("neighbourhood", "/v1/works", **named)
    return found


async def _get(path: str) -> Any:
    async with open_client(find_target()) as client:
        return await client.get("neighbourhood", path)
