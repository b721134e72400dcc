"""The actions on a case, their allowed states, and reasons for refusal."""

from dataclasses import dataclass
from enum import StrEnum

from linli.contracts.neighbourhood.deliberations_settled import Promise
from linli.contracts.workflow.case import CaseState, Waiting
from linli.web.localized import Localized, listed, word
from workflow.cases.domain.particulars import Correction


class Action(StrEnum):
    """What a person may do with a case."""

    ACCEPT = "accept"
    RETURN = "return"
    SEND_BACK = "send_back"
    PROGRESS = "progress"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    REASSIGN = "reassign"
    NOTE = "note"
    PAUSE = "pause"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    CORRECT = "correct"


S = CaseState
_TAKEN_ON_OR_NOT = (S.TRIAGE, S.DISPATCHED, S.ACCEPTED, S.RETURNED)
_STAYS = {state: state for state in (S.ACCEPTED, S.TRIAGE, S.RETURNED)}
TRANSITIONS: dict[Action, dict[CaseState, CaseState]] = {
    # Whoever is responsible may take it on: the party it was sent to, the triage desk, the node that decides a return.
    Action.ACCEPT: {S.DISPATCHED: S.ACCEPTED, S.TRIAGE: S.ACCEPTED, S.RETURNED: S.ACCEPTED},
    Action.RETURN: {S.DISPATCHED: S.RETURNED, S.ACCEPTED: S.RETURNED},
    Action.SEND_BACK: {S.RETURNED: S.DISPATCHED},
    # Whoever is to decide whose it is need not send it anywhere: what can be answered is answered, or asked back.
    Action.PROGRESS: _STAYS,
    Action.RESOLVE: dict.fromkeys(_STAYS, S.RESOLVED),
    Action.CLOSE: {S.RESOLVED: S.CLOSED},
    Action.REOPEN: {S.RESOLVED: S.DISPATCHED, S.CLOSED: S.DISPATCHED},
    Action.REASSIGN: dict.fromkeys(_TAKEN_ON_OR_NOT, S.DISPATCHED),
    # A pause is no state: the case is being dealt with, and its clock stands still.
    Action.PAUSE: _STAYS,
    Action.RESUME: _STAYS,
    Action.NOTE: {state: state for state in S if state is not S.OPEN},
    # What is known of a case may turn out wrong at any time, also when somebody counts what was done.
    Action.CORRECT: {state: state for state in S if state is not S.OPEN},
    Action.WITHDRAW: dict.fromkeys((*_TAKEN_ON_OR_NOT, S.RESOLVED), S.WITHDRAWN),
}
"""What is done with one case alone; what concerns several is in `merging.py` and `splitting.py`."""


class NotAllowed(Exception):
    """The action is not possible in the case's state."""

    def __init__(self, action: Action, state: CaseState) -> None:
        allowed = listed([word(each) for each in TRANSITIONS.get(action, {})]) or Localized(
            "no state", "任何状态都不可以"
        )
        super().__init__(
            Localized(
                "A case that is {state} cannot be changed by '{action}'; that is possible when: {allowed}.",
                "事项现在“{state}”，不能“{meant}”；可以这样做的状态：{allowed}。",
                **{"state": word(state), "action": action, "meant": word(action), "allowed": allowed},
            )
        )


class ClockAlready(NotAllowed):
    """A paused case cannot be paused, nor a running one resumed."""

    def __init__(self, stands: bool) -> None:
        already = Localized("The case is paused already.", "事项已经挂起。")
        Exception.__init__(self, already if stands else Localized("The case is not paused.", "事项没有挂起。"))


class Late(NotAllowed):
    """A case of which a deadline has been missed cannot be paused: that would keep it from going up."""

    def __init__(self) -> None:
        late = "A deadline of the case has been missed; what is late cannot be paused."
        Exception.__init__(self, Localized(late, "事项已有时限超期；超期的不能挂起。"))


class NobodyReturned(NotAllowed):
    """A case that was returned before returns were recorded."""

    def __init__(self) -> None:
        Exception.__init__(
            self, Localized("Who returned the case is not recorded; reassign it.", "没有记下是谁退单的，请改派。")
        )


class Binding(NotAllowed):
    """The case was sent back to the party after it had returned it, and that was the last word."""

    def __init__(self) -> None:
        last = "The case was sent back with binding effect; the party cannot return it again."
        Exception.__init__(self, Localized(last, "上级已裁定由该单位办理，不能再次退单。"))


class NoAnswer(NotAllowed):
    """Resolving requires an answer to the reporter."""

    def __init__(self) -> None:
        Exception.__init__(
            self, Localized("A case is resolved with an answer to the reporter.", "办结时要给反映人一个答复。")
        )


class NoInvitation(NotAllowed):
    """Somebody promises something in a case that invites to no deliberation."""

    def __init__(self) -> None:
        Exception.__init__(self, NO_INVITATION)


class OfOneParty(NotAllowed):
    """An invitation is one party's: in another's hands its promises would be heard as nobody's."""

    def __init__(self) -> None:
        detail = Localized(
            "The case is the invitation of one party to a deliberation; invite another party there.",
            "这是发给一个单位的议事邀请，不能改派、并案或拆分；需要别的单位参加的，请在协商中另行邀请。",
        )
        Exception.__init__(self, detail)


NO_INVITATION = Localized(
    "A promise belongs into the case of an invitation; this one invites to no deliberation.",
    "承诺只能在议事邀请的工单里提出，这一事项不是议事邀请。",
)


class UnknownParty(Exception):
    """The party that is named does not exist in the case's community."""


class UnknownEvidence(Exception):
    """A named photo does not belong to the case."""


@dataclass(frozen=True, slots=True)
class PartWanted:
    """What one party is to do of a case that is split; `id` becomes the part's."""

    id: str
    party: str
    what: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """An action with what was said to it. `party` is where a reassigned case goes, `into` what it is merged with."""

    action: Action
    by: str | None = None
    message: str | None = None
    party: str | None = None
    waiting_for: Waiting | None = None
    evidence: tuple[str, ...] = ()
    """The photos that a return points to, by id."""
    into: str | None = None
    parts: tuple[PartWanted, ...] = ()
    correction: Correction | None = None
    """What is put right; None where it has none."""
    reroute: bool = False
    """The rules are asked anew, by what it is now."""
    new_deadlines: bool = False
    """The party that has it gets the time of the rule that fits what it is now, from now on."""
    promise: Promise | None = None
    """Of an invitation: to what the party commits itself."""
    update_id: str | None = None
    """Of a promise that came by a partner's system: its own name for it."""
