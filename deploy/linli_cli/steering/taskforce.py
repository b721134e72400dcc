"""`linli taskforce`: who sits there, its meetings, its bulletins."""

from typing import Annotated, Any

import typer

from linli_cli.affairs.asking import ask, do, of_place
from linli_cli.affairs.options import CommunityName, Json, Neighbourhood
from linli_cli.affairs.telling import printed, table
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, term

taskforce = typer.Typer(no_args_is_help=True, help="Who steers a renewal: seats, meetings, bulletins.")
Force = Annotated[str, typer.Argument(metavar="TASKFORCE", help="As `linli taskforce list` names them.")]
MEETINGS = {
    "called": "meeting called",
    "cancelled": "meeting called off",
    "held": "meeting held",
    "minuted": "minutes written",
    "confirmed": "minutes confirmed",
}


@taskforce.command("list")
def list_(neighbourhood: Neighbourhood, community: CommunityName = None, as_json: Json = False) -> None:
    """The task forces of a neighbourhood."""
    with errors_shown():
        found = of_place("/v1/taskforces", community, neighbourhood)
        if not printed(found, as_json):
            heads = (say("task force"), say("title"), say("seats"), say("bulletins"))
            rows = [(e["id"], e["title"], str(len(e["seats"])), str(len(e["bulletins"]))) for e in found]
            table(heads, rows)


@taskforce.command()
def show(force: Force, as_json: Json = False) -> None:
    """The seats of a task force: who holds each, since when, until when."""
    with errors_shown():
        found = ask(f"/v1/taskforces/{force}")
        if printed(found, as_json):
            return
        print(found["title"])
        rows = [(id, term(seat["role"]), *_held(seat["terms"][-1])) for id, seat in sorted(found["seats"].items())]
        table((say("seat"), say("role"), say("holder"), say("from"), say("until")), rows)


@taskforce.command()
def members(force: Force, as_json: Json = False) -> None:
    """What those who sit there are called."""
    with errors_shown():
        found = ask(f"/v1/taskforces/{force}/members")
        if not printed(found, as_json):
            table((say("holder"), say("name")), list(found.items()))


@taskforce.command()
def meetings(force: Force, as_json: Json = False) -> None:
    """The meetings of a task force, and how far each has come."""
    with errors_shown():
        found = ask("/v1/meetings", taskforce=force)
        if not printed(found, as_json):
            rows = [(e["id"], e["starts_at"][:16], e["place"], term(MEETINGS[e["state"]])) for e in found]
            table((say("meeting"), say("when"), say("where"), say("stands")), rows)


@taskforce.command()
def minutes(
    meeting: Annotated[str, typer.Argument(metavar="MEETING", help="As `linli taskforce meetings` names them.")],
    as_json: Json = False,
) -> None:
    """What came of each item of a meeting, and what was put right later."""
    with errors_shown():
        found = ask(f"/v1/meetings/{meeting}/minutes")
        if printed(found, as_json):
            return
        stands = say("confirmed minutes") if found["confirmed"] else say("draft of minutes")
        print(f"{stands}  {found['digest']}")
        for each in found["items"]:
            print(f"  {each['item']}: {each['outcome']}")
        for each in found["corrigenda"]:
            print(say("Corrigendum {number} of {item}: {instead} ({why})", **each))


@taskforce.command()
def bulletins(force: Force, as_json: Json = False) -> None:
    """What a task force has told everybody, and what was put right later."""
    with errors_shown():
        found = ask(f"/v1/taskforces/{force}/bulletins")
        if printed(found, as_json):
            return
        for each in found:
            print(f"{each['number']}. {each['title']}  {each['issued_at'][:10]}\n{each['text']}")
            for right in each["corrigenda"]:
                print(say("Corrigendum {number}: {instead} ({why})", **right))


@taskforce.command()
def bulletin(
    force: Force,
    title: Annotated[str, typer.Option(metavar="TITLE", help="What it is called.")],
    text: Annotated[str, typer.Option(metavar="TEXT", help="All that it says.")],
    as_json: Json = False,
) -> None:
    """Tell everybody something. It is not changed afterwards."""
    with errors_shown():
        found = do(f"/v1/taskforces/{force}:issue_bulletin", title=title, text=text)
        if not printed(found, as_json):
            print(say("Bulletin {number} is issued.", number=len(found["bulletins"])))


def _held(last: dict[str, Any]) -> tuple[str, str, str]:
    return last["holder"], last["first"], last["until"] or "-"
