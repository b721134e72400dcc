"""What somebody may do with a case now: each action is decided with the least that can be said to it, and forgotten."""

from collections.abc import Mapping
from datetime import datetime

from linli.contracts.workflow.actions import ACTIONS
from linli.contracts.workflow.case import Waiting
from linli.frozen import replace
from linli.security.principals import Principal
from workflow.cases.domain.access import decides, may
from workflow.cases.domain.action import Action, Command, NotAllowed, PartWanted, UnknownParty
from workflow.cases.domain.cascade import decide
from workflow.cases.domain.case import Case
from workflow.cases.domain.correcting import AsItIs
from workflow.cases.domain.family import ALONE
from workflow.cases.domain.follow_up import refusal
from workflow.community.domain.directory import Directory

ANOTHER = "another"
"""The id of a case that this one could be merged into: one like it, and alone."""


def possible(
    case: Case, who: Principal, family: Mapping[str, Case], directory: Directory, now: datetime
) -> list[Action]:
    """The actions that are not refused for what the case is, to somebody who sees it; in the order of `ACTIONS`."""
    cases = {**family, case.id: case, ANOTHER: replace(case, id=ANOTHER, family=ALONE)}
    those = [Action(name) for name in ACTIONS]
    return [each for each in those if may(who, each, case) and _stands(each, case, who, cases, directory, now)]


def may_be_rated(case: Case, who: Principal, now: datetime) -> bool:
    """Whether who asks may write down how it was, as the reporter says it on the telephone."""
    return refusal(case, now) is None and decides(who, case)


def _stands(
    action: Action, case: Case, who: Principal, cases: Mapping[str, Case], directory: Directory, now: datetime
) -> bool:
    try:
        decide(case, _least(action, who, directory), cases, directory, now)
    except AsItIs:  # nothing was put right; something could be
        return True
    except (NotAllowed, UnknownParty):
        return False
    return True


def _least(action: Action, who: Principal, directory: Directory) -> Command:
    triage = directory.triage.id
    return Command(
        action=action,
        by=who.party,
        message="-",
        party=(who.party or triage) if action is Action.REASSIGN else None,
        waiting_for=Waiting.OTHER if action is Action.PAUSE else None,
        into=ANOTHER if action is Action.MERGE else None,
        parts=(PartWanted("1", triage, "-"), PartWanted("2", triage, "-")) if action is Action.SPLIT else (),
    )
