"""A plan, and how each event changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import TypeAlias

from linli.contracts.neighbourhood import plans as events
from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.plan_text import PlanItem, VersionText
from linli.contracts.neighbourhood.plans import ObjectionOutcome, PlanEvent, PlanStage
from linli.frozen import replace
from neighbourhood.refusal import Refusal


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """The plan as it read when it was frozen."""

    text: VersionText
    digest: str
    frozen_at: datetime

    @property
    def number(self) -> int:
        return self.text.number

    @property
    def estimate(self) -> int:
        """Fen."""
        return sum(each.estimate for each in self.text.items)

    @property
    def outcomes(self) -> Mapping[str, tuple[str, ...] | Wording]:
        """What becomes of each demand: the items that answer it, or why none does."""
        found: dict[str, tuple[str, ...] | Wording] = {each.demand: each.reason for each in self.text.declined}
        for demand in {demand for item in self.text.items for demand in item.demands}:
            found[demand] = tuple(item.id for item in self.text.items if demand in item.demands)
        return found


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody has against a version."""

    household: str
    number: int
    """Of that version."""
    item: str | None
    words: str
    """Their hash."""
    filed_at: datetime
    outcome: ObjectionOutcome | None = None
    answer: Wording | None = None
    withdrawn: bool = False

    @property
    def open(self) -> bool:
        return self.outcome is None and not self.withdrawn


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done in a neighbourhood. `version` is the number of events in its story."""

    id: str
    community: str
    neighbourhood: str
    title: Wording
    replaces: str | None = None
    stage: PlanStage = PlanStage.DRAFTING
    demands: frozenset[str] = frozenset()
    """Those that it owes an answer to."""
    items: Mapping[str, PlanItem] = field(default_factory=dict)
    """In the order in which they were written first."""
    declined: Mapping[str, Wording] = field(default_factory=dict)
    versions: tuple[PlanVersion, ...] = ()
    changed: bool = True
    """Since the newest version was frozen."""
    publicity: str | None = None
    """The notice that the newest version hangs by."""
    objections: Mapping[str, Objection] = field(default_factory=dict)
    finalised_at: datetime | None = None
    replaced_by: str | None = None
    version: int = 0

    @property
    def cited(self) -> frozenset[str]:
        return frozenset(demand for item in self.items.values() for demand in item.demands)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Demands that no item cites and that are not declined."""
        return tuple(sorted(self.demands - self.cited - self.declined.keys()))

    @property
    def frozen(self) -> PlanVersion | None:
        """The version that the plan reads as now; None once anything has changed since."""
        return None if self.changed or not self.versions else self.versions[-1]


Decision: TypeAlias = tuple[PlanEvent, ...] | Refusal


def evolve(plan: Plan | None, event: PlanEvent) -> Plan:
    """The plan after an event of its story."""
    if isinstance(event, events.PlanDrafted):
        return Plan(event.plan_id, event.community, event.neighbourhood, event.title, event.replaces, version=1)
    assert plan is not None, f"{event.TYPE} comes after the plan was drafted"
    after = replace(plan, version=plan.version + 1)
    return _text(after, event) or _objections(after, event) or _way(after, event)


def _text(plan: Plan, event: PlanEvent) -> Plan | None:
    """What it says. Whatever changes in that, no version is what it reads as, and nothing that hangs is it."""
    edited = replace(plan, stage=PlanStage.DRAFTING, changed=True, publicity=None)
    match event:
        case events.PlanDemandsTaken():
            return replace(edited, demands=plan.demands.union(event.demands))
        case events.PlanItemWritten():
            return replace(edited, items={**plan.items, event.item.id: event.item})
        case events.PlanItemRemoved():
            return replace(edited, items={id: each for id, each in plan.items.items() if id != event.item})
        case events.DemandDeclined():
            return replace(edited, declined={**plan.declined, event.demand: event.reason})
        case events.DemandReconsidered():
            left = {demand: reason for demand, reason in plan.declined.items() if demand != event.demand}
            return replace(edited, declined=left)
        case _:
            return None


def _objections(plan: Plan, event: PlanEvent) -> Plan | None:
    match event:
        case events.PlanObjectionFiled():
            filed = Objection(event.household, event.number, event.item, event.text_hash, event.at)
            return replace(plan, objections={**plan.objections, event.objection: filed})
        case events.PlanObjectionAnswered():
            answered = replace(plan.objections[event.objection], outcome=event.outcome, answer=event.answer)
            return replace(plan, objections={**plan.objections, event.objection: answered})
        case events.PlanObjectionWithdrawn():
            gone = replace(plan.objections[event.objection], withdrawn=True)
            return replace(plan, objections={**plan.objections, event.objection: gone})
        case _:
            return None


def _way(plan: Plan, event: PlanEvent) -> Plan:
    match event:
        case events.PlanVersionFrozen():
            frozen = PlanVersion(event.text, event.digest, event.at)
            return replace(plan, versions=(*plan.versions, frozen), changed=False)
        case events.PlanNoticed():
            return replace(plan, stage=PlanStage.NOTICED, publicity=event.publicity)
        case events.PlanFinalised():
            return replace(plan, stage=PlanStage.FINALISED, finalised_at=event.at)
        case events.PlanSuperseded():
            return replace(plan, stage=PlanStage.SUPERSEDED, replaced_by=event.replaced_by)
        case _:
            raise AssertionError(f"{event.TYPE} is no event of a plan")


def replayed(story: Iterable[PlanEvent]) -> Plan | None:
    """The plan that a whole story leads to."""
    return reduce(evolve, story, None)
