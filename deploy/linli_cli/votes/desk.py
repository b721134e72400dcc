"""How a vote is told to who leads one."""

from typing import Annotated, Any

import typer

from linli_cli.affairs.desk import Desk
from linli_cli.affairs.telling import square_metres
from linli_cli.terminal.language import say, term
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
EFFECTS = {"decision": "a decision", "consultation": "a consultation"}


def tell(found: dict[str, Any]) -> None:
    """Where it stands, what its times are, and what is said against it."""
    print(say("Vote {vote}: {stands}", vote=found["id"], stands=term(STATES[found["state"]])))
    if terms := found["terms"]:
        print(say("It is {effect}, of the list {snapshot}.", effect=term(EFFECTS[terms["effect"]]), **_frozen(terms)))
    times = {
        "opens_from": say("It can be opened from {time} on."),
        "closes_at": say("Ballots are taken until {time}."),
        "post_by": say("The result is to be posted by {time}."),
        "challenge_until": say("It can be challenged until {time}."),
    }
    for name, sentence in times.items():
        if found[name]:
            print(sentence.format(time=second(local(found[name]))))
    if found["certified"]:
        print(say("{count} tellers have found the same numbers.", count=len(found["certified"])))
    for id, each in found["challenges"].items():
        outcome = {None: say("to be settled"), True: say("upheld"), False: say("dismissed")}[each["upheld"]]
        print(say("Challenge {id} ({ground}): {outcome}", id=id, ground=each["ground"], outcome=outcome))


VOTES = Desk("/v1/votes", tell)


def weight(of: dict[str, int]) -> str:
    """By both bases that count."""
    return say("{heads} owners, {area}", heads=of["heads"], area=square_metres(of["area"]))


def _frozen(terms: dict[str, Any]) -> dict[str, str]:
    return {"snapshot": terms["snapshot_id"]}
