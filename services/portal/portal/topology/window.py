"""The last minutes as this process knows them: read from the database as the sampler writes, for all its viewers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from linli.storage.clock import Now
from linli.web.signals import Fanout
from portal.topology import figures
from portal.topology.domain.declared import Declared
from portal.topology.domain.findings import Finding
from portal.topology.domain.grouping import grouped
from portal.topology.domain.joining import is_fresh, join
from portal.topology.domain.layout import Placed, layout
from portal.topology.domain.picture import Picture, unknown
from portal.topology.domain.sample import Sample
from portal.topology.observing import observe
from portal.topology.store import TopologyStore

log = structlog.get_logger()

SPAN = timedelta(seconds=90)
"""What rates and rules look back at."""
LOOK_EVERY = 1.0


@dataclass(slots=True)
class Window:
    """`run` it as a background task; it asks the database once a second, however many look."""

    store: TopologyStore
    declared: Declared
    now: Now
    viewers: Fanout
    """Who is told that there is something new."""
    _samples: list[Sample] = field(default_factory=list)
    _findings: dict[str, Finding] = field(default_factory=dict)
    _told: bool | None = None
    """Whether what the viewers were told of was fresh."""
    _picture: Picture | None = None
    _placed: tuple[Picture, Placed] | None = None
    _oldest: datetime | None = None
    _failed: datetime | None = None
    """The sample of which no picture could be made."""

    async def run(self) -> None:
        """Until cancelled; MongoDB may come and go."""
        await observe("topology_window", self.look, LOOK_EVERY, away=self._tell_of_age)

    async def look(self) -> None:
        """Take in what has come, and tell the viewers."""
        if self._samples and self.now() - self._samples[-1].at < 2 * SPAN:
            fresh = await self.store.after(self._samples[-1])
        else:
            self._samples, fresh = [], await self.store.window(self.now(), SPAN)
        findings = await self.store.findings()
        if not fresh and findings == self._findings:
            figures.tell(findings, self._samples[-1].at if self._samples else None, self.now())
            self._tell_of_age()
            return
        self._oldest = await self.store.oldest()
        newest = (fresh or self._samples)[-1].at if fresh or self._samples else None
        self._samples = [each for each in (*self._samples, *fresh) if newest and newest - each.at <= SPAN]
        self._findings = findings
        figures.tell(findings, newest, self.now())
        self._told = None
        self._tell_of_age()

    def _tell_of_age(self) -> None:
        """What was seen grows old also when nothing comes: then it is shown as not known."""
        fresh = bool(self._samples) and is_fresh(self._samples[-1].at, self.now())
        if fresh != self._told:
            self._told = fresh
            self.viewers.tell_all()

    def learn(self, finding: Finding) -> None:
        """What somebody has said of a finding: they see it on the page that they are led to, others soon."""
        self._findings = {**self._findings, finding.id: finding}
        self.viewers.tell_all()

    def picture(self) -> Picture | None:
        """How it is now, put together once for all who look; None while nothing was ever seen.

        Where that fails, the last one is shown as one of which nothing is known now.
        """
        if not self._samples:
            return None
        newest, now = self._samples[-1].at, self.now()
        known = self._picture
        if newest == self._failed:
            return known
        if known is None or known.at != newest or known.fresh != is_fresh(newest, now):
            try:
                self._picture = join(self.declared, self._samples, now)
            except Exception:
                if self._failed is None:
                    log.exception("topology_picture_failed")
                self._failed = newest
                self._picture = known and unknown(known)
            else:
                self._failed = None
        return self._picture

    def placed(self, picture: Picture) -> Placed:
        """One picture to be drawn: that of now once for all who look."""
        if self._placed is None or self._placed[0] is not picture:
            self._placed = picture, layout(grouped(picture))
        return self._placed[1]

    @property
    def oldest(self) -> datetime | None:
        """From when on something is kept."""
        return self._oldest

    @property
    def samples(self) -> list[Sample]:
        """Oldest first."""
        return self._samples

    @property
    def findings(self) -> dict[str, Finding]:
        """Those that stand, and those that have ended lately."""
        return self._findings
