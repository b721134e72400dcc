"""Adds orders and receipts to what their partners fetch."""

from collections.abc import Sequence

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.workflow.order import OrderEvent
from linli.contracts.workflow.partner import PartnerChanged, UpdateReceived
from linli.messaging.inbox import Handler
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from notify.partner_events.store import SANDBOX, FeedStore


class Feeds:
    """Writes a batch within the inbox's transaction."""

    def __init__(self, store: FeedStore) -> None:
        self._store = store

    async def prepare(self, _: Sequence[Envelope[Event]]) -> Handler:
        """Nothing is needed from elsewhere."""
        return self._apply

    async def _apply(self, events: Sequence[Envelope[Event]], session: mongo.Session) -> Sequence[Unsent]:
        """Nothing to publish."""
        theirs: dict[str, list[Envelope[Event]]] = {}
        for event in events:
            if isinstance(event.data, PartnerChanged):
                await self._store.changed(event.data, event.time, session)
            else:
                theirs.setdefault(feed_of(event.data), []).append(event)
        if theirs:
            await self._store.add(theirs, session)
        return ()


def feed_of(event: Event) -> str:
    """Whose list an order or a receipt goes into: `<community>/<party>`, before it `sandbox:` for one for trying."""
    assert isinstance(event, OrderEvent | UpdateReceived)
    return f"{SANDBOX if event.sandbox else ''}{event.community}/{event.party}"
