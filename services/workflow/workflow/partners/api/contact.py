"""How the reporter of an order is reached: for the partner that has it, while it has it, and each look is logged."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from linli.contracts.base import Record
from linli.contracts.workflow.permissions import CALL_FROM_ORDERS
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem, Refused, not_found
from workflow.cases.domain.case import Case
from workflow.partners.api.routes import CasesDep, StoreDep, own_order, partner_of
from workflow.partners.domain.orders import Order, may_be_called
from workflow.partners.reporters import Reporters

routes = router(prefix="/v1/orders", tags=["partners"])
ReportersDep = Annotated[Reporters, given(Reporters)]


class OrderContact(Record):
    """How the reporter is reached. Keep it no longer than the order is under way."""

    order_id: str
    name: str | None = Field(examples=["王秀英"])
    phone: str | None = Field(examples=["+8613812345678"])
    email: str | None


@routes.get("/{id}/contact", dependencies=[needs(CALL_FROM_ORDERS)], responses=problems(403, 404, 503))
async def contact(
    id: str,
    who: Who,
    store: StoreDep,
    cases: CasesDep,
    reporters: ReportersDep,
    request: Request,
    response: Response,
) -> OrderContact:
    """The reporter's telephone number or e-mail address, where the order says `contact_needed`, until it is done."""
    response.headers["Cache-Control"] = "no-store"
    order = await own_order(id, who, store)
    await partner_of(who.community, who.party, store)
    case = (await cases.cases([order.case_id])).get(order.case_id)
    directory = await cases.communities.directory(order.community)
    if case is None or directory is None:
        raise not_found("order")
    if not may_be_called(order, case, directory):
        raise _refused(order, case)
    about(request, [order.id])
    found = await reporters.contact(case.id)
    if found is None:
        raise Problem("no_contact", 404, Localized("The reporter left no contact.", "反映人没有留下联系方式。"))
    return OrderContact(order_id=order.id, name=found.name, phone=found.phone, email=found.email)


def _refused(order: Order, case: Case) -> Refused:
    """It stands in the log that somebody asked."""
    sentence = Localized(
        "The contact is not for you: the order does not say that it is needed, or is not to be carried out any more.",
        "不能查看联系方式：工单没有说明需要联系反映人，或者工单已不再需要办理。",
    )
    return Refused(Problem("contact_not_shown", 403, sentence), "not needed", order.id, case.id)
