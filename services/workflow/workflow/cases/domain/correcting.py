"""A case is put right: what it is about, and where. What its reporter said stays beside it. 更正"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from linli.contracts import case as events
from linli.contracts.case import CaseEvent, CaseState
from linli.web.said import Said, listed, no_category, no_neighbourhood, not_meant, word
from workflow.cases.domain.action import Command, NotAllowed
from workflow.cases.domain.case import BEING_DEALT_WITH, Case, Particulars, Step, case_event, dates, moved, particulars
from workflow.cases.domain.clock import owed_from_now
from workflow.cases.domain.pausing import unpaused
from workflow.cases.domain.routing import Assignment, route
from workflow.community.domain.directory import Directory

NAMES = tuple(each.name for each in fields(Particulars))
OF_PLACES = frozenset({"place", "location", "title"})
"""What an erasure takes away, and nobody writes again."""


class NotCorrectable(NotAllowed):
    """It cannot be put right so; the message says why."""

    def __init__(self, said: str) -> None:
        Exception.__init__(self, said)


class AsItIs(NotCorrectable):
    """Everything is so already."""

    def __init__(self) -> None:
        super().__init__(
            Said("The case is like that already; there is nothing to put right.", "事项已经是这样，没有要更正的。")
        )


@dataclass(frozen=True)
class Unknown(Exception):
    """A neighbourhood or category that the community does not have, or a category that is not for this kind."""

    slug: str
    field: str
    said: Said


def correct(case: Case, command: Command, by: str, directory: Directory, now: datetime) -> Step:
    """The case as it is put right. Raises `NotCorrectable`, `Unknown`.

    Where it is to be routed anew and the rules send it to another party, what follows says so (`cascade.consequences`);
    where they do not, the party that has it gets the deadlines anew.
    """
    anew = command.reroute or command.new_deadlines
    if anew and case.state not in BEING_DEALT_WITH:
        said = "A case that is {state} is neither routed anew nor given new deadlines."
        raise NotCorrectable(Said(said, "事项现在“{state}”，不能重新分派或重算时限。", state=word(case.state)))
    if command.reroute and case.family.part_of:
        raise NotCorrectable(Said("A part goes to whom a person named; reassign it.", "分办给谁由人指定，请改派。"))
    changed = _changed(case, command.correction or {}, directory)
    if not changed and not anew:
        raise AsItIs
    after = replace(put_right(case, changed), version=case.version + 1, updated_at=now)
    rerouted = command.reroute and goes_elsewhere(after, directory)
    told: dict[str, Any] = {"rerouted": rerouted}
    if anew and not rerouted:
        after, told = _owed_anew(after, directory, now)
    return after, _told(case, after, changed, told | {"by": by, "message": command.message})


def put_right_too(part: Case, whole: events.CaseCorrected, now: datetime) -> Step | None:
    """A part of what was put right, as far as it had that from the whole; None where it had not."""
    had = {name: getattr(whole, f"was_{name}") for name in whole.changed}
    changed: dict[str, Any] = {name: getattr(whole, name) for name, was in had.items() if getattr(part, name) == was}
    if not changed or part.erased_at:
        return None
    after = put_right(moved(part, part.state, now), changed)
    return after, _told(part, after, changed, {"by": whole.by, "message": whole.message})


def put_right(case: Case, changed: Mapping[str, Any]) -> Case:
    """The case with what is changed, and with what its reporter said and what the rules saw kept beside it."""
    if not changed:
        return case
    before = particulars(case)
    return replace(case, **changed, reported=case.reported or before, as_routed=case.as_routed or before)


def goes_elsewhere(case: Case, directory: Directory) -> bool:
    """Whether the rules, asked now, name another party than the one that has it."""
    outcome = route(case.facts(directory), directory)
    if isinstance(outcome, Assignment):
        return outcome.party.id != case.party or case.state in {CaseState.TRIAGE, CaseState.RETURNED}
    return case.state is not CaseState.TRIAGE


def _owed_anew(case: Case, directory: Directory, now: datetime) -> tuple[Case, dict[str, Any]]:
    """The same party owes it from now on, by the rule that fits what it is now; a pause is over."""
    outcome = route(case.facts(directory), directory)
    rule = outcome.rule if isinstance(outcome, Assignment) else None
    clock = owed_from_now(case.state, rule, directory, now, case.party)
    after = replace(unpaused(case, directory, now), rule=rule.id if rule else None, clock=clock)
    return after, {"rule": after.rule, **dates(after)}


def _changed(case: Case, correction: Mapping[str, Any], directory: Directory) -> dict[str, Any]:
    """What differs of what is said. A point without a neighbourhood is located by outline, as at first."""
    said = dict(correction)
    if said.get("location") and "neighbourhood" not in said and (found := directory.locate(said["location"])):
        said["neighbourhood"] = found
    changed = {name: value for name, value in said.items() if value != getattr(case, name)}
    if case.erased_at and (gone := sorted(OF_PLACES & changed.keys())):
        why = "What was written in the case was erased; {gone} stays empty."
        raise NotCorrectable(
            Said(why, "事项的文字已删除；{gone}不能再填写。", gone=listed([word(name) for name in gone]))
        )
    _known(replace(case, **changed), changed, directory)
    return changed


def _known(after: Case, changed: Mapping[str, Any], directory: Directory) -> None:
    community = directory.community
    if changed.get("neighbourhood") and not directory.has_neighbourhood(changed["neighbourhood"]):
        raise Unknown(
            "unknown_neighbourhood", "neighbourhood", no_neighbourhood(community.id, changed["neighbourhood"])
        )
    if after.category is None or not {"category", "kind"} & changed.keys():
        return
    category = next((each for each in community.categories if each.id == after.category), None)
    if category is None and "category" in changed:
        raise Unknown("unknown_category", "category", no_category(community.id, after.category))
    if category and category.kinds and after.kind not in category.kinds:
        raise Unknown("category_kind_mismatch", "category", not_meant(category.id, after.kind, category.kinds))


def _told(case: Case, after: Case, changed: Mapping[str, Any], said: Mapping[str, Any]) -> CaseEvent:
    before = {f"was_{name}": getattr(case, name) for name in changed}
    where = {"place": after.place, "location": after.location}
    in_order = tuple(name for name in NAMES if name in changed)
    return case_event(events.CaseCorrected, after, changed=in_order, **where, **before, **said)
