"""Correcting what a case is about, and where. The reporter's version is kept beside it. 更正"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseEvent, CaseState
from linli.frozen import replace
from linli.web.localized import Localized, listed, no_category, no_neighbourhood, not_meant, word
from workflow.cases.domain.action import Command, NotAllowed
from workflow.cases.domain.case import BEING_DEALT_WITH, Case, Step, case_event, dates, moved
from workflow.cases.domain.clock import owed_from_now
from workflow.cases.domain.particulars import (
    NAMES,
    Correction,
    Particulars,
    different,
    kept_beside,
    put_right,
    with_those,
)
from workflow.cases.domain.pausing import unpaused
from workflow.cases.domain.routing import Assignment, route
from workflow.community.domain.directory import Directory

OF_PLACES = frozenset({"place", "location", "title"})
"""What an erasure takes away, and nobody writes again."""


class NotCorrectable(NotAllowed):
    """It cannot be put right so; the message says why."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)


class AsItIs(NotCorrectable):
    """Everything is so already."""

    def __init__(self) -> None:
        super().__init__(
            Localized("The case is like that already; there is nothing to put right.", "事项已经是这样，没有要更正的。")
        )


@dataclass(frozen=True)
class Unknown(Exception):
    """A neighbourhood or category that the community does not have, or a category that is not for this kind."""

    slug: str
    field: str
    message: Localized


def correct(case: Case, command: Command, by: str, directory: Directory, now: datetime) -> Step:
    """The case as it is put right. Raises `NotCorrectable`, `Unknown`.

    Where it is to be routed anew and the rules send it to another party, what follows says so (`cascade.consequences`);
    where they do not, the party that has it gets the deadlines anew.
    """
    anew = command.reroute or command.new_deadlines
    if anew and case.state not in BEING_DEALT_WITH:
        english = "A case that is {state} is neither routed anew nor given new deadlines."
        raise NotCorrectable(Localized(english, "事项现在“{state}”，不能重新分派或重算时限。", state=word(case.state)))
    if command.reroute and case.family.part_of:
        raise NotCorrectable(
            Localized("A part goes to whom a person named; reassign it.", "分办给谁由人指定，请改派。")
        )
    about = _put_right(case, command.correction or {}, directory)
    changed = different(case.about, about)
    if not changed and not anew:
        raise AsItIs
    after = with_particulars(moved(case, case.state, now), about)
    rerouted = command.reroute and goes_elsewhere(after, directory)
    fields: dict[str, Any] = {"rerouted": rerouted}
    if anew and not rerouted:
        after, fields = _owed_anew(after, directory, now)
    return after, _corrected_event(case, after, changed, fields | {"by": by, "message": command.message})


def put_right_too(part: Case, whole: events.CaseCorrected, now: datetime) -> Step | None:
    """Corrects a part with its whole, where it inherited the value; None where it did not."""
    had = {name for name in whole.changed if getattr(part.about, name) == getattr(whole, f"was_{name}")}
    if not had or part.erased_at:
        return None
    is_now = Particulars(whole.kind, whole.title, whole.neighbourhood, whole.category, whole.place, whole.location)
    after = with_particulars(moved(part, part.state, now), with_those(part.about, is_now, had))
    in_order = tuple(name for name in NAMES if name in had)
    return after, _corrected_event(part, after, in_order, {"by": whole.by, "message": whole.message})


def with_particulars(case: Case, about: Particulars) -> Case:
    """The case as it is put right, with what its reporter said and what the rules saw kept beside it."""
    if about == case.about:
        return case
    return replace(case, about=about, originals=kept_beside(case.originals, case.about))


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


def _put_right(case: Case, correction: Correction, directory: Directory) -> Particulars:
    """What it is about then. A point without a neighbourhood is located by outline, as at first."""
    given, location = correction, correction.get("location")
    if location and "neighbourhood" not in given and (found := directory.locate(location)):
        given = {**given, "neighbourhood": found}
    about = put_right(case.about, given)
    changed = different(case.about, about)
    if case.erased_at and (gone := sorted(OF_PLACES.intersection(changed))):
        why = "What was written in the case was erased; {gone} stays empty."
        raise NotCorrectable(
            Localized(why, "事项的文字已删除；{gone}不能再填写。", gone=listed([word(name) for name in gone]))
        )
    _known(about, changed, directory)
    return about


def _known(about: Particulars, changed: Sequence[str], directory: Directory) -> None:
    community, neighbourhood = directory.community, about.neighbourhood
    if "neighbourhood" in changed and neighbourhood and not directory.has_neighbourhood(neighbourhood):
        raise Unknown("unknown_neighbourhood", "neighbourhood", no_neighbourhood(community.id, neighbourhood))
    if about.category is None or not {"category", "kind"}.intersection(changed):
        return
    category = next((each for each in community.categories if each.id == about.category), None)
    if category is None and "category" in changed:
        raise Unknown("unknown_category", "category", no_category(community.id, about.category))
    if category and category.kinds and about.kind not in category.kinds:
        raise Unknown("category_kind_mismatch", "category", not_meant(category.id, about.kind, category.kinds))


def _corrected_event(case: Case, after: Case, changed: Sequence[str], fields: Mapping[str, Any]) -> CaseEvent:
    before = {f"was_{name}": getattr(case.about, name) for name in changed}
    where = {"place": after.about.place, "location": after.about.location}
    return case_event(events.CaseCorrected, after, changed=tuple(changed), **where, **before, **fields)
