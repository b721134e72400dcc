"""What the kit asks in each service, and what the modules beside this one have in common."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from linli.contracts.envelope import StreamKey
from linli.messaging import outbox
from linli.messaging.event_store import EventStore
from linli.messaging.inbox_store import InboxStore
from linli.messaging.outbox import Relay, Unsent
from linli.messaging.story import Plan, Stream
from linli.messaging.traces import Traces
from linli.privacy.retention import audit_log, kept_since
from linli.security.audit import Audit, Outcome, Wanted
from linli.security.audit import Entry as AuditEntry
from linli.security.permissions import Role
from linli.web import idempotency
from tests.support.builders import NOON

NO: Any = None
"""A client or a session: nothing is asked of it."""


def events_of(db: Any) -> EventStore:
    return EventStore(db, lambda name: f"linli.{name}")


class Published:
    """Stands for a publisher: all is acknowledged."""

    async def publish(self, messages: Any) -> list[bool]:
        return [True for _ in messages]


async def of_every_service(db: Any, outboxes: tuple[str, ...], sent: Unsent) -> None:
    """What the kit asks in each service."""
    log = Audit(db, lambda: NOON)
    entry = AuditEntry("operator", Role.OPERATOR, "cases:read", Outcome.READ)
    await log.append(entry)
    log.refused(replace(entry, outcome=Outcome.REFUSED))
    await log.flush()
    await log.entries(Wanted(principal="operator", since=NOON), 10)
    kept = audit_log(db, 1)
    await kept.oldest()
    await kept.older(NOON)
    await all_of(kept.let_go(NOON))

    async def act() -> dict[str, Any]:
        return {"id": "c1"}

    await idempotency.once(db, "a-key-of-mine", "scope", "body", act)
    await idempotency.remember(db, "a-key-of-mine", "scope", {"id": "c1"}, NO)
    await idempotency.forget(db, ["c1"], NO)
    publisher: Any = Published()
    seals: Any = SimpleNamespace(sealed=lambda message: message)
    relay = Relay(db, outboxes, publisher, "one", 1.0, seals)
    await relay._send([replace(sent, collection=name) for name in outboxes], "hot")
    await relay._mark()
    await relay.sweep()
    await relay._measure()
    await Traces(db, outboxes, has_inbox=False).of("s1")
    await outbox.count_sent(db, outboxes, NOON)
    await outbox.resend(db, outboxes, NOON)


async def of_an_inbox(db: Any) -> None:
    streams, key = InboxStore(NO, db, "group"), StreamKey("linli/intake", "c1")
    other = key._replace(subject="c2")
    decided = Plan(streams={key: Stream(key, 2), other: Stream(other, 1)})
    await streams.streams([key], NO)
    await streams.store(decided, {key: Stream(key, 1)}, NO)
    await streams.unblock(key, "p1", NO)
    await streams.pass_over(key, 1, NO)
    await Traces(db, (), has_inbox=True).of("s1")


async def all_of(batches: Any) -> None:
    async for _ in batches:
        pass


async def what_is_kept(collection: Any) -> None:
    kept = kept_since("it", 30, collection, "at")
    await kept.oldest()
    await kept.older(NOON)
    await all_of(kept.let_go(NOON))
