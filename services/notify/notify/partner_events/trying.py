"""Posts what is only for trying to partners' endpoints: each event once, for whoever tries looks on.

What an endpoint does not take stands in the log of its calls, and is posted again with the next trial only.
"""

from linli.application.worker import repeatedly
from linli.storage import mongo
from notify.partner_events.endpoint_store import EndpointStore
from notify.partner_events.forwarding import LEASE, Forwarding
from notify.partner_events.store import SANDBOX, Feed, FeedStore

LOOK_EVERY = 1.0
"""Seconds between two looks for what has come."""
MOST = 20
"""Events of one trial: two orders and what becomes of them."""


class Trying:
    """`run` it as a background task."""

    def __init__(
        self, database: mongo.Database, feeds: FeedStore, endpoints: EndpointStore, forwarding: Forwarding, owner: str
    ) -> None:
        self._database, self._feeds, self._endpoints = database, feeds, endpoints
        self._forwarding, self._owner = forwarding, owner

    async def run(self) -> None:
        """Until cancelled; MongoDB may come and go."""
        await repeatedly("trying", self._look, LOOK_EVERY)

    async def _look(self) -> None:
        for feed, tried in await self._feeds.untried():
            if await mongo.lease(self._database, f"trying:{feed.id}", self._owner, LEASE):
                await self._post(feed, tried)

    async def _post(self, feed: Feed, tried: int) -> None:
        partner = feed.id.removeprefix(SANDBOX)
        endpoint = await self._endpoints.endpoint(partner)
        if endpoint is not None and endpoint.off is None:
            begin = max(tried, feed.last - MOST)
            events = await self._feeds.after(feed.id, begin, feed.last, endpoint.types, MOST)
            await self._endpoints.log(partner, await self._forwarding.post(endpoint, events))
        await self._feeds.tried(feed.id, feed.last)
