"""Adds orders and receipts to what their partners fetch."""

from collections.abc import Sequence

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.messaging.inbox import Handler
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from notify.partner_events.store import FeedStore


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
            theirs.setdefault(partner_of(event.data), []).append(event)
        await self._store.add(theirs, session)
        return ()


def partner_of(event: Event) -> str:
    """Whom an order or a receipt is for: `<community>/<party>`."""
    return f"{event.community}/{event.party}"  # type: ignore[attr-defined]  # both types have them
