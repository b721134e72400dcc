"""`linli vote`: a vote of the owners from its draft to its result, and what is said against that."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from linli_cli.affairs.asking import ask, do, fetch, place
from linli_cli.affairs.files import document_of, free, hash_of, keep
from linli_cli.affairs.options import CommunityName, Json, Neighbourhood, Out
from linli_cli.affairs.telling import printed
from linli_cli.outages.options import ahead
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.language import say, term
from linli_cli.terminal.times import local, second
from linli_cli.votes.ballots import add_ballots
from linli_cli.votes.counting import add_counting
from linli_cli.votes.desk import STATES, VOTES, VoteId, tell, weight

vote = typer.Typer(no_args_is_help=True, help="Votes of the owners, by area and by heads.")
Document = Annotated[Path, typer.Option(metavar="FILE", help="The scan of the paper that says so; its hash is kept.")]
Ground = Annotated[
    str, typer.Option(metavar="GROUND", help="notice, register, ballot, proxy, count, rights or procedure.")
]


class Paper(StrEnum):
    """What is printed of a vote, by its route."""

    NOTICE = "notice"
    SHEET = "sheet"
    RESULT = "result"
    LIST = "list"
    BALLOTS = "ballots"


ROUTES = {Paper.LIST: "list.pdf", Paper.BALLOTS: "ballots.pdf"}


@vote.command("list")
def list_(neighbourhood: Neighbourhood, community: CommunityName = None, as_json: Json = False) -> None:
    """The votes of a neighbourhood, and how each stands."""
    VOTES.list(
        *(community, neighbourhood, as_json),
        lambda: (say("vote"), say("stands"), say("matters"), say("until")),
        lambda each: (
            *(each["id"], term(STATES[each["state"]]), str(len((each["terms"] or {}).get("matters", ())))),
            second(local(each["closes_at"])) if each["closes_at"] else "-",
        ),
    )


@vote.command()
def show(vote: VoteId, as_json: Json = False) -> None:
    """How a vote stands, and what it asks in words."""
    with errors_shown():
        found = ask(f"/v1/votes/{vote}")
        if printed(found, as_json):
            return
        tell(found)
        for each in ask(f"/v1/votes/{vote}/matters"):
            print(f"  {each['matter']}: {each['text']}")


@vote.command()
def draft(
    neighbourhood: Neighbourhood,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What is asked, of which list, by whom: YAML or JSON.")],
    vote: Annotated[str | None, typer.Option(metavar="VOTE", help="Write this one anew; its notice ends.")] = None,
    community: CommunityName = None,
    as_json: Json = False,
) -> None:
    """Prepare a vote: matters with their legal class, the frozen list, ways to vote, tellers."""
    with errors_shown():
        asked = document_of(file)
        if not isinstance(asked, dict):
            raise CliError(say("{file} has no fields.", file=file))
        if vote is not None:
            VOTES.step(vote, "prepare", as_json, **asked)
            return
        VOTES.told(do("/v1/votes", **(asked | place(community, neighbourhood))), as_json)


@vote.command()
def notice(vote: VoteId, as_json: Json = False) -> None:
    """Post it: its days begin, and nothing of it changes any more without beginning anew."""
    VOTES.step(vote, "notice", as_json)


@vote.command("open")
def open_(
    vote: VoteId,
    until: Annotated[str, typer.Option(metavar="TIME", help="When it closes: a time, or 10d from now.")],
    as_json: Json = False,
) -> None:
    """Take ballots until then, once the days of the notice are over."""
    with errors_shown():
        VOTES.step(vote, "open", as_json, closes_at=ahead(until))


@vote.command()
def turnout(vote: VoteId, as_json: Json = False) -> None:
    """How many have voted so far; nothing of what they chose."""
    with errors_shown():
        found = ask(f"/v1/votes/{vote}/turnout")
        if not printed(found, as_json):
            print(say("Voted: {turnout} of {electorate}", **{each: weight(found[each]) for each in _OF_TURNOUT}))


_OF_TURNOUT = ("turnout", "electorate")
add_ballots(vote)


@vote.command()
def close(vote: VoteId, as_json: Json = False) -> None:
    """Close it, at the hour that was told."""
    VOTES.step(vote, "close", as_json)


add_counting(vote)


@vote.command()
def declare(vote: VoteId, as_json: Json = False) -> None:
    """Declare what the tellers have certified."""
    VOTES.step(vote, "declare", as_json)


@vote.command()
def publish(vote: VoteId, as_json: Json = False) -> None:
    """The result hangs; the time for challenges begins."""
    VOTES.step(vote, "publish", as_json)


@vote.command()
def challenge(
    vote: VoteId,
    owner: Annotated[str, typer.Argument(metavar="OWNER", help="As `linli register owners` names them.")],
    ground: Ground,
    document: Document,
    as_json: Json = False,
) -> None:
    """An owner says that it was not held as it should have been."""
    with errors_shown():
        said = {"challenge_id": f"c-{uuid4().hex[:12]}", "owner": owner, "ground": ground}
        VOTES.step(vote, "challenge", as_json, **said, document=hash_of(document))


@vote.command()
def settle(
    vote: VoteId,
    challenge: Annotated[str, typer.Argument(metavar="CHALLENGE", help="As `linli vote show` names them.")],
    upheld: Annotated[bool, typer.Option("--upheld/--dismissed", help="Whether the owner was right.")],
    document: Document,
    judgment: Annotated[bool, typer.Option("--judgment", help="A court has said so, for good.")] = False,
    as_json: Json = False,
) -> None:
    """What becomes of a challenge."""
    with errors_shown():
        said = {"challenge_id": challenge, "upheld": upheld, "judgment": judgment}
        VOTES.step(vote, "settle_challenge", as_json, **said, document=hash_of(document))


@vote.command()
def void(vote: VoteId, ground: Ground, document: Document, as_json: Json = False) -> None:
    """Stop it before a result is declared: it was not held as it should have been."""
    with errors_shown():
        VOTES.step(vote, "void", as_json, ground=ground, document=hash_of(document))


@vote.command("print")
def print_(
    vote: VoteId,
    paper: Annotated[
        Paper, typer.Argument(help="The notice, the sheet of a count, its result, who took part, or who chose what.")
    ],
    out: Out,
) -> None:
    """Write a paper of a vote as PDF; the notice also as .docx. Who chose what is for its tellers, and is recorded."""
    with errors_shown():
        form = "?as=docx" if paper is Paper.NOTICE and out.suffix.lower() == ".docx" else ""
        keep(free(out), fetch(f"/v1/votes/{vote}/{ROUTES.get(paper, paper)}{form}"))
        print(say("It is in {file}.", file=out))
