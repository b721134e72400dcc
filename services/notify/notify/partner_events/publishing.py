"""Writes partners' events to topics of their own: the third reader of their lists, beside fetching and endpoints.

One process at a time does it for all, by lease. What it has written and not yet noted when it dies, the next writes
again, under the same id.
"""

from collections.abc import Mapping, Sequence

import orjson
import structlog

from linli.application.worker import repeatedly
from linli.contracts.workflow.partner import UpdateReceived
from linli.messaging.kafka import Outgoing, Publisher
from linli.storage import mongo
from notify.partner_events.store import Feed, FeedStore, Told

log = structlog.get_logger()

LOOK_EVERY = 0.2
"""Seconds between two looks for what is to be written."""
AT_ONCE = 200
"""Events of one partner that are written before another's turn."""
MOST_PARTNERS = 50
"""Of which events are written together."""
LEASE = 30.0


class Publishing:
    """`run` it as a background task."""

    def __init__(
        self, database: mongo.Database, feeds: FeedStore, publisher: Publisher, prefix: str, owner: str
    ) -> None:
        """`prefix` begins the names of all topics."""
        self._database, self._feeds, self._publisher = database, feeds, publisher
        self._prefix, self._owner = prefix, owner

    async def run(self) -> None:
        """Until cancelled; MongoDB and Kafka may come and go."""
        await repeatedly("partner_topics", self._look, LOOK_EVERY)

    async def _look(self) -> bool:
        """Write what there is for some partners; whether there may be more now."""
        behind = await self._feeds.behind_on_kafka(MOST_PARTNERS)
        if not behind or not await mongo.lease(self._database, "partner_topics", self._owner, LEASE):
            return False
        told = [await self._feeds.after(each.id, each.kafka or 0, each.last, None, AT_ONCE) for each in behind]
        places = [(feed, event) for feed, events in zip(behind, told, strict=True) for event in events]
        written = await self._publisher.publish([self._outgoing(feed, event) for feed, event in places])
        reached = _reached(behind, told, places, written)
        await self._feeds.published(reached)
        return all(written) and bool(places)

    def _outgoing(self, feed: Feed, told: Told) -> Outgoing:
        event = told.event
        kind = "receipts" if event["type"] == UpdateReceived.TYPE else "orders"
        data = event["data"] or {}
        key = data.get("order_id") or event["subject"]
        headers = {f"ce_{name}": str(event[name]).encode() for name in _ATTRIBUTES}
        headers["content-type"] = b"application/json"
        return Outgoing(f"{self._prefix}.{feed.topic(kind)}", key, orjson.dumps(event["data"]), headers)


_ATTRIBUTES = ("specversion", "id", "source", "type", "subject", "sequence", "time")


def _reached(
    feeds: Sequence[Feed],
    told: Sequence[Sequence[Told]],
    places: Sequence[tuple[Feed, Told]],
    written: Sequence[bool],
) -> Mapping[str, tuple[int, int]]:
    """For each feed from which number to which it has come: before the first event that was not acknowledged."""
    failed: dict[str, int] = {}
    for (feed, event), acknowledged in zip(places, written, strict=True):
        if not acknowledged:
            failed.setdefault(feed.id, event.number)
    reached: dict[str, tuple[int, int]] = {}
    for feed, events in zip(feeds, told, strict=True):
        # Where fewer came than there was room for, the rest of the numbers are of events that are kept no longer.
        until = events[-1].number if len(events) == AT_ONCE else feed.last
        reached[feed.id] = (feed.kafka or 0, failed[feed.id] - 1 if feed.id in failed else until)
    return reached
