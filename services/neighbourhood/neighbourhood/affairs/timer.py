"""What a clock does in affairs: reminders, days that pass, terms that end.

An office says when the clock is to look at an affair again (`Office.next_look`), and its domain what comes of a look
(`Office.decide` of a `Tick`, by `linli`). The moments are on disk beside the affairs, written in the transaction of
each change, so nothing is forgotten over a restart, and nobody searches all affairs for what is due.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from prometheus_client import Gauge

from linli.application.kit import Kit
from linli.application.telemetry import forget
from linli.application.worker import repeatedly
from linli.contracts.neighbourhood.profile import NoRule
from linli.messaging.outbox import Unsent
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.storage import mongo
from neighbourhood.affairs.office import Moment, Office
from neighbourhood.affairs.stories import Happened

log = structlog.get_logger()
CLOCK = Principal("linli", Role.SERVICE)
"""Who acts where nobody does."""
BATCH = 100
LEASE = 10
"""Seconds: when the process that has the timer is gone, another goes on after this."""
AGAIN_AFTER = timedelta(minutes=10)
"""An affair on which the timer failed is looked at again then."""
EVERY = 1.0
"""Seconds between two looks when nothing is due."""
LATE = Gauge("linli_neighbourhood_timer_late_seconds", "How long the oldest due affair has waited for the timer")


@dataclass(frozen=True, slots=True)
class Tick:
    """The clock has come to an affair: what is to be said now?"""

    by: str = CLOCK.id


class Timer:
    """One of all processes of the service has it, by lease. The time is the database server's."""

    def __init__(self, kit: Kit[Any]) -> None:
        self._alarms = kit.database.alarms
        self._transactions, self._now = kit.transactions, kit.clock.now
        self._lease = mongo.Lease(kit.database, "affairs_timer", kit.member, LEASE)
        self._offices: dict[str, Office[Any, Any]] = {}

    def watch(self, office: Office[Any, Any]) -> None:
        """Let the clock look at all affairs of an office whenever that says so."""
        self._offices[office.stories.kept.collection] = office
        office.followed_by(partial(self._follow, office))

    async def run(self) -> None:
        """Until cancelled; MongoDB may come and go."""
        await repeatedly("affairs_timer", self._look_leased, EVERY, partial(forget, LATE))

    async def look(self) -> bool:
        """Deal with one batch of what is due. Whether there may be more."""
        now = self._now()
        due = await self._alarms.find({"at": {"$lte": now}}).sort("at", 1).limit(BATCH).to_list(None)
        LATE.set((now - due[0]["at"]).total_seconds() if due else 0)
        for alarm in due:
            try:
                await self._transactions.run_patiently(partial(self._ring, alarm))
            except Exception as error:  # one affair's fault must not stop the clock of all others
                if mongo.is_outage(error):
                    raise
                log.exception("alarm_failed", correlationid=alarm["affair"])
                await self._set(alarm, self._now() + AGAIN_AFTER)
        return len(due) == BATCH

    async def _look_leased(self) -> bool:
        if await self._lease.held():
            return await self.look()
        forget(LATE)  # another process knows
        return False

    async def _ring(self, alarm: mongo.Document, session: mongo.Session) -> tuple[None, list[Unsent]]:
        office = self._offices.get(alarm["kind"])
        affair = await office.stories.one(alarm["affair"], session) if office else None
        if office is None or affair is None:
            await self._set(alarm, None, session)
            return None, []
        moment = office.moment(office.place_of(affair), CLOCK, session)
        at = _next_look(office, affair, moment)
        if at is None or at > moment.now:
            await self._set(alarm, at, session)
            return None, []
        unsent = await office.act(alarm["affair"], Tick(), moment)
        if not unsent:  # what comes of it says when to look next
            await self._set(alarm, moment.now + AGAIN_AFTER, session)
        return None, unsent

    async def _follow(self, office: Office[Any, Any], happened: Happened[Any], moment: Moment) -> list[Unsent]:
        kept = office.stories.kept
        alarm = {"kind": kept.collection, "affair": kept.name(happened.after)}
        at = _next_look(office, happened.after, moment)
        if at is not None or happened.before is not None:
            await self._set(alarm, at, moment.session)
        return []

    async def _set(self, alarm: Mapping[str, Any], at: datetime | None, session: mongo.Session | None = None) -> None:
        id = {"_id": f"{alarm['kind']}~{alarm['affair']}"}
        if at is None:
            await self._alarms.delete_one(id, session=session)
        else:
            said = {"kind": alarm["kind"], "affair": alarm["affair"], "at": at}
            await self._alarms.update_one(id, {"$set": said}, upsert=True, session=session)


def _next_look(office: Office[Any, Any], affair: Any, moment: Moment) -> datetime | None:
    try:
        return office.next_look(affair, moment)
    except NoRule:  # nothing says when
        return None
