"""What a delivery's outcome leaves: an event, a metric, a log line."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.notify.notice import NoticeFailed, NoticeSent
from notify import metrics
from notify.deliveries.domain.deliveries import Delivery, State
from notify.deliveries.domain.tries import Verdict
from notify.deliveries.store import Ended

log = structlog.get_logger()


def outcome_event(delivery: Delivery, verdict: Verdict, now: datetime) -> Envelope[Event] | None:
    """The event of a delivery's outcome; none for a resident without an address."""
    outcome = {
        "delivery_id": delivery.id,
        "event_id": delivery.event_id,
        "case_id": delivery.case_id,
        "recipient": delivery.recipient,
        "channel": delivery.channel.value,
        "attempts": delivery.attempts + 1,
    }
    data: Event
    if verdict.state is State.SENT:
        data = NoticeSent.model_validate(outcome | {"sent_at": now})
    elif verdict.state is State.FAILED:
        data = NoticeFailed.model_validate(outcome | {"failed_at": now, "reason": verdict.reason})
    else:
        return None
    return Envelope(
        "linli/notify", delivery.id, delivery.outcomes + 1, now, delivery.correlationid, data, delivery.traceparent
    )


def count(ended: Sequence[Ended]) -> None:
    """In the metrics and the log."""
    for each in ended:
        delivery, verdict = each.delivery, each.verdict
        if delivery.recipient.startswith("party:") and verdict.state in (State.SENT, State.FAILED):
            party = delivery.recipient.removeprefix("party:")
            metrics.TO_PARTIES.labels(delivery.community, party, delivery.channel, verdict.state).inc()
        match verdict.state:
            case State.SENT:
                metrics.DELIVERED.labels(delivery.channel).inc()
            case State.FAILED:
                metrics.FAILED.labels(delivery.channel).inc()
                log.error(
                    "delivery_failed", correlationid=delivery.correlationid, delivery=delivery.id, reason=verdict.reason
                )
            case State.SKIPPED:
                metrics.SKIPPED.labels(delivery.channel).inc()
            case State.DUE if verdict.tried:
                metrics.RETRIED.labels(delivery.channel).inc()
                log.warning(
                    "delivery_put_off",
                    correlationid=delivery.correlationid,
                    delivery=delivery.id,
                    reason=verdict.reason,
                )
