"""Orders: what the steps of a case mean for the partners that deal with it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseEvent, CaseState
from linli.contracts.workflow.order import (
    Ended,
    OrderCancelled,
    OrderErased,
    OrderEvent,
    OrderIssued,
    OrderPromiseHeard,
    OrderReminded,
    OrderReopened,
    OrderSuperseded,
)
from linli.frozen import replace
from workflow.cases.domain.case import Case
from workflow.community.domain.directory import Directory

_UNDER_WAY = frozenset({CaseState.DISPATCHED, CaseState.ACCEPTED})
FORGETTING = (events.CaseErased, events.CaseRedacted)


@dataclass(frozen=True, slots=True)
class Order:
    """A case that a partner is to deal with. `version` is the number of events in its story."""

    id: str
    community: str
    party: str
    case_id: str
    issued_at: datetime
    updated_at: datetime
    dispatch_no: int = 0
    ended: Ended | None = None
    """Why it is no longer to be carried out; None while it is, or when it is done."""
    version: int = 0
    update_by: datetime | None = None
    """By when the partner is to say something of it; None once it has, or somebody has taken the case on."""


OrderStep: TypeAlias = tuple[Order, OrderEvent]
"""An order after something has happened to it, and the event of that."""


def order_id(case_id: str, party: str) -> str:
    """One order for each case and party. No slug has a `~`, so no other subject is called so."""
    return f"{case_id}~{party}"


def concerned(steps: Sequence[CaseEvent], partners: frozenset[str]) -> bool:
    """Whether steps of a case may mean something for one of its community's partners."""
    return any(isinstance(step, FORGETTING) or not partners.isdisjoint(_parties(step)) for step in steps)


def forgets(case: Case, step: CaseEvent) -> bool:
    """Whether a step erases what stands in orders. What staff wrote does only in parts, and where they put it right."""
    match step:
        case events.CaseErased():
            return True
        case events.CaseRedacted():
            return case.family.part_of is not None or bool(case.put_right)
        case _:
            return False


def taken_on(order: Order, case: Case) -> bool:
    """Whether no word of the partner is waited for any more: its case has been taken on, by whomever."""
    return order.update_by is not None and case.party == order.party and case.state is not CaseState.DISPATCHED


def has_reporter(case: Case) -> bool:
    """Whether there is somebody to call: who left a contact, and has not taken the matter back."""
    return case.resident_id is not None and case.family.withdrawn_at is None


def may_be_called(order: Order, case: Case, directory: Directory) -> bool:
    """Whether its reporter may be called for an order now: not once it has ended, or is done."""
    open_ = order.ended is None and case.party == order.party and case.state in _UNDER_WAY
    return open_ and directory.community.partners_may_call and has_reporter(case)


def _parties(step: CaseEvent) -> Iterator[str]:
    for name in ("party", "previous", "returned_by", "previous_party", "promised_by"):
        if (party := getattr(step, name, None)) is not None:
            yield party


def ordered(
    case: Case,
    steps: Sequence[CaseEvent],
    orders: Mapping[str, Order],
    partners: Collection[str],
    now: datetime,
    others: Collection[str] = (),
    partners_may_call: bool = False,
) -> Iterator[OrderStep]:
    """What the steps of a case, which stands as given after them, mean for its orders, by id; in order.

    `others` are the ids of orders of cases that it may have been merged into.
    """
    if _joined_at_once(steps):
        return
    known = dict(orders)
    for step in steps:
        for after in _follow(case, step, known, partners, now, others, partners_may_call):
            known[after[0].id] = after[0]
            yield after


def _joined_at_once(steps: Sequence[CaseEvent]) -> bool:
    """It has followed another case ever since it was opened: what is to be done stands there."""
    return isinstance(steps[0], events.CaseOpened) and any(isinstance(step, events.CaseMerged) for step in steps)


def _follow(
    case: Case,
    step: CaseEvent,
    known: Mapping[str, Order],
    partners: Collection[str],
    now: datetime,
    others: Collection[str],
    partners_may_call: bool,
) -> Iterator[OrderStep]:
    if step.merged_into is not None:
        return  # a step of the case that it follows, where the order is
    running = [order for order in known.values() if order.ended is None]
    match step:
        case events.CaseDispatched() | events.CaseUnmerged() | events.CaseReopened():
            yield from (_ended(each, Ended.REASSIGNED, now) for each in running if each.party != step.party)
            if step.party is not None and step.party in partners:
                called = partners_may_call and has_reporter(case)
                yield _given(case, step, known.get(order_id(case.id, step.party)), called, now)
        case events.CaseTriaged() | events.CaseReturned() | events.CaseWithdrawn():
            yield from (_ended(each, _why(step, each), now) for each in running)
        case events.CaseMerged():
            yield from (_superseded(each, step, now, others) for each in running)
        case events.CaseReminded():
            yield from (_reminded(each, step, now) for each in running if each.party == step.party)
        case events.CasePromiseHeard() if (own := known.get(order_id(case.id, step.promised_by))) is not None:
            yield _promise_heard(own, step, now)
        case events.CaseErased() | events.CaseRedacted() if forgets(case, step):
            yield from (_erased(each, now) for each in known.values())


def _why(step: CaseEvent, order: Order) -> Ended:
    """Why an order ends by a step that takes its case away."""
    match step:
        case events.CaseWithdrawn():
            return Ended.WITHDRAWN
        case events.CaseReturned(returned_by=order.party):
            return Ended.RETURNED
        case _:
            return Ended.REASSIGNED


def _superseded(order: Order, step: events.CaseMerged, now: datetime, others: Collection[str]) -> OrderStep:
    after = replace(_moved(order, now), ended=Ended.MERGED, update_by=None)
    by = order_id(step.into, order.party)
    there = order.party == step.party and by in others  # what the party had before it became a partner has none
    return after, _event(OrderSuperseded, after, into_case=step.into, by_order=by if there else None)


def _reminded(order: Order, step: events.CaseReminded, now: datetime) -> OrderStep:
    after = _moved(order, now)
    return after, _event(OrderReminded, after, deadline=step.deadline, due=step.due)


def _promise_heard(order: Order, step: events.CasePromiseHeard, now: datetime) -> OrderStep:
    """Also where the order has ended: what was promised stands."""
    after = _moved(order, now)
    names = ("promise_id", "update_id", "became", "reason")
    said = {name: getattr(step, name) for name in names}
    return after, _event(OrderPromiseHeard, after, **said, message=step.message or "")


def _erased(order: Order, now: datetime) -> OrderStep:
    after = _moved(order, now)
    return after, _event(OrderErased, after, erased_at=now)


def _given(case: Case, step: CaseEvent, known: Order | None, contact_needed: bool, now: datetime) -> OrderStep:
    """The order of the party that is to deal with it from now on: a new one, or the one that it had."""
    assert step.party
    assert isinstance(step, events.CaseDispatched | events.CaseUnmerged | events.CaseReopened)
    id = order_id(case.id, step.party)
    before = known or Order(id, case.community, step.party, case.id, issued_at=now, updated_at=now)
    after = replace(_moved(before, now), dispatch_no=before.dispatch_no + 1, ended=None, update_by=step.accept_by)
    about = {
        "kind": case.about.kind,
        "title": case.about.title,
        "text": case.text,
        "place": case.about.place,
        "location": case.about.location,
        "neighbourhood": case.about.neighbourhood,
        "category": case.about.category,
        "language": case.language,
        "external_id": case.external_id,
        "contact_needed": contact_needed,
        "invites_to": case.invites_to,
    }
    match step:
        case events.CaseReopened():
            return after, _event(OrderReopened, after, **about, accept_by=step.accept_by, resolve_by=step.resolve_by)
        case _:
            binding = isinstance(step, events.CaseDispatched) and step.binding
            owed = {"accept_by": step.accept_by, "answer_by": step.answer_by, "resolve_by": step.resolve_by}
            return after, _event(OrderIssued, after, **about, **owed, binding=binding)


def _ended(order: Order, reason: Ended, now: datetime) -> OrderStep:
    after = replace(_moved(order, now), ended=reason, update_by=None)
    return after, _event(OrderCancelled, after, reason=reason)


def _moved(order: Order, now: datetime) -> Order:
    return replace(order, version=order.version + 1, updated_at=now)


def _event(of: type[OrderEvent], order: Order, /, **fields: object) -> OrderEvent:
    common = {"order_id": order.id, "dispatch_no": order.dispatch_no, "community": order.community}
    return of.model_validate(common | {"party": order.party, "case_id": order.case_id} | fields)
