"""Orders: what a partner is to do about a case. Topic `linli.orders`, key: order id, in order of `sequence`.

A partner is a party whose own system takes part. An order stands for one case and one party: `dispatch_no` counts how
often the party was given it. No personal data: what a reporter wrote is masked, as in the case itself.
"""

from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime, Field

from linli.contracts.base import Event, Scope, Slug
from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Kind, Language
from linli.contracts.topics import Topic
from linli.contracts.workflow.case import Became, Deadline

ORDERS = Topic(name="orders", key="order id")
"""What each partner is to do, and no longer."""


class Ended(StrEnum):
    """Why an order is no longer to be carried out."""

    REASSIGNED = "reassigned"
    """Another party has the case now."""
    RETURNED = "returned"
    """The partner handed it back."""
    WITHDRAWN = "withdrawn"
    """The reporter took it back."""
    MERGED = "merged"
    """The case follows another one about the same matter."""


class OrderEvent(Event):
    """What is common to every event of an order."""

    SOURCE = "linli/workflow"
    TOPIC = ORDERS

    order_id: str
    dispatch_no: int = Field(ge=1)
    """How often the party was given it: an update names the one that it is about."""
    community: Slug
    party: Slug
    """The partner."""
    case_id: str
    sandbox: bool = False
    """It is only for trying: there is no such case."""

    @property
    def story(self) -> str:
        return self.order_id


class OrderDescribed(OrderEvent):
    """An order with what is to be done."""

    WORDS = frozenset({"title", "text", "place", "location", "external_id"})

    kind: Kind
    title: str
    text: str = ""
    place: str | None = None
    location: Point | None = None
    neighbourhood: Slug | None = None
    category: Slug | None = None
    language: Language = Language.ZH
    """The reporter's."""
    external_id: str | None = None
    """What it is called outside: a hotline's own number."""
    contact_needed: bool = False
    """The reporter can be called, and the community lets partners: `GET /v1/orders/{id}/contact` of workflow says
    how."""
    invites_to: str | None = None
    """The party is asked to a deliberation, this one: it accepts and comes, or rejects and does not; only here an
    update may have a `promise`."""


class OrderIssued(OrderDescribed):
    """The party is to deal with a case: for the first time, or once more. 派单"""

    TYPE: ClassVar[str] = "linli.order.issued.v1"

    binding: bool = False
    """It was sent back after a return: it cannot be returned again."""
    accept_by: AwareDatetime
    answer_by: AwareDatetime | None = None
    resolve_by: AwareDatetime | None = None


class OrderReopened(OrderDescribed):
    """It was not done after all: the party is asked again. 重办"""

    TYPE: ClassVar[str] = "linli.order.reopened.v1"

    accept_by: AwareDatetime
    resolve_by: AwareDatetime


class OrderReminded(OrderEvent):
    """A deadline is near. 催办"""

    TYPE: ClassVar[str] = "linli.order.reminded.v1"

    deadline: Deadline
    due: AwareDatetime


class OrderCancelled(OrderEvent):
    """It is not to be carried out any more; what was done already is told all the same. 撤单"""

    TYPE: ClassVar[str] = "linli.order.cancelled.v1"

    reason: Ended


class OrderSuperseded(OrderEvent):
    """The case follows another one: what is done there counts for it. 并单"""

    TYPE: ClassVar[str] = "linli.order.superseded.v1"

    into_case: str
    by_order: str | None = None
    """The order of the same party that is about that case, if it has one."""


class OrderPromiseHeard(OrderEvent):
    """What became of something that the partner promised in an update, or at the desk. 承诺回执"""

    TYPE: ClassVar[str] = "linli.order.promise_heard.v1"
    WORDS = frozenset({"message"})
    STAFF_WORDS = WORDS

    promise_id: str
    """The commitment's id: the same in all that is told of it."""
    update_id: str | None = None
    """The partner's own name for the update; None where it was said at the desk."""
    became: Became
    reason: str | None = None
    """Of a refusal, a word for programs: `no_mandate`, `deliberation_state`, …"""
    message: str
    """The same in words, in both languages."""


class OrderErased(OrderEvent):
    """What people wrote in the order is gone; whoever keeps a copy is to do the same."""

    TYPE: ClassVar[str] = "linli.order.erased.v1"
    FORGETS = Scope.PERSON

    erased_at: AwareDatetime
