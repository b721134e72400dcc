"""`linli vote`: papers for the owners, and ballots that come on paper or by proxy."""

from pathlib import Path
from typing import Annotated, Any

import typer

from linli_cli.affairs.asking import ask, do, fetch
from linli_cli.affairs.files import free, hash_of, keep
from linli_cli.affairs.options import Json
from linli_cli.affairs.telling import printed, square_metres, table
from linli_cli.outages.options import ahead
from linli_cli.terminal.errors import UsageFault, errors_shown
from linli_cli.terminal.language import say
from linli_cli.votes.desk import VOTES, Owner, VoteId

A_PAGE = 1_000
"""Lines that are asked for at once."""


def add_ballots(vote: typer.Typer) -> None:
    for command in (ballots, proxy, paper, spoil, voted, seals, choices):
        vote.command()(command)


def ballots(
    vote: VoteId,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Ready to print; the file holds codes.")] = None,
    stairwell: Annotated[str | None, typer.Option(metavar="ID", help="Those of one stairwell.")] = None,
    owner: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only this owner; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Make papers with personal codes, to print or as a list. A further one ends the code before it."""
    with errors_shown():
        to = {"stairwell": stairwell, "owners": owner or []}
        if pdf is not None:
            free(pdf)
            keep(pdf, fetch(f"/v1/votes/{vote}/ballots:print", "POST", json=to))
            print(say("It is in {file}. Print it, deliver it, keep no copy.", file=pdf))
            return
        found = do(f"/v1/votes/{vote}/ballots:deliver", **to)
        if not printed(found, as_json):
            rows = [(each["owner"], " ".join(each["doors"]), each["code"]) for each in found]
            table((say("unit owner"), say("doors"), say("code, shown this once")), rows)


def proxy(
    vote: VoteId,
    owner: Owner,
    agent: Annotated[str | None, typer.Option(metavar="ID", help="The owner who votes for them.")] = None,
    letter: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The scan of the signed letter; its hash is kept.")
    ] = None,
    revoke: Annotated[bool, typer.Option("--revoke", help="They vote themselves again.")] = False,
    as_json: Json = False,
) -> None:
    """An owner has another one vote for them, in writing; or does not any more."""
    with errors_shown():
        if revoke is (agent is not None):
            raise UsageFault(say("Say either --agent or --revoke."))
        if revoke:
            VOTES.step(vote, "revoke_proxy", as_json, principal=owner)
            return
        VOTES.step(vote, "lodge_proxy", as_json, principal=owner, agent=agent, letter=letter and hash_of(letter))


def paper(
    vote: VoteId,
    owner: Owner,
    choice: Annotated[
        list[str],
        typer.Option(metavar="MATTER=CHOICE", help="a=approve, a=oppose or a=abstain; one for each matter."),
    ],
    scan: Annotated[Path, typer.Option(metavar="FILE", help="The scan of the ballot; its hash is kept.")],
    received: Annotated[str, typer.Option(metavar="TIME", help="When it went into the box.")],
    agent: Annotated[str | None, typer.Option(metavar="ID", help="Who voted for them, by proxy.")] = None,
    as_json: Json = False,
) -> None:
    """Enter a ballot on paper. It counts once: a second one of the same owner is refused."""
    with errors_shown():
        said = {"owner": owner, "choices": _choices(choice), "received_at": ahead(received), "agent": agent}
        found = do(f"/v1/votes/{vote}/ballots", **said, scan=hash_of(scan))
        if not printed(found, as_json):
            print(say("In the box. Its seal, which the owner may have: {seal}", seal=found["seal"]))


def spoil(
    vote: VoteId,
    owner: Owner,
    ballot: Annotated[str, typer.Option(metavar="ID", help="As `linli vote choices` and the receipt name it.")],
    because: Annotated[str, typer.Option(metavar="WHY", help="unsigned, unreadable, forged or not_the_owner.")],
    as_json: Json = False,
) -> None:
    """Say that a ballot does not count; two tellers do, each with their own key. Its owner may then vote anew."""
    with errors_shown():
        said = {"owner": owner, "ballot_id": ballot, "because": because}
        found = do(f"/v1/votes/{vote}/ballots:spoil", **said)
        if not printed(found, as_json):
            waits = found["waits_for_another"]
            print(say("It counts until another teller says the same.") if waits else say("It counts no more."))


def voted(vote: VoteId, as_json: Json = False) -> None:
    """Which units took part, masked: what hangs on the board."""
    with errors_shown():
        found: list[Any] = []
        while page := ask(f"/v1/votes/{vote}/list", after=len(found), limit=A_PAGE):
            found += page
            if len(page) < A_PAGE:
                break
        if not printed(found, as_json):
            rows = [(e["door"], e["owner"], square_metres(e["area"]), _took_part(e)) for e in found]
            table((say("door"), say("unit owner"), say("area"), say("took part")), rows)


def seals(vote: VoteId, as_json: Json = False) -> None:
    """The seals of all ballots in the box: an owner finds their own."""
    with errors_shown():
        found: list[str] = []
        while page := ask(f"/v1/votes/{vote}/seals", limit=A_PAGE, **({"after": found[-1]} if found else {})):
            found += page
            if len(page) < A_PAGE:
                break
        if not printed(found, as_json):
            print("\n".join(found))


def choices(
    vote: VoteId,
    names: Annotated[bool, typer.Option("--names/--no-names", help="With doors and names, or without.")] = True,
    as_json: Json = False,
) -> None:
    """Who chose what, for its tellers, once it is closed. That you have read it stands in the audit log."""
    with errors_shown():
        found = ask(f"/v1/votes/{vote}/ballots", names=str(names).lower())
        if not printed(found, as_json):
            rows = [
                (each["owner"], " ".join(each["doors"]), each["ballot"] or "-", _as_text(each["choices"]))
                for each in found
            ]
            table((say("unit owner"), say("doors"), say("ballot"), say("choices")), rows, width=160)


def _took_part(line: dict[str, Any]) -> str:
    return "✓" if line["took_part"] else "-"


def _as_text(choices: dict[str, str]) -> str:
    return " ".join(f"{matter}={choice}" for matter, choice in choices.items()) or "-"


def _choices(said: list[str]) -> dict[str, str]:
    """Raises UsageFault for one that is none, and for two of one matter."""
    pairs = [each.partition("=") for each in said]
    found = {matter: choice for matter, _, choice in pairs}
    if len(found) < len(said) or not all(matter and choice for matter, choice in found.items()):
        raise UsageFault(say("Write each choice once, as MATTER=approve, oppose or abstain."))
    return found
