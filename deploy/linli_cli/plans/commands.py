"""`linli plan`: which plans there are, how each stands, what a version says and how two differ."""

from pathlib import Path
from typing import Annotated, Any

import typer

from linli_cli.affairs.asking import ask, fetch
from linli_cli.affairs.desk import Desk
from linli_cli.affairs.files import free, keep
from linli_cli.affairs.options import CommunityName, Json, Neighbourhood
from linli_cli.affairs.telling import printed, worded
from linli_cli.terminal.errors import UsageFault, errors_shown
from linli_cli.terminal.language import say, term

plan = typer.Typer(no_args_is_help=True, help="The plan of a neighbourhood: its versions and the objections to them.")
PlanId = Annotated[str, typer.Argument(metavar="PLAN", help="As `linli plan list` names them.")]
Number = Annotated[int, typer.Argument(min=1, metavar="NUMBER", help="Of a version, from 1.")]
STAGES = {"drafting": "being drawn", "noticed": "posted", "finalised": "final", "superseded": "replaced"}


def _tell(found: dict[str, Any]) -> None:
    print(say("{title}: {state}", title=found["title"]["zh"], state=term(STAGES[found["stage"]])))
    for each in found["items"].values():
        print(f"  {each['id']}  {each['title']['zh']}  {each['estimate'] / 100:,.2f}")
    for each in found["versions"]:
        print(say("Version {number}: {digest}", number=each["text"]["number"], digest=each["digest"]))
    if found["changed"] and found["versions"]:
        print(say("It says something else now than its newest version."))


PLANS = Desk("/v1/plans", _tell)


@plan.command("list")
def list_(neighbourhood: Neighbourhood, community: CommunityName = None, as_json: Json = False) -> None:
    """The plans of a neighbourhood: where each stands, and what is still to be answered."""
    PLANS.list(
        *(community, neighbourhood, as_json),
        lambda: (
            say("plan"),
            say("title"),
            say("stands"),
            say("versions"),
            say("demands open"),
            say("objections open"),
        ),
        lambda each: (
            *(each["id"], each["title"]["zh"], term(STAGES[each["stage"]])),
            *(str(each[name]) for name in ("versions", "unanswered", "open_objections")),
        ),
        width=140,
    )


@plan.command()
def show(plan: PlanId, as_json: Json = False) -> None:
    """How a plan stands: its items with what each costs, its versions with their hashes."""
    PLANS.show(plan, as_json)


@plan.command()
def objections(plan: PlanId, as_json: Json = False) -> None:
    """What households have against it, and what each was answered. That you have read it stands in the audit log."""
    with errors_shown():
        found = ask(f"/v1/plans/{plan}/objections")
        if printed(found, as_json):
            return
        for each in found:
            stands = _of_objection(each)
            print(f"{each['objection']}  {each['filed_at'][:10]}  {each['household']}  {stands}")
            print(f"  {each['text'] or say('(taken away)')}")
            if each["answer"]:
                print(f"  → {worded(each['answer'])}")


@plan.command()
def compare(plan: PlanId, before: Number, after: Number, as_json: Json = False) -> None:
    """How two versions differ: items, who pays, what becomes of each demand."""
    with errors_shown():
        found = ask(f"/v1/plans/{plan}/versions/{before}:compare", **{"with": after})
        if printed(found, as_json):
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
        keep(free(out), fetch(f"/v1/plans/{plan}/versions/{number}?as={form}"))
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


def _of_objection(each: dict[str, Any]) -> str:
    if each["withdrawn"]:
        return say("taken back")
    return term({None: "to be answered", "upheld": "found right", "explained": "explained"}[each["outcome"]])
