"""What can be done with a case, and what has to be said with it: an action's options, and the body that is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from linli.contracts.kinds import Kind
from linli.contracts.workflow.case import Waiting
from linli_cli.terminal.errors import UsageFault
from linli_cli.terminal.tongue import say

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


def body_with(action: Action, said: Options) -> dict[str, Any]:
    """What is sent. Raises UsageFault for an option that is missing or does not belong to the action."""
    body = body_of(action, said.by, said.message, said.reason, said.to, said.waiting_for, said.evidence)
    return body | about_others(action, said.into, said.part) | put_right(action, said)


def body_of(
    action: Action,
    by: str | None,
    message: str | None,
    reason: str | None,
    to: str | None,
    waiting_for: str | None = None,
    evidence: Sequence[str] | None = None,
) -> dict[str, Any]:
    """What is sent with an action on one case. Raises UsageFault as `body_with` does."""
    with_reason = action is Action.RETURN or action in PUTS_RIGHT
    if with_reason != (reason is not None):
        raise UsageFault(
            say("`{action}` needs --reason.", action=action)
            if reason is None
            else say("`{action}` takes no --reason, but --message.", action=action)
        )
    if (action is Action.REASSIGN) != (to is not None):
        raise UsageFault(
            say("`reassign` needs --to PARTY.") if to is None else say("`{action}` takes no --to.", action=action)
        )
    if with_reason and message is not None:
        raise UsageFault(say("`{action}` says its words in --reason; it takes no --message.", action=action))
    if action is not Action.RETURN and evidence:
        raise UsageFault(say("`{action}` takes no --evidence.", action=action))
    if (action is Action.PAUSE) != (waiting_for is not None):
        raise UsageFault(
            say("`pause` needs --waiting-for.")
            if waiting_for is None
            else say("`{action}` takes no --waiting-for.", action=action)
        )
    if waiting_for is not None and waiting_for not in set(Waiting):
        raise UsageFault(
            say(
                "A case does not wait for {waiting_for}, but for one of {waiting}.",
                waiting_for=waiting_for[:40],
                waiting=", ".join(Waiting),
            )
        )
    if action is Action.RESOLVE and not (message or "").strip():
        raise UsageFault(say("`resolve` needs --message: the answer that the reporter gets."))
    if action is Action.NOTE and not message:
        raise UsageFault(say("`note` needs --message."))
    said: dict[str, Any] = {"by": by, "message": message, "reason": reason, "party": to, "waiting_for": waiting_for}
    said["evidence"] = list(evidence) if evidence else None
    return {name: value for name, value in said.items() if value is not None}


def about_others(action: Action, into: str | None, parts: Sequence[str]) -> dict[str, Any]:
    """What is sent with an action that concerns other cases. Raises UsageFault as `body_with` does."""
    if (action is Action.MERGE) != (into is not None):
        raise UsageFault(
            say("`merge` needs --into CASE.") if into is None else say("`{action}` takes no --into.", action=action)
        )
    if action is not Action.SPLIT and parts:
        raise UsageFault(say("`{action}` takes no --part.", action=action))
    if action is Action.SPLIT and len(parts) < 2:
        raise UsageFault(say("`split` needs --part PARTY=TEXT at least twice."))
    said = [part.partition("=") for part in parts]
    if wrong := next((part for part, (party, _, text) in zip(parts, said, strict=True) if not (party and text)), None):
        raise UsageFault(say("--part {wrong} is not PARTY=TEXT.", wrong=wrong))
    divided = [{"party": party.strip(), "message": text.strip()} for party, _, text in said]
    return {"into": into} if into else {"parts": divided} if divided else {}


def put_right(action: Action, said: Options) -> dict[str, Any]:
    """What is sent to put a case right; `-` takes a value away. Raises UsageFault as `body_with` does."""
    named = {name: getattr(said, name) for name in PUTS_RIGHT[Action.CORRECT] if getattr(said, name) is not None}
    anew = {name: True for name in ("reroute", "new_deadlines") if getattr(said, name)}
    mine = PUTS_RIGHT.get(action, ())
    if foreign := next((name for name in (*named, *anew) if not mine or (name in named and name not in mine)), None):
        raise UsageFault(say("`{action}` takes no {foreign}.", action=action, foreign=option(foreign)))
    if not mine:
        return {}
    if not named and not (anew and action is Action.CORRECT):
        raise UsageFault(say("`{action}` needs one of {mine}.", action=action, mine=", ".join(map(option, mine))))
    if "kind" in named and named["kind"] not in set(Kind):
        raise UsageFault(
            say("There is no kind {kind}; there are: {kinds}.", kind=named["kind"][:40], kinds=", ".join(Kind))
        )
    if named.get("title") == NOTHING:
        raise UsageFault(say("A case has a title."))
    body = {name: None if value == NOTHING else value for name, value in named.items()}
    if "at" in body:
        body["location"] = _point(body.pop("at"))
    return body | anew


def option(name: str) -> str:
    """`--new-deadlines`"""
    return f"--{name.replace('_', '-')}"


def _point(said: str | None) -> dict[str, float] | None:
    if said is None:
        return None
    try:
        lon, lat = map(float, said.replace("，", ",").split(","))
    except ValueError as error:
        raise UsageFault(say("--at {said} is no LON,LAT such as 120.405,36.105.", said=said[:40])) from error
    return {"lon": lon, "lat": lat}
