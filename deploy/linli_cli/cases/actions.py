"""What can be done with a case, and what has to be said with it: an action's options, and the body that is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from linli.contracts.kinds import Kind
from linli.contracts.neighbourhood.deliberations_parties import MayCommit
from linli.contracts.workflow.actions import ACTIONS
from linli.contracts.workflow.case import Waiting
from linli_cli.terminal.errors import UsageFault
from linli_cli.terminal.language import say, sentence

NOTHING = "-"
"""Said of a place, a category … that the case does not have after all."""


class Action(StrEnum):
    """The actions of workflow's API, and two names by which people look for one of them."""

    ACCEPT = "accept"
    RETURN = "return"
    SEND_BACK = "send_back"
    PROGRESS = "progress"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    REASSIGN = "reassign"
    PAUSE = "pause"
    RESUME = "resume"
    NOTE = "note"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    CORRECT = "correct"
    RECATEGORISE = "recategorise"
    RELOCATE = "relocate"

    @property
    def sent(self) -> str:
        """As the API calls it."""
        return Action.CORRECT.value if self in PUTS_RIGHT else self.value


PUTS_RIGHT = {
    Action.CORRECT: ("kind", "title", "neighbourhood", "category", "place", "at"),
    Action.RECATEGORISE: ("kind", "category"),
    Action.RELOCATE: ("neighbourhood", "place", "at"),
}
"""What each puts right, by option."""


@dataclass(frozen=True)
class Options:
    """What was said with an action; the names are those of the command's options and of a file's columns."""

    by: str | None = None
    message: str | None = None
    reason: str | None = None
    to: str | None = None
    waiting_for: str | None = None
    evidence: tuple[str, ...] = ()
    into: str | None = None
    part: tuple[str, ...] = ()
    kind: str | None = None
    title: str | None = None
    neighbourhood: str | None = None
    category: str | None = None
    place: str | None = None
    at: str | None = None
    reroute: bool = False
    new_deadlines: bool = False
    promise: str | None = None


FIELDS = {"to": "party", "part": "parts", "at": "location"}
"""What the API calls it, where that is not the option's name."""
LACKING = {
    "reason": sentence("`{action}` needs --reason."),
    "message": sentence("`{action}` needs --message: the answer that the reporter gets."),
    "to": sentence("`{action}` needs --to PARTY."),
    "waiting_for": sentence("`{action}` needs --waiting-for."),
    "into": sentence("`{action}` needs --into CASE."),
    "part": sentence("`{action}` needs --part PARTY=TEXT at least twice."),
}
"""What is said when an option is missing without which the action cannot be done."""


def body_with(action: Action, options: Options) -> dict[str, Any]:
    """What is sent: what the action's body (`linli.contracts.workflow.actions`) has room for, and asks for.

    Raises UsageFault for an option that is missing or does not belong to the action.
    """
    given = {
        each.name: value for each in fields(options) if (value := getattr(options, each.name)) not in (None, (), False)
    }
    _no_foreign(action, given)
    _none_lacking(action, given)
    return {FIELDS.get(name, name): _sent(name, value) for name, value in given.items()}


def _no_foreign(action: Action, given: Mapping[str, Any]) -> None:
    room = ACTIONS[action.sent].model_fields
    if "reason" in room and "message" in given:
        raise UsageFault(say("`{action}` says its words in --reason; it takes no --message.", action=action))
    if "reason" not in room and "reason" in given:
        raise UsageFault(say("`{action}` takes no --reason, but --message.", action=action))
    others = set(PUTS_RIGHT[Action.CORRECT]).difference(PUTS_RIGHT.get(action, ()))
    if foreign := next((name for name in given if name in others or FIELDS.get(name, name) not in room), None):
        raise UsageFault(say("`{action}` takes no {foreign}.", action=action, foreign=option(foreign)))


def _none_lacking(action: Action, given: Mapping[str, Any]) -> None:
    room = ACTIONS[action.sent].model_fields
    for name, lacking in LACKING.items():
        field = room.get(FIELDS.get(name, name))
        if field and field.is_required() and not str(given.get(name, "")).strip():
            raise UsageFault(say(lacking, action=action))
    if len(given.get("part", "two")) < 2:
        raise UsageFault(say(LACKING["part"], action=action))
    if action is Action.NOTE and not given.get("message"):
        raise UsageFault(say("`note` needs --message."))
    if mine := PUTS_RIGHT.get(action):
        anew = action is Action.CORRECT and given.keys() & {"reroute", "new_deadlines"}
        if not given.keys() & set(mine) and not anew:
            raise UsageFault(say("`{action}` needs one of {mine}.", action=action, mine=", ".join(map(option, mine))))


def _sent(name: str, value: Any) -> Any:
    """An option's value as it is sent. Raises UsageFault for one that there is not."""
    match name:
        case "waiting_for" if value not in set(Waiting):
            raise UsageFault(
                say(
                    "A case does not wait for {waiting_for}, but for one of {waiting}.",
                    waiting_for=value[:40],
                    waiting=", ".join(Waiting),
                )
            )
        case "kind" if value not in set(Kind):
            raise UsageFault(
                say("There is no kind {kind}; there are: {kinds}.", kind=value[:40], kinds=", ".join(Kind))
            )
        case "title" if value == NOTHING:
            raise UsageFault(say("A case has a title."))
        case "evidence":
            return list(value)
        case "part":
            return [_part(each) for each in value]
        case "neighbourhood" | "category" | "place" | "at" if value == NOTHING:
            return None
        case "at":
            return _point(value)
        case "promise":
            return _promise(value)
        case _:
            return value


def _part(part: str) -> dict[str, str]:
    party, _, text = part.partition("=")
    if not (party and text):
        raise UsageFault(say("--part {wrong} is not PARTY=TEXT.", wrong=part))
    return {"party": party.strip(), "message": text.strip()}


def _promise(text: str) -> dict[str, Any]:
    """`works:2027-06-30`, of money with the sum in fen: `money:2027-06-30:500000`."""
    kind, _, rest = text.replace("：", ":").partition(":")
    due, _, fen = rest.partition(":")
    try:
        promise: dict[str, Any] = {"kind": MayCommit(kind), "due": date.fromisoformat(due).isoformat()}
        return promise | ({"fen": int(fen)} if fen else {})
    except ValueError as error:
        raise UsageFault(
            say(
                "--promise {said} is not KIND:DAY or KIND:DAY:FEN; the kinds are: {kinds}.",
                said=text[:40],
                kinds=", ".join(MayCommit),
            )
        ) from error


def option(name: str) -> str:
    """`--new-deadlines`"""
    return f"--{name.replace('_', '-')}"


def _point(text: str) -> dict[str, float]:
    try:
        lon, lat = map(float, text.replace("，", ",").split(","))
    except ValueError as error:
        raise UsageFault(say("--at {said} is no LON,LAT such as 120.405,36.105.", said=text[:40])) from error
    return {"lon": lon, "lat": lat}
