"""Reports how far working days reach, and years there with unknown holidays."""

from datetime import UTC, datetime

import structlog
from prometheus_client import Gauge

from linli.application.worker import repeatedly
from linli.working_time import LAST_YEAR, working_spans
from workflow.community.store import CommunityStore

EVERY = 60.0
"""Seconds between two looks: as long as a new version of a community's data may go untold."""
KNOWN_UNTIL = Gauge(
    "linli_workflow_holidays_known_until_seconds", "Beyond this time (Unix) working days are counted Monday to Friday"
)
KNOWN_UNTIL.set(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp())
REACH = Gauge(
    "linli_workflow_working_days_reach_seconds",
    "When (Unix) the longest span of working days ends that may begin now; 0 where no community counts in them",
)

log = structlog.get_logger()


class Holidays:
    """In every process, so that all report the same."""

    def __init__(self, communities: CommunityStore) -> None:
        self._communities = communities
        self._told: set[int] = set()

    async def run(self) -> None:
        """Until cancelled; MongoDB may come and go."""
        await repeatedly("holidays", self.look, EVERY)

    async def look(self) -> None:
        """Set the metric, and log each unknown year once."""
        now, farthest = self._communities.now(), 0.0
        for id, directory in (await self._communities.directories()).items():
            if spans := working_spans(directory.community):
                end = directory.calendar.end_of(now, max(spans.values()), working_days=True)
                farthest = max(farthest, end.timestamp())
                for year in set(directory.calendar.unknown_years(now, end)) - self._told:
                    self._told.add(year)
                    log.warning("holidays_unknown", year=year, community=id, counted="Monday to Friday")
        REACH.set(farthest)
