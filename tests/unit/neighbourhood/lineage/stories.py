"""Stories of many contexts for tests, each in order, and a shelf that keeps links as a database would."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.kinds import Kind
from linli.contracts.neighbourhood import actions, plans, rounds, works, works_accepted, works_checked
from linli.contracts.neighbourhood.affairs import Affair, Wording
from linli.contracts.neighbourhood.plan_text import CostShare, ItemCategory, Payer, PlanItem
from linli.contracts.workflow import case as cases
from linli.contracts.workflow.case import CaseState
from neighbourhood.lineage.domain.assembling import assembled
from neighbourhood.lineage.domain.lineage import Lineage
from neighbourhood.lineage.domain.links import Link, newest
from neighbourhood.lineage.domain.reading import links_of
from neighbourhood.lineage.domain.web import wanted
from tests.unit.neighbourhood.works.site import APPOINTED, BEFORE

START = datetime(2026, 3, 2, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PLACE = {"community": "fushan", "neighbourhood": "n-1"}


def says(text: str) -> Wording:
    return Wording(zh=text)


class Stories:
    """What happened, in the order in which it did. `envelopes` has it by story."""

    def __init__(self) -> None:
        self.now = START
        self.counted: Counter[str] = Counter()
        self.envelopes: list[Envelope[Event]] = []

    def tell(self, kind: type[Event], /, **fields: Any) -> "Stories":
        common = {"at": self.now, "by": "p-1"} if issubclass(kind, Affair) else {"by": "p-1"}
        place = {name: value for name, value in PLACE.items() if name in kind.model_fields}
        return self.heard(kind.model_validate(common | place | fields))

    def heard(self, event: Event) -> "Stories":
        self.counted[event.story] += 1
        sequence = self.counted[event.story]
        self.envelopes.append(
            Envelope(event.SOURCE, event.story, sequence, self.now, correlationid=event.story, data=event)
        )
        self.now += MINUTE
        return self

    @property
    def links(self) -> list[Link]:
        return [link for each in self.envelopes for link in links_of(each)]

    def of(self, demand: str) -> Lineage:
        return assembled(demand, self.links)

    # What is usually told, in a word each.

    def case(self, demand: str, kind: type[Event] = cases.CaseAccepted, /, **fields: Any) -> "Stories":
        states = {cases.CaseWithdrawn: CaseState.WITHDRAWN, cases.CaseClosed: CaseState.CLOSED}
        about = {"case_id": demand, "kind": Kind.DEMAND, "title": "诉求", "state": states.get(kind, CaseState.ACCEPTED)}
        return self.tell(kind, **(about | fields))

    def clustered(self, cluster: str, *demands: str, round: str = "r-1") -> "Stories":
        return self.tell(rounds.DemandsClustered, round_id=round, cluster=cluster, title=says(cluster), demands=demands)

    def left_out(self, demand: str, round: str = "r-1") -> "Stories":
        return self.tell(rounds.DemandLeftOut, round_id=round, demand=demand, reason=says("不属于本小区"))

    def published(self, round: str = "r-1") -> "Stories":
        return self.tell(rounds.RoundPublished, round_id=round, digest="a" * 64)

    def taken(self, *demands: str, plan: str = "p-1") -> "Stories":
        return self.tell(plans.PlanDemandsTaken, plan_id=plan, demands=demands)

    def written(self, id: str, *demands: str, plan: str = "p-1") -> "Stories":
        return self.tell(plans.PlanItemWritten, plan_id=plan, item=item(id, *demands))

    def declined(self, demand: str, plan: str = "p-1", reason: str = "资金不足") -> "Stories":
        return self.tell(plans.DemandDeclined, plan_id=plan, demand=demand, reason=says(reason))

    def noticed(self, plan: str = "p-1") -> "Stories":
        return self.tell(plans.PlanNoticed, plan_id=plan, number=1, digest="a" * 64, publicity="n-1")

    def finalised(self, plan: str = "p-1") -> "Stories":
        days = {"first_day": START.date(), "last_day": START.date()}
        return self.tell(plans.PlanFinalised, plan_id=plan, number=1, digest="a" * 64, publicity="n-1", **days)

    def superseded(self, plan: str = "p-1", by: str = "p-2") -> "Stories":
        return self.tell(plans.PlanSuperseded, plan_id=plan, replaced_by=by)

    def built(self, package: str, items: Iterable[str], demands: Iterable[str], plan: str = "p-1") -> "Stories":
        about = {"title": "工程", "plan_id": plan, "plan_hash": "a" * 64, "appointed": APPOINTED}
        return self.tell(works.PackageOpened, package_id=package, items=tuple(items), demands=tuple(demands), **about)

    def defect(self, package: str, id: str, kind: type[Event] = works_checked.DefectReported) -> "Stories":
        said = {"what_sha256": "0" * 64} if kind is works_checked.DefectReported else {}
        shown = {"before": BEFORE, "after": BEFORE} if kind is works_checked.RectificationSubmitted else {}
        return self.tell(kind, package_id=package, defect_id=id, **said, **shown)

    def passed(self, package: str, items: Iterable[str] = (), demands: Iterable[str] = ()) -> "Stories":
        days = {"accepted_on": START.date(), "file_by": START.date()}
        about = {"items": tuple(items), "demands": tuple(demands)}
        return self.tell(works_accepted.AcceptancePassed, package_id=package, **about, **days)

    def assigned(self, action: str, origin: actions.ActionOrigin, of: str) -> "Stories":
        comes_of = actions.ComesOf(origin=origin, id=of)
        return self.action(action, actions.ActionAssigned, taskforce_id="t-1", comes_of=comes_of, what="办理")

    def action(self, action: str, kind: type[Event], **fields: Any) -> "Stories":
        return self.tell(kind, action_id=action, owner="grid-co", due=START.date(), **fields)


def item(id: str, *demands: str) -> PlanItem:
    shares = (CostShare(payer=Payer.GOVERNMENT, fen=1),)
    return PlanItem(id=id, category=ItemCategory.BASIC, title=says(id), estimate=1, shares=shares, demands=demands)


class Shelf:
    """Keeps links by id, and gives those of some sources; counts how often it is asked."""

    def __init__(self) -> None:
        self.links: dict[str, Link] = {}
        self.asked = 0

    def take(self, batch: Iterable[Envelope[Event]]) -> None:
        """One bulk write: each link is put there, unless a later one is there already."""
        for id, link in newest(link for each in batch for link in links_of(each)).items():
            before = self.links.get(id)
            if before is None or before.sequence < link.sequence:
                self.links[id] = link

    def of(self, demand: str) -> Lineage:
        found: list[Link] = []
        asked: set[Any] = set()
        while more := wanted(demand, found, asked):
            self.asked += 1
            asked |= more
            found += [each for each in self.links.values() if each.source in more]
        return assembled(demand, found)
