"""The routes for deliveries: who was notified, who was not, and retries."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Query, Request
from pydantic import Field

from linli.contracts.base import Record
from linli.contracts.notify.permissions import READ_DELIVERIES, RETRY_DELIVERIES
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.idempotency import IdempotencyKey, fingerprint
from linli.web.problems import Problem, not_found
from linli.web.rfc3339 import Moment
from notify.deliveries.domain.deliveries import Delivery, State
from notify.deliveries.given import AnswersDep, DeskDep, StoreDep
from notify.deliveries.store import Filter
from notify.notices.domain.kinds import Channel, NoticeKind

operators = router(prefix="/v1", tags=["deliveries"])
reading = needs(READ_DELIVERIES)


class DeliveryView(Record):
    """A delivery, without what it says and without anybody's address."""

    id: str = Field(examples=["0193593c-7b40-7e31-a2f2-6a5d3b1c9e10.2.workflow.party.grid-1.webhook"])
    state: State
    channel: Channel
    kind: NoticeKind
    recipient: str = Field(examples=["party:grid-1"])
    """`party:<id>` or `resident:<resident id>`."""
    case: str
    event: str
    event_type: str
    attempts: int
    created_at: datetime
    due_at: datetime | None
    """When it is tried next; while it is being tried, when it would be taken over."""
    finished_at: datetime | None
    reason: str | None
    """Why it ended, unless it was sent."""
    last_error: str | None
    digest: str | None = None
    """The delivery whose letter told this one as well."""

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryView":
        return cls(
            id=delivery.id,
            state=delivery.state,
            channel=delivery.channel,
            kind=delivery.kind,
            recipient=delivery.recipient,
            case=delivery.case_id,
            event=delivery.event_id,
            event_type=delivery.event_type,
            attempts=delivery.attempts,
            created_at=delivery.created_at,
            due_at=delivery.due_at,
            finished_at=delivery.finished_at,
            reason=delivery.reason,
            last_error=delivery.last_error,
            digest=delivery.digest,
        )


class DeliveryPage(Record):
    """Deliveries, newest first."""

    items: list[DeliveryView]
    next: str | None
    """The cursor of the next page."""
    total: int | None = None
    """With `count=true`: how many there are in all."""


class DeliveryCounts(Record):
    """How many deliveries there are; channel → state → number."""

    total: int
    by_channel: dict[Channel, dict[State, int]]


class Retried(Record):
    """The deliveries that are due again."""

    items: list[DeliveryView]


class RetryAll(Record):
    """Which of the given-up deliveries to retry."""

    state: Literal["failed", "undeliverable"] = "failed"
    channel: Channel | None = None
    recipient: str | None = Field(default=None, max_length=200)
    case: str | None = Field(default=None, max_length=200)
    kind: NoticeKind | None = None
    reason: str | None = Field(default=None, max_length=100, examples=["http_404"])
    since: Moment | None = None
    until: Moment | None = None
    given_up_before: Moment | None = None
    """So that what fails again meanwhile is not tried in a circle."""


class RetriedAll(Record):
    """How many are due again, and of how many the party still has no channel."""

    retried: int
    without_channel: int


@operators.get("/deliveries", dependencies=[reading], responses=problems(422))
async def deliveries(
    store: StoreDep,
    state: State | None = None,
    channel: Channel | None = None,
    recipient: Annotated[str | None, Query(max_length=200)] = None,
    case: Annotated[str | None, Query(max_length=200)] = None,
    kind: NoticeKind | None = None,
    reason: Annotated[str | None, Query(max_length=100)] = None,
    since: Moment | None = None,
    until: Moment | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    count: bool = False,
) -> DeliveryPage:
    """Deliveries, newest first; new ones do not shift pages. `reason` also finds those being retried."""
    wanted = Filter(state, channel, recipient, case, kind, reason, since, until)
    found = await store.deliveries(wanted, limit + 1, _place(cursor))
    page = found[:limit]
    return DeliveryPage(
        items=[DeliveryView.of(delivery) for delivery in page],
        next=_cursor(page[-1]) if len(found) > limit else None,
        total=await store.count(wanted) if count else None,
    )


@operators.get("/deliveries/{id}", dependencies=[reading], responses=problems(404))
async def delivery(id: str, store: StoreDep) -> DeliveryView:
    """One delivery."""
    found = await store.delivery(id)
    if found is None:
        raise not_found("delivery")
    return DeliveryView.of(found)


@operators.get("/delivery-counts", dependencies=[reading])
async def delivery_counts(store: StoreDep, case: Annotated[str | None, Query(max_length=200)] = None) -> DeliveryCounts:
    """How the deliveries stand, of one case or of all."""
    counts = await store.counts(case)
    return DeliveryCounts(total=sum(sum(states.values()) for states in counts.values()), by_channel=counts)


@operators.post("/deliveries/{id}:retry", dependencies=[needs(RETRY_DELIVERIES)], responses=problems(404, 409, 422))
async def retry(id: str, who: Who, desk: DeskDep, answers: AnswersDep, key: IdempotencyKey = None) -> Retried:
    """Retry a given-up delivery from the beginning of the schedule.

    For a party that had no channel and has one now, its deliveries there take this one's place.
    """

    async def act() -> dict[str, object]:
        again = await desk.retry(id)
        return Retried(items=[DeliveryView.of(each) for each in again]).model_dump(mode="json")

    answer = await answers.once(key, f"{who.id}/retry", fingerprint(id), act)
    return Retried.model_validate(answer)


@operators.post("/deliveries:retry", dependencies=[needs(RETRY_DELIVERIES)], responses=problems(409, 422))
async def retry_all(
    body: RetryAll, who: Who, desk: DeskDep, answers: AnswersDep, request: Request, key: IdempotencyKey = None
) -> RetriedAll:
    """Try again all that match, up to 1,000 at once, the oldest first; repeat it while `retried` is 1,000."""
    wanted = Filter(
        State(body.state),
        body.channel,
        body.recipient,
        body.case,
        body.kind,
        body.reason,
        body.since,
        body.until,
        body.given_up_before,
    )

    async def act() -> dict[str, object]:
        retried, without_channel = await desk.retry_all(wanted)
        return {"retried": retried, "without_channel": without_channel}

    print_ = fingerprint(body.model_dump_json())
    about(request, [], f"{body.state}")
    return RetriedAll.model_validate(await answers.once(key, f"{who.id}/retry", print_, act))


def _cursor(last: Delivery) -> str:
    return base64.urlsafe_b64encode(f"{last.created_at.isoformat()} {last.id}".encode()).decode().rstrip("=")


def _place(cursor: str | None) -> tuple[datetime, str] | None:
    if cursor is None:
        return None
    try:
        created_at, _, id = base64.urlsafe_b64decode(f"{cursor}==").decode().partition(" ")
        return datetime.fromisoformat(created_at).astimezone(UTC), id
    except (binascii.Error, ValueError, OverflowError) as error:
        raise Problem("invalid", 422, "The cursor is not one of ours.") from error
