"""`linli plan`: which plans there are, how each stands, what a version says and how two differ."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.plans.asking import Community, Json, Neighbourhood, as_line, asked, fetched, listed
from linli_cli.terminal.errors import CliError, UsageFault, errors_shown
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say, term

plan = typer.Typer(no_args_is_help=True, help="The plan of a neighbourhood: its versions and the objections to them.")
PlanId = Annotated[str, typer.Argument(metavar="PLAN", help="As `linli plan list` names them.")]
Number = Annotated[int, typer.Argument(min=1, metavar="NUMBER", help="Of a version, from 1.")]
STAGES = {"drafting": "being drawn", "noticed": "posted", "finalised": "final", "superseded": "replaced"}


@plan.command("list")
def list_(neighbourhood: Neighbourhood, community: Community = None, as_json: Json = False) -> None:
    """The plans of a neighbourhood: where each stands, and what is still to be answered."""
    with errors_shown():
        found = asyncio.run(listed("/v1/plans", community, neighbourhood))
        if as_json:
            print(as_line(found))
            return
        heads = (say("plan"), say("title"), say("stands"), say("versions"), say("demands open"), say("objections open"))
        table = Table(*heads, box=None, header_style="bold")
        for each in found:
            counts = (each["versions"], each["unanswered"], each["open_objections"])
            table.add_row(
                *map(escape, (each["id"], each["title"]["zh"], term(STAGES[each["stage"]]), *map(str, counts)))
            )
        Console(width=140).print(table)


@plan.command()
def show(plan: PlanId, as_json: Json = False) -> None:
    """How a plan stands: its items with what each costs, its versions with their hashes."""
    with errors_shown():
        found = asyncio.run(asked(f"/v1/plans/{plan}"))
        if as_json:
            print(as_line(found))
            return
        print(say("{title}: {state}", title=found["title"]["zh"], state=term(STAGES[found["stage"]])))
        for each in found["items"].values():
            print(f"  {each['id']}  {each['title']['zh']}  {each['estimate'] / 100:,.2f}")
        for each in found["versions"]:
            print(say("Version {number}: {digest}", number=each["text"]["number"], digest=each["digest"]))
        if found["changed"] and found["versions"]:
            print(say("It says something else now than its newest version."))


@plan.command()
def compare(plan: PlanId, before: Number, after: Number, as_json: Json = False) -> None:
    """How two versions differ: items, who pays, what becomes of each demand."""
    with errors_shown():
        found = asyncio.run(asked(f"/v1/plans/{plan}/versions/{before}:compare", **{"with": after}))
        if as_json:
            print(as_line(found))
            return
        for line in _differences(found):
            print(line)


@plan.command()
def export(
    plan: PlanId,
    number: Number,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where it goes: a name that ends in .pdf or .docx.")],
) -> None:
    """Write a version to a file: as PDF to post it, as DOCX to edit it before it hangs."""
    with errors_shown():
        form = out.suffix.lower().removeprefix(".")
        if form not in {"pdf", "docx"}:
            raise UsageFault(say("Name a file that ends in .pdf or .docx."))
        if out.exists():
            raise UsageFault(say("{file} is there already.", file=out))
        content = asyncio.run(fetched(f"/v1/plans/{plan}/versions/{number}?as={form}"))
        try:
            out.write_bytes(content)
        except OSError as error:
            raise CliError(say("{file} cannot be written: {why}.", file=out, why=of_file(error))) from error
        print(say("Version {number} is in {file}.", number=number, file=out))


def _differences(found: dict[str, Any]) -> list[str]:
    if found["same"]:
        return [say("Both say the same.")]
    lines = [f"+ {each['id']}  {each['title']['zh']}" for each in found["added"]]
    lines += [f"- {each['id']}  {each['title']['zh']}" for each in found["removed"]]
    for each in found["changed"]:
        lines.append(f"~ {each['after']['id']}  {', '.join(each['fields'])}")
        lines += [f"    {each['before'][name]} → {each['after'][name]}" for name in each["fields"]]
    lines += [f"? {each['demand']}  {each['before']} → {each['after']}" for each in found["outcomes"]]
    return lines
