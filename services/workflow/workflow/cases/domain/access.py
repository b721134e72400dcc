"""Which cases a principal sees, and what it may do with them.

An operator may see and do everything; a party, what is in its part of the tree. Cases of a party that no longer exists
are seen and reassigned by the triage desk.
"""

from dataclasses import dataclass

from linli.contracts.workflow.case import CaseState
from linli.security.permissions import Role
from linli.security.principals import Principal
from workflow.cases.domain.action import Action, Command
from workflow.cases.domain.case import Case
from workflow.community.domain.directory import Directory

DECISIONS = frozenset(
    {
        *(Action.REASSIGN, Action.SEND_BACK, Action.CLOSE, Action.REOPEN),
        *(Action.MERGE, Action.UNMERGE, Action.SPLIT, Action.CORRECT),
    }
)
"""Not for the party that does the work: for the node above it, or an operator."""
AWAITING_DECISION = frozenset({CaseState.TRIAGE, CaseState.RETURNED})
"""Whoever holds a case that stands so is the one who decides: the triage desk, the node above who handed it back."""


def sees(who: Principal, case: Case, directory: Directory | None) -> bool:
    """Whether a case exists for this principal: for a party, while it or one below it in the tree answers for it."""
    if who.role is not Role.PARTY:
        return True
    return (
        directory is not None
        and who.party is not None
        and who.community == case.community
        and directory.responsible(case.party).id in directory.below(who.party)
    )


def may(who: Principal, action: Action, case: Case) -> bool:
    """Whether somebody who sees a case may do this with it."""
    return action not in DECISIONS or decides(who, case)


def decides(who: Principal, case: Case) -> bool:
    """Whether somebody who sees a case stands above the party that does the work."""
    return who.role is not Role.PARTY or case.party != who.party or case.state in AWAITING_DECISION


def oversees(party: str, command: Command, case: Case, directory: Directory) -> bool:
    """Whether whom a case is given to lies in this party's part of the tree, so that the giver keeps sight of it.

    The triage desk gives what no rule has sent anywhere to whoever it concerns.
    """
    below = directory.below(party)
    if command.action is not Action.REASSIGN or command.party is None or command.party in below:
        return True
    return case.state is CaseState.TRIAGE and directory.triage.id in below


def doer(action: Action, case: Case) -> str:
    """In whose name it is done when nobody is named.

    An operator writes down what the responsible party did. What that party may not decide, the operator has decided.
    """
    theirs = action not in DECISIONS or case.state in AWAITING_DECISION
    return (case.party if theirs else None) or "operator"


@dataclass(frozen=True, slots=True)
class Parties:
    """Some parties of a community; with `all_but`, all others, those included that there are no more."""

    ids: frozenset[str]
    all_but: bool = False

    def __contains__(self, party: str) -> bool:
        return (party in self.ids) is not self.all_but


def seen_parties(who: Principal, directory: Directory | None) -> Parties | None:
    """The parties whose cases a principal sees; None for all of all communities."""
    if who.role is not Role.PARTY:
        return None
    below = directory.below(who.party or "") if directory else frozenset()
    if directory and directory.triage.id in below:
        return Parties(directory.ids - below, all_but=True)
    return Parties(below)
