"""Looks for partners that are silent, behind or not to be reached: for the metrics, and to tell people of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from prometheus_client import Gauge

from linli.application.telemetry import forget
from linli.application.worker import repeatedly
from linli.storage.clock import Now
from notify.partner_events.partner_book import PartnerBook, PartnersUnavailable, Watched
from notify.partner_events.standing import Standing, Standings
from notify.partner_events.telling import Telling

log = structlog.get_logger()

LOOK_EVERY = 15.0
"""Seconds between two looks."""
UNREAD_FOR = timedelta(hours=6)
"""So long something may be there that a partner has read by no way, before people are told."""
BEHIND = Gauge(
    "linli_notify_partner_events_behind",
    "Events that a partner has yet to read, by each way that it uses",
    ["community", "party", "way"],
)
UNREAD = Gauge(
    "linli_notify_partner_events_unread_seconds",
    "Age of the oldest event that a partner has read by none of its ways",
    ["community", "party"],
)
OFF = Gauge("linli_notify_partner_endpoints_off", "Endpoints of partners that are switched off")
FAILING = Gauge(
    "linli_notify_partner_endpoints_failing_seconds",
    "How long a partner's endpoint has taken nothing that it was posted",
    ["community", "party"],
)


class Watch:
    """Over all partners. `run` it as a background task."""

    def __init__(self, standings: Standings, book: PartnerBook, telling: Telling, now: Now) -> None:
        self._standings, self._book, self._telling, self._now = standings, book, telling, now

    async def run(self) -> None:
        """Until cancelled; MongoDB and workflow may come and go."""
        await repeatedly("watch_partners", self._look, LOOK_EVERY, _unknown)

    async def _look(self) -> None:
        partners = await self._asked()
        found = [each for each in await self._standings.of() if partners is None or each.partner in partners]
        _show(found, now := self._now())
        for partner, each in (partners or {}).items():
            if each.unanswered and each.oldest_due:
                await self._telling.unanswered(partner, each.unanswered, each.oldest_due)
        for standing in found if partners is not None else []:
            if standing.unread_since and now - standing.unread_since > UNREAD_FOR:
                await self._telling.reads_nothing(standing.partner, standing.unread_since)

    async def _asked(self) -> Mapping[str, Watched] | None:
        """The partners as workflow knows them, of whom who is one no longer is none; None while it does not say."""
        try:
            return await self._book.all()
        except PartnersUnavailable as error:
            log.warning("partners_unavailable", error=str(error))
            return None


def _show(found: Sequence[Standing], now: datetime) -> None:
    _clear()
    OFF.set(sum(way.place.state == "off" for each in found for way in each.ways))
    for each in found:
        whose = tuple(each.partner.split("/"))
        for way in each.ways:
            BEHIND.labels(*whose, way.place.way).set(way.events)
            if way.place.since is not None and way.place.state == "failing":
                FAILING.labels(*whose).set((now - way.place.since).total_seconds())
        UNREAD.labels(*whose).set((now - each.unread_since).total_seconds() if each.unread_since else 0)


def _clear() -> None:
    for gauge in (BEHIND, UNREAD, FAILING):
        gauge.clear()


def _unknown() -> None:
    """Nothing is known of anybody while MongoDB is away."""
    _clear()
    forget(OFF)


forget(OFF)  # until they have been counted
