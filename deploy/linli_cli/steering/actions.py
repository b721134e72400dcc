"""`linli action`: who owes what until when, reported and verified."""

from typing import Annotated, Any

import typer

from linli_cli.affairs.asking import ask, do, the_community_named
from linli_cli.affairs.options import CommunityName, Json, OnBehalf
from linli_cli.affairs.telling import printed, table
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, term

action = typer.Typer(no_args_is_help=True, help="What somebody has promised to do: one owner, one day.")
Action = Annotated[str, typer.Argument(metavar="ACTION", help="As `linli action list` names them.")]
Why = Annotated[str, typer.Option(metavar="WHY", help="Why; the owner reads it.")]
Due = Annotated[str, typer.Option(metavar="DAY", help="The new last day, as 2026-06-30.")]
STATES = {
    "open": "action open",
    "reported": "action reported done",
    "verified": "action verified",
    "dropped": "action dropped",
}


@action.command("list")
def list_(
    owner: Annotated[str | None, typer.Option(metavar="ID", help="A party, or who holds a seat.")] = None,
    due_before: Annotated[str | None, typer.Option(metavar="DAY", help="Those whose last day is before it.")] = None,
    taskforce: Annotated[str | None, typer.Option(metavar="TASKFORCE", help="Those of one task force.")] = None,
    state: Annotated[str | None, typer.Option(metavar="STATE", help="open, reported, verified or dropped.")] = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """What is owed, the nearest day first."""
    with errors_shown():
        which = the_community_named(community) if community else None
        wanted = {"owner": owner, "due_before": due_before, "taskforce": taskforce, "state": state}
        found = _all(**wanted, community=which)
        if not printed(found, as_json):
            rows = [(e["id"], e["due"], e["owner"], term(STATES[e["state"]]), e["what"]) for e in found]
            table((say("action"), say("due"), say("owner"), say("stands"), say("what")), rows)


@action.command()
def show(action: Action, as_json: Json = False) -> None:
    """How an action stands, and which of its days have passed."""
    with errors_shown():
        _tell(ask(f"/v1/actions/{action}"), as_json)


@action.command()
def report(
    action: Action,
    done: Annotated[str, typer.Option(metavar="TEXT", help="What was done.")],
    on_behalf: OnBehalf = None,
    as_json: Json = False,
) -> None:
    """Say that it is done: who owes it."""
    with errors_shown():
        _tell(do(f"/v1/actions/{action}:report", done=done, for_party=on_behalf), as_json)


@action.command()
def verify(action: Action, as_json: Json = False) -> None:
    """Say that somebody else has looked, and it is done."""
    with errors_shown():
        _tell(do(f"/v1/actions/{action}:verify"), as_json)


@action.command("return")
def return_(action: Action, why: Why, due: Due, as_json: Json = False) -> None:
    """Say that somebody else has looked, and it is not done."""
    with errors_shown():
        _tell(do(f"/v1/actions/{action}:return", why=why, due=due), as_json)


@action.command()
def postpone(action: Action, why: Why, due: Due, as_json: Json = False) -> None:
    """Give it another day."""
    with errors_shown():
        _tell(do(f"/v1/actions/{action}:postpone", why=why, due=due), as_json)


@action.command()
def drop(action: Action, why: Why, as_json: Json = False) -> None:
    """Say that nobody owes it any more."""
    with errors_shown():
        _tell(do(f"/v1/actions/{action}:drop", why=why), as_json)


def _tell(found: dict[str, Any], as_json: bool) -> None:
    if printed(found, as_json):
        return
    print(say("{what}: {state}", what=found["what"], state=term(STATES[found["state"]])))
    print(say("owed by {owner} until {due}", owner=found["owner"], due=found["due"]))
    for day in found["missed"]:
        print(say("{day} has passed without a report", day=day))


def _all(**asked: str | None) -> list[dict[str, Any]]:
    """Page by page."""
    found, cursor = list[dict[str, Any]](), None
    while True:
        page = ask("/v1/actions", **asked, limit=500, cursor=cursor)
        found += page["items"]
        if (cursor := page["next"]) is None:
            return found
