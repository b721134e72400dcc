"""`linli covenant`: which covenants there are, where each version stands, what it says."""

from typing import Annotated, Any

import typer

from linli_cli.affairs.asking import ask
from linli_cli.affairs.desk import Desk
from linli_cli.affairs.options import CommunityName, Json, Neighbourhood
from linli_cli.affairs.telling import printed, table
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


def _tell(found: dict[str, Any]) -> None:
    for each in found["versions"]:
        signed = sum(digest == each["digest"] for digest, _ in found["signatures"])
        said = {"number": each["number"], "state": term(STATES[each["state"]]), "count": signed}
        print(say("Version {number}: {state}, signed by {count}", **said))
        print(f"  {each['digest']}")


COVENANTS = Desk("/v1/covenants", _tell)


@covenant.command("list")
def list_(neighbourhood: Neighbourhood, community: CommunityName = None, as_json: Json = False) -> None:
    """The covenants of a neighbourhood, each with where its newest version stands."""
    COVENANTS.list(
        *(community, neighbourhood, as_json),
        lambda: (say("covenant"), say("kind"), say("title"), say("versions"), say("stands")),
        lambda each: (each["id"], term(TRACKS[each["track"]]), *_newest(each["versions"][-1])),
        width=140,
    )


@covenant.command()
def show(covenant: CovenantId, as_json: Json = False) -> None:
    """A covenant's versions: where each stands, its hash, how many households have signed exactly that text."""
    COVENANTS.show(covenant, as_json)


@covenant.command()
def templates(as_json: Json = False) -> None:
    """What a covenant can be begun from."""
    with errors_shown():
        found = ask("/v1/covenant-templates")
        if not printed(found, as_json):
            rows = [(each["id"], term(TRACKS[each["track"]]), each["title"]) for each in found]
            table((say("template"), say("kind"), say("title")), rows)


@covenant.command()
def comments(covenant: CovenantId, as_json: Json = False) -> None:
    """What households say of its texts, and what each was answered. That you have read it stands in the audit log."""
    with errors_shown():
        found = ask(f"/v1/covenants/{covenant}/comments")
        if printed(found, as_json):
            return
        for each in found:
            stands = {None: "to be answered", True: "taken up", False: "explained"}[each["taken"]]
            version = say("version {number}", number=each["number"])
            print(f"{each['comment']}  {version}  {each['household']}  {term(stands)}")
            print(f"  {each['text'] or say('(taken away)')}")
            if each["answer"]:
                print(f"  → {each['answer']}")


@covenant.command()
def text(
    covenant: CovenantId,
    number: Annotated[
        int | None, typer.Option(min=1, metavar="NUMBER", help="Of a version, from 1. Default: the newest.")
    ] = None,
) -> None:
    """What a version says."""
    with errors_shown():
        versions = ask(f"/v1/covenants/{covenant}")["versions"]
        digest = versions[min(number or len(versions), len(versions)) - 1]["digest"]
        print(ask(f"/v1/covenants/{covenant}/texts/{digest}")["text"])


def _newest(version: dict[str, Any]) -> tuple[str, str, str]:
    return version["title"], str(version["number"]), term(STATES[version["state"]])
