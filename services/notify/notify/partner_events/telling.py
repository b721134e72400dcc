"""Writes the letters about partners' own systems, to be sent as all others are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from linli.storage.clock import Now
from notify.deliveries.store import DeliveryStore
from notify.notices.communities import Communities
from notify.notices.domain.kinds import NoticeKind
from notify.partner_events.domain.endpoint import Endpoint
from notify.partner_events.domain.telling import facts_of, letters, news

log = structlog.get_logger()


class Telling:
    """Of all partners. The same occasion is told once, however many processes see it."""

    def __init__(self, deliveries: DeliveryStore, communities: Communities, now: Now) -> None:
        self._deliveries, self._communities, self._now = deliveries, communities, now
        self._told: dict[tuple[str, NoticeKind], str] = {}
        """The occasion that this process has told last of each partner."""

    async def of_endpoint(self, before: Endpoint, after: Endpoint, reason: str | None) -> None:
        """That an endpoint has failed for long, or is off, where that is new."""
        kind = news(before, after)
        if kind is not None:
            which = f"{after.failing_since or self._now():%Y%m%dT%H%M%S}"
            await self._tell(kind, after.partner, facts_of(after, reason), which)

    async def unanswered(self, partner: str, orders: int, oldest_due: datetime) -> None:
        """That a partner says nothing: once a day."""
        facts = {"number": orders, "since": oldest_due.isoformat()}
        await self._daily(NoticeKind.PARTNER_UNANSWERED, partner, facts)

    async def reads_nothing(self, partner: str, since: datetime) -> None:
        """That a partner reads nothing: once a day."""
        await self._daily(NoticeKind.PARTNER_READS_NOTHING, partner, {"since": since.isoformat()})

    async def _daily(self, kind: NoticeKind, partner: str, facts: Mapping[str, Any]) -> None:
        directory = self._communities.directory(partner.partition("/")[0])
        if directory is not None:
            today = self._now().astimezone(ZoneInfo(directory.community.timezone))
            await self._tell(kind, partner, facts, f"{today:%Y%m%d}")

    async def _tell(self, kind: NoticeKind, partner: str, facts: Mapping[str, Any], which: str) -> None:
        community, _, party = partner.partition("/")
        directory = self._communities.directory(community)
        if directory is None or self._told.get((partner, kind)) == which:
            return
        if await self._deliveries.add_once(letters(kind, party, directory, facts, which, self._now())):
            log.warning("partner_told_of", partner=partner, kind=kind)
        self._told[partner, kind] = which
