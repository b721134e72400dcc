"""Posts partners' events to their endpoints: each partner's by itself, the events of one order in order.

One process at a time has an endpoint, by lease. What one has posted and not yet written down when it dies, the next
posts again, under the same id.
"""

import asyncio
import secrets
import time
from collections.abc import Sequence
from random import SystemRandom

import orjson
import structlog

from linli.application.worker import repeatedly
from linli.contracts.workflow.partner import Standing
from linli.storage import mongo
from linli.storage.clock import Now
from notify.deliveries.channels.webhook import Webhooks
from notify.deliveries.domain.tries import Outcome, Refused, Took, Unreached
from notify.partner_events.domain.endpoint import Endpoint, Try, tried
from notify.partner_events.domain.redelivery import MOST_AGAIN, refilled
from notify.partner_events.endpoint_secrets import EndpointSecrets
from notify.partner_events.endpoint_store import EndpointStore
from notify.partner_events.store import FeedStore, Told
from notify.partner_events.telling import Telling

log = structlog.get_logger()
_luck = SystemRandom().random

LOOK_EVERY = 0.5
"""Seconds between two looks for what is due."""
WINDOW = 100
"""Events of one partner that are tried before it is written down what became of them."""
AT_ONCE = 8
"""Calls to one endpoint under way; of one order there is one."""
BEGIN_WITHIN = 20.0
"""Seconds of a window after which no further call is begun, so that all have ended before the lease does."""
LEASE = 60.0
MEDIA_TYPE = "application/cloudevents+json"
MOVED = "http_3"
"""It sends elsewhere, where nothing goes unproved; that speaks of the endpoint, and not of one event."""
PING = "linli.endpoint.ping.v1"


class Forwarding:
    """All endpoints of this process. `run` it as a background task."""

    def __init__(
        self,
        database: mongo.Database,
        feeds: FeedStore,
        endpoints: EndpointStore,
        webhooks: Webhooks,
        signing: EndpointSecrets,
        telling: Telling,
        owner: str,
        now: Now,
    ) -> None:
        self._database, self._feeds, self._endpoints, self._webhooks = database, feeds, endpoints, webhooks
        self._signing, self._telling, self._owner, self._now = signing, telling, owner, now
        self._busy: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until cancelled; MongoDB may come and go."""
        try:
            await repeatedly("forwarding", self._look, LOOK_EVERY)
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def ping(self, partner: str, url: str) -> str | None:
        """Post a challenge that the endpoint is to send back; why it is not proved, or None."""
        challenge, answer = secrets.token_urlsafe(24), bytearray()
        id = f"ping-{challenge[:8]}"
        event = {"specversion": "1.0", "id": id, "source": "linli/notify", "type": PING}
        body = orjson.dumps(event | {"datacontenttype": "application/json", "data": {"challenge": challenge}})
        signing = await self._signing.signing(partner, self._now())
        outcome = await self._webhooks.send(id, url, body, signing, MEDIA_TYPE, answer)
        if not isinstance(outcome, Took):
            return getattr(outcome, "reason", "not_taken")
        return None if challenge.encode() in answer else "challenge_not_answered"

    async def _look(self) -> None:
        for partner, task in list(self._busy.items()):
            if task.done():
                del self._busy[partner]
                if (error := task.exception()) and not mongo.is_outage(error):
                    raise error
        due = [each for each in await self._endpoints.due(self._now()) if each.partner not in self._busy]
        lasts = await self._feeds.lasts(None) if due else {}
        for endpoint in due:
            if endpoint.has_more(lasts.get(endpoint.partner, 0)):
                self._busy[endpoint.partner] = asyncio.create_task(self._forward(endpoint.partner))

    async def _forward(self, partner: str) -> None:
        """Post what there is for a partner, until there is no more or it is not taken."""
        while await self._forward_some(partner):
            pass

    async def _forward_some(self, partner: str) -> bool:
        """A window; whether there was more than it held. What has come meanwhile waits for the next look."""
        endpoint = await self._endpoints.endpoint(partner)
        if endpoint is None or endpoint.off is not None or endpoint.due_at > self._now():
            return False
        if await self._feeds.standing(partner) is not Standing.ACTIVE:
            return False
        before, endpoint = endpoint, await self._refilled(endpoint)
        window, until, last = await self._window(endpoint)
        if not window and until <= endpoint.cursor and before.back == endpoint.back:
            return False
        if not await mongo.lease(self._database, f"endpoint:{partner}", self._owner, LEASE):
            return False
        tries = await self.post(endpoint, window)
        after = tried(endpoint, [each.number for each in window], until, tries, self._now(), _luck())
        reason = next((each.reason for each in tries if each.reason), None)
        await self._telling.of_endpoint(before, after, reason)  # before it is written down: told twice is told once
        written = await self._endpoints.settle(before, after, tries)
        if written and after.off:
            log.error("endpoint_off", partner=partner, reason=after.off)
        return written and not after.failures and after.off is None and after.has_more(last)

    async def _refilled(self, endpoint: Endpoint) -> Endpoint:
        """With the next of a range that is to be sent again, once those before them were."""
        if endpoint.back is None or endpoint.again:
            return endpoint
        first, last = endpoint.back
        found = await self._feeds.after(endpoint.partner, first - 1, last, endpoint.types, MOST_AGAIN)
        return refilled(endpoint, [each.number for each in found])

    async def _window(self, endpoint: Endpoint) -> tuple[list[Told], int, int]:
        """The next events to be posted, those first that are to be sent again; how far was looked; the last."""
        reach = await self._feeds.reach(endpoint.partner)
        begin = max(endpoint.cursor, reach.first - 1)
        if begin > endpoint.cursor:
            log.warning("events_expired", partner=endpoint.partner, before=reach.first)
        most = WINDOW + len(endpoint.taken)  # so that one that is not taken leaves room for others
        found = await self._feeds.after(endpoint.partner, begin, reach.last, endpoint.types, most)
        fresh = [each for each in found if each.number not in endpoint.taken]
        again = await self._feeds.numbered(endpoint.partner, endpoint.again)
        return [*again, *fresh], found[-1].number if len(found) == most else reach.last, reach.last

    async def post(self, endpoint: Endpoint, window: Sequence[Told]) -> list[Try]:
        """Post events: those of one order one after another, and no more once one was not taken.

        Where the endpoint wants no order, each is a story of its own.
        """
        stories: dict[str, list[Told]] = {}
        for each in window:
            stories.setdefault(str(each.event["subject"] if endpoint.ordered else each.number), []).append(each)
        signing = await self._signing.signing(endpoint.partner, self._now())
        places, tries, failed = asyncio.Semaphore(AT_ONCE), list[Try](), asyncio.Event()
        begin_until = time.monotonic() + BEGIN_WITHIN

        async def tell(story: Sequence[Told]) -> None:
            for each in story:
                async with places:
                    if failed.is_set() or time.monotonic() > begin_until:
                        return
                    made = await self._try(endpoint, each, signing)
                tries.append(made)
                if not made.over:
                    failed.set()
                    return

        await asyncio.gather(*map(tell, stories.values()))
        return tries

    async def _try(self, endpoint: Endpoint, told: Told, signing: Sequence[str]) -> Try:
        answer, at, begun = bytearray(), self._now(), time.monotonic()
        id = str(told.event["id"])
        try:
            outcome: Outcome = await self._webhooks.send(
                id, endpoint.url, orjson.dumps(told.event), signing, MEDIA_TYPE, answer
            )
        except Exception as error:
            log.error("endpoint_broken", partner=endpoint.partner, error=type(error).__name__)
            outcome = Unreached(f"broken_{type(error).__name__}".lower())
        if isinstance(outcome, Refused) and outcome.reason.startswith(MOVED):
            outcome = Unreached(outcome.reason)
        milliseconds = round((time.monotonic() - begun) * 1_000)
        return Try(told.number, id, at, milliseconds, outcome, answer.decode(errors="replace"))
