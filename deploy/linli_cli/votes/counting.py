"""`linli vote`: what the ballots come to, by the machine and by each teller."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from linli_cli.affairs.asking import ask
from linli_cli.affairs.files import document_of
from linli_cli.affairs.options import Json
from linli_cli.affairs.telling import printed
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.language import say
from linli_cli.votes.desk import VOTES, VoteId, weight


def add_counting(vote: typer.Typer) -> None:
    for command in (count, certify, recount):
        vote.command()(command)


def count(vote: VoteId, as_json: Json = False) -> None:
    """What the ballots come to, once it is closed."""
    with errors_shown():
        found = ask(f"/v1/votes/{vote}/count")
        if not printed(found, as_json):
            _tell(found)


def certify(
    vote: VoteId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What you have counted of each matter: YAML or JSON.")],
    as_json: Json = False,
) -> None:
    """A teller's own numbers. Two who find what the machine has found make it the count."""
    with errors_shown():
        VOTES.step(vote, "certify", as_json, matters=document_of(file))


def recount(vote: VoteId, as_json: Json = False) -> None:
    """Count every ballot anew from the events and the box. Exit code 1: the numbers are others."""
    with errors_shown():
        kept, anew = ask(f"/v1/votes/{vote}/count"), ask(f"/v1/votes/{vote}/count", anew="true")
        if as_json:
            print(json.dumps({"same": kept == anew, "count": kept, "recount": anew}, ensure_ascii=False))
        else:
            _tell(anew)
        if kept != anew:
            raise CliError(say("The recount finds other numbers than were kept."))
        if not as_json:
            print(say("The recount finds the same numbers."))


def _tell(found: dict[str, Any]) -> None:
    print(say("Voted: {turnout} of {electorate}", **{name: weight(found[name]) for name in ("turnout", "electorate")}))
    if found["spoiled"]:
        print(say("{count} ballots were put aside.", count=found["spoiled"]))
    for each in found["matters"]:
        outcome = say("passed") if each["passed"] else say("not passed") if each["quorum"] else say("too few took part")
        print(f"{each['matter']}: {outcome}")
        marks = {say("for"): "approve", say("against"): "oppose", say("abstained"): "abstain"}
        for word, mark in marks.items():
            print(f"  {word}  {weight(each[mark])}")
