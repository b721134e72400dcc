"""What an operator decides about deliveries."""

from collections.abc import Callable

from linli.storage.clock import Now
from linli.web.localized import Localized, word
from linli.web.problems import Problem, not_found
from notify.deliveries.domain.deliveries import Delivery, State, on_channel
from notify.deliveries.store import DeliveryStore, Filter
from notify.notices.communities import Communities
from notify.notices.domain.kinds import Channel
from notify.notices.domain.notices import to_party

AT_ONCE = 1_000
"""Deliveries that one request makes due again at most."""


class Desk:
    """Retries given-up deliveries."""

    def __init__(self, store: DeliveryStore, communities: Communities, wake: Callable[[], None], now: Now) -> None:
        self._store, self._communities, self._wake, self._now = store, communities, wake, now

    async def retry(self, id: str) -> list[Delivery]:
        """The deliveries that are due now. Raises 404, and 409 for one that is not given up or still has no channel."""
        delivery = await self._store.delivery(id)
        if delivery is None:
            raise not_found("delivery")
        if delivery.state is State.UNDELIVERABLE:
            again = await self._on_new_channels(delivery)
        else:
            made_due = await self._store.make_due(id, self._now())
            again = [made_due] if made_due else []
        if not again:
            only = "It is {state}; only what was given up can be retried."
            raise Problem(
                "not_given_up",
                409,
                Localized(only, "它现在“{state}”；只有已放弃的通知才能重试。", state=word(delivery.state)),
            )
        self._wake()
        return again

    async def retry_all(self, wanted: Filter) -> tuple[int, int]:
        """How many are due again, and how many parties still have no channel, of up to `AT_ONCE` that match."""
        if wanted.state is State.FAILED:
            again = await self._store.make_all_due(wanted, self._now(), AT_ONCE)
            self._wake()
            return again, 0
        again, none = 0, 0
        for delivery in await self._store.deliveries(wanted, AT_ONCE, None):
            try:
                again += bool(await self._on_new_channels(delivery))
            except Problem:
                none += 1
        self._wake()
        return again, none

    async def _on_new_channels(self, old: Delivery) -> list[Delivery]:
        directory = self._communities.directory(old.community)
        assert old.party is not None
        notices = to_party(old.kind, old.party, directory) if directory else []
        possible = [notice for notice in notices if notice.channel is not Channel.NONE]
        if not possible:
            raise Problem("no_channel", 409, "The party still has neither an e-mail address nor a webhook.")
        now = self._now()
        new = [on_channel(old, notice.channel, now) for notice in possible]
        return new if await self._store.substitute(old, new, now) else []
