"""`linli works`: which packages there are, how each stands, what is open."""

from typing import Annotated, Any

import typer

from linli_cli.affairs.asking import ask
from linli_cli.affairs.desk import Desk
from linli_cli.affairs.options import CommunityName, Json, Neighbourhood
from linli_cli.affairs.telling import happened, printed, table
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, term

works = typer.Typer(no_args_is_help=True, help="Works of a neighbourhood, from a plan's items to their handover.")
Package = Annotated[str, typer.Argument(metavar="PACKAGE", help="As `linli works list` names them.")]
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


def _tell(found: dict[str, Any]) -> None:
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


PACKAGES = Desk("/v1/works", _tell)


@works.command("list")
def list_(neighbourhood: Neighbourhood, community: CommunityName = None, as_json: Json = False) -> None:
    """The packages of a neighbourhood: how far each has come, and how many defects are open."""
    PACKAGES.list(
        *(community, neighbourhood, as_json),
        lambda: (say("package"), say("title"), say("stands"), "%", say("open defects")),
        lambda each: (
            *(each["id"], each["title"], term(STATES[each["state"]]), str(each["percent"])),
            str(sum(one["state"] not in {"verified", "dismissed"} for one in each["defects"].values())),
        ),
    )


@works.command()
def show(package: Package, as_json: Json = False) -> None:
    """How a package stands: who builds it, what is signed, what is open, and warranties with their last days."""
    PACKAGES.show(package, as_json)


@works.command()
def history(package: Package, as_json: Json = False) -> None:
    """All that happened to a package, in order."""
    with errors_shown():
        found = ask(f"/v1/works/{package}/history")
        if not printed(found, as_json):
            happened(found)


@works.command()
def representatives(package: Package, as_json: Json = False) -> None:
    """Who speaks for the residents at a package's gate."""
    with errors_shown():
        found = ask(f"/v1/works/{package}/representatives")
        if not printed(found, as_json):
            table((say("representative"), say("name")), [(each["id"], each["name"]) for each in found])


@works.command()
def defects(package: Package, as_json: Json = False) -> None:
    """The defects of a package: what was said of each, who puts it right, until when."""
    with errors_shown():
        found = ask(f"/v1/works/{package}/defects")
        if printed(found, as_json):
            return
        rows = [
            (each["id"], term(DEFECTS[each["state"]]), *(each[name] or "-" for name in ("to", "due", "what")))
            for each in found
        ]
        table((say("defect"), say("stands"), say("who"), say("due"), say("what")), rows)


@works.command()
def progress(package: Package, as_json: Json = False) -> None:
    """What was announced of a package's progress, as residents read it, the newest first."""
    with errors_shown():
        found = ask(f"/v1/works/{package}/progress")
        if printed(found, as_json):
            return
        print(say("{title}: {state}, {percent} %", **found | {"state": term(STATES[found["state"]])}))
        for each in found["announced"]:
            print(f"{each['at'][:10]}  {each['percent']} %  {each['message']}")
