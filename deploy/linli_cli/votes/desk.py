"""How a vote is told to who leads one."""

from typing import Annotated, Any

import typer

from linli_cli.affairs.desk import Desk
from linli_cli.affairs.telling import square_metres
from linli_cli.terminal.language import say, sentence, term
from linli_cli.terminal.times import local, second

VoteId = Annotated[str, typer.Argument(metavar="VOTE", help="As `linli vote list` names them.")]
Owner = Annotated[str, typer.Argument(metavar="OWNER", help="As `linli register owners` names them.")]
STATES = {
    "prepared": "vote prepared",
    "noticed": "notice posted",
    "open": "ballots are taken",
    "closed": "ballots are closed",
    "counted": "count certified",
    "declared": "result declared",
    "published": "result posted",
    "voided": "vote void",
}
TIMES = {
    "opens_from": sentence("It can be opened from {time} on."),
    "closes_at": sentence("Ballots are taken until {time}."),
    "post_by": sentence("The result is to be posted by {time}."),
    "challenge_until": sentence("It can be challenged until {time}."),
}
GROUNDS = {
    "notice": "its notice",
    "register": "its register",
    "ballot": "a ballot",
    "proxy": "a proxy",
    "count": "its count",
    "rights": "the owners' rights",
    "procedure": "its procedure",
}
EFFECTS = {"decision": "a decision", "consultation": "a consultation"}


def tell(found: dict[str, Any]) -> None:
    """Where it stands, what its times are, and what is said against it."""
    print(say("Vote {vote}: {stands}", vote=found["id"], stands=term(STATES[found["state"]])))
    if terms := found["terms"]:
        said = {"effect": term(EFFECTS[terms["effect"]]), "snapshot": terms["snapshot_id"]}
        print(say("It is {effect}, of the list {snapshot}.", **said))
    for name, words in TIMES.items():
        if found[name]:
            print(say(words, time=second(local(found[name]))))
    if found["certified"]:
        print(say("{count} tellers have found the same numbers.", count=len(found["certified"])))
    for id, each in found["challenges"].items():
        outcome = {None: say("to be settled"), True: say("upheld"), False: say("dismissed")}[each["upheld"]]
        said = {"id": id, "ground": term(GROUNDS[each["ground"]]), "outcome": outcome}
        print(say("Challenge {id} ({ground}): {outcome}", **said))


VOTES = Desk("/v1/votes", tell)


def weight(of: dict[str, int]) -> str:
    """By both bases that count."""
    return say("{heads} owners, {area}", heads=of["heads"], area=square_metres(of["area"]))
