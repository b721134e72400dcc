"""`linli deliberation`: what is talked over, what was said, what it came to."""

from typing import Annotated

import typer

from linli_cli.affairs.asking import ask, do, of_place
from linli_cli.affairs.options import CommunityName, Json, Neighbourhood, OnBehalf
from linli_cli.affairs.telling import printed, table
from linli_cli.terminal.errors import errors_shown
from linli_cli.terminal.language import say, term

deliberation = typer.Typer(no_args_is_help=True, help="Questions that are talked over, in a room and online.")
Talks = Annotated[str, typer.Argument(metavar="DELIBERATION", help="As `linli deliberation list` names them.")]
Commitment = Annotated[str, typer.Argument(metavar="COMMITMENT", help="As `linli deliberation show` names them.")]
STATES = {
    "convened": "talks convened",
    "open": "talks open",
    "concluded": "talks concluded",
    "published": "outcome published",
}
COMMITMENTS = {
    "offered": "commitment offered",
    "refused": "commitment not heard",
    "accepted": "commitment taken up",
    "declined": "commitment declined",
    "withdrawn": "commitment taken back",
}
LINES = {
    "statement": "said",
    "proposal": "proposed",
    "commitment": "committed itself",
    "refused": "promised what binds nobody",
    "answer": "answered the invitation",
}


@deliberation.command("list")
def list_(
    neighbourhood: Neighbourhood,
    invited: Annotated[str | None, typer.Option(metavar="PARTY", help="Those that a party was asked to.")] = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """The deliberations of a neighbourhood."""
    with errors_shown():
        found = of_place("/v1/deliberations", community, neighbourhood, invited=invited)
        if not printed(found, as_json):
            rows = [(e["id"], e["question"]["zh"], term(STATES[e["state"]]), e["last_day"]) for e in found]
            table((say("deliberation"), say("question"), say("stands"), say("last day")), rows)


@deliberation.command()
def show(talks: Talks, as_json: Json = False) -> None:
    """How a deliberation stands: who is invited, how many are for what, what was committed."""
    with errors_shown():
        found = ask(f"/v1/deliberations/{talks}")
        if printed(found, as_json):
            return
        print(say("{question}: {state}", question=found["question"]["zh"], state=term(STATES[found["state"]])))
        for each in found["invitations"].values():
            answer = {None: say("has not answered"), True: say("comes"), False: say("does not come")}[each["comes"]]
            print(f"  {each['party']}  {answer}")
        for id, voices in found["proposals"].items():
            print(say("Proposal {id}: {number} for it", id=id, number=len(voices)))
        for id, each in found["commitments"].items():
            print(f"  {id}  {each['party']}  {term(COMMITMENTS[each['state']])}  {each['promise']['due']}")
        if found["dissent"]:
            print(say("{number} are against the draft", number=len(found["dissent"])))


@deliberation.command()
def record(talks: Talks, as_json: Json = False) -> None:
    """All that was said, in order. That you have read it stands in the audit log."""
    with errors_shown():
        found = ask(f"/v1/deliberations/{talks}/record")
        if printed(found, as_json):
            return
        for each in found:
            who = each["voice"]["id"] if each["voice"] else each["party"]
            where = each["session"] or say("online")
            print(f"{each['at'][:16]}  {who}  {where}  {term(LINES[each['kind']])}")
            print(f"  {each['words'] or say('(taken away)')}")


@deliberation.command()
def outcome(talks: Talks, as_json: Json = False) -> None:
    """What it came to, once that is published."""
    with errors_shown():
        found = ask(f"/v1/deliberations/{talks}/outcome")
        if printed(found, as_json):
            return
        print(found["text"]["says"]["zh"])
        print(found["text"]["caveat"]["zh"])
        print(say("{number} are against it", number=len(found["dissent"])))


@deliberation.command("open")
def open_(talks: Talks, as_json: Json = False) -> None:
    """Everybody may speak from now on."""
    with errors_shown():
        found = do(f"/v1/deliberations/{talks}:open")
        if not printed(found, as_json):
            print(term(STATES[found["state"]]))


@deliberation.command()
def accept(
    talks: Talks,
    commitment: Commitment,
    taskforce: Annotated[
        str | None, typer.Option(metavar="TASKFORCE", help="Which one is owed it; otherwise that of the talks.")
    ] = None,
    on_behalf: OnBehalf = None,
    as_json: Json = False,
) -> None:
    """Take a commitment up: it becomes an action of the task force."""
    with errors_shown():
        path = f"/v1/deliberations/{talks}:accept_commitment"
        found = do(path, commitment_id=commitment, taskforce_id=taskforce, for_party=on_behalf)
        if not printed(found, as_json):
            print(term(COMMITMENTS[found["commitments"][commitment]["state"]]))


@deliberation.command()
def publish(talks: Talks, as_json: Json = False) -> None:
    """Let everybody read the outcome."""
    with errors_shown():
        found = do(f"/v1/deliberations/{talks}:publish")
        if not printed(found, as_json):
            print(term(STATES[found["state"]]))
