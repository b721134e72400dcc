"""Routes of partners' orders and of their updates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import Query, Request

from linli.contracts.base import Record, Slug
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.order import Ended
from linli.contracts.workflow.partner import Standing, Update, UpdateReceived
from linli.contracts.workflow.permissions import READ_ORDERS, UPDATE_ORDERS
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem, not_found
from workflow.cases.store import CaseStore
from workflow.partners.domain.orders import Order
from workflow.partners.domain.partner import Partner, partner_id
from workflow.partners.handlers import Updates
from workflow.partners.sandbox import Sandbox, is_for_trying
from workflow.partners.store import NoPartner, PartnerStore

orders = router(prefix="/v1/orders", tags=["partners"])
updates = router(prefix="/v1/updates", tags=["partners"])
StoreDep = Annotated[PartnerStore, given(PartnerStore)]
CasesDep = Annotated[CaseStore, given(CaseStore)]
SandboxDep = Annotated[Sandbox, given(Sandbox)]
UpdatesDep = Annotated[Updates, given(Updates)]


class OrderView(Record):
    """An order as it stands; what is to be done stands in its case."""

    order_id: str
    dispatch_no: int
    """How often the party was given it: an update names the one that it is about."""
    community: str
    party: str
    case_id: str
    issued_at: datetime
    updated_at: datetime
    ended: Ended | None
    """Why it is no longer to be carried out."""
    update_by: datetime | None
    """By when a first update is due; null once there was one, or somebody has taken the case on."""
    case_state: CaseState | None
    """Where its case stands: it may have been resolved or closed by somebody else."""


class OrderList(Record):
    """Orders, newest first."""

    items: list[OrderView]
    next: str | None
    """The `after` of the next page; None on the last one."""


@orders.get("", dependencies=[needs(READ_ORDERS)], responses=problems(422))
async def list_orders(
    who: Who,
    store: StoreDep,
    cases: CasesDep,
    community: Slug | None = None,
    party: Slug | None = None,
    after: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> OrderList:
    """Orders: a partner's own, or for staff those of a party."""
    if who.role is Role.PARTY:
        community, party = who.community, who.party
    filters = {name: value for name, value in (("community", community), ("party", party)) if value is not None}
    found = await store.listing(filters, after, limit + 1)
    shown = found[:limit]
    states = await cases.states([order.case_id for order in shown])
    return OrderList(
        items=[_order(order, states) for order in shown], next=shown[-1].id if len(found) > limit and shown else None
    )


@orders.get("/{id}", dependencies=[needs(READ_ORDERS)], responses=problems(404))
async def order(id: str, who: Who, store: StoreDep, cases: CasesDep) -> OrderView:
    """One order. Another partner's is not there."""
    found = await own_order(id, who, store)
    return _order(found, await cases.states([found.case_id]))


async def own_order(id: str, who: Principal, store: PartnerStore) -> Order:
    """An order that the principal may see. Raises 404."""
    found = (await store.orders([id])).get(id)
    if found is None or (who.role is Role.PARTY and (found.community, found.party) != (who.community, who.party)):
        raise not_found("order")
    return found


@updates.post("", dependencies=[needs(UPDATE_ORDERS)], responses=problems(400, 403, 413, 422))
async def send(
    body: Update, who: Who, store: StoreDep, taken: UpdatesDep, tried: SandboxDep, request: Request
) -> UpdateReceived:
    """Say what was done about an order. `outcome` in the receipt says what became of it; the same `update_id` again
    changes nothing. A receipt is published in the partner's events as well."""
    about(request, [body.order_id])
    takes = tried.updates if is_for_trying(body.order_id) else taken
    partner = await partner_of(who.community, who.party, store)
    try:
        [receipt] = await takes.take(partner, [body])
    except NoPartner:  # paused or revoked a moment ago
        await partner_of(who.community, who.party, store)
        raise
    return receipt


async def partner_of(community: str | None, party: str | None, store: PartnerStore) -> Partner:
    """Raises 403 for a party that is no partner, or takes no part at the moment."""
    found = await store.partner(partner_id(community or "", party or ""))
    if found is not None and found.standing is Standing.PAUSED:
        raise Problem(
            "partner_paused",
            403,
            Localized(
                "The office has paused {party}. Nothing is taken until it goes on.",
                "管理部门已暂停 {party} 的接入，恢复前不接收任何内容。",
                party=found.party,
            ),
        )
    if found is None or found.is_revoked:
        raise Problem(
            "no_partner",
            403,
            Localized(
                "{party} is no partner of {community}. An operator adds it: POST /v1/partners.",
                "{party} 不是 {community} 的合作单位。请管理人员添加：POST /v1/partners。",
                party=party or "",
                community=community or "",
            ),
        )
    return found


def _order(order: Order, states: Mapping[str, str]) -> OrderView:
    return OrderView(
        order_id=order.id,
        dispatch_no=order.dispatch_no,
        community=order.community,
        party=order.party,
        case_id=order.case_id,
        issued_at=order.issued_at,
        updated_at=order.updated_at,
        ended=order.ended,
        update_by=order.update_by,
        case_state=CaseState(states[order.case_id]) if order.case_id in states else None,
    )
