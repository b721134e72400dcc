"""What the routes are given: the pictures of now and of any moment that is kept."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from linli.storage.clock import Now
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.services import Services
from portal.topology.acceptance import Acceptance, acceptance
from portal.topology.domain.declared import Declared
from portal.topology.domain.difference import difference
from portal.topology.domain.findings import Finding
from portal.topology.domain.grouping import grouped
from portal.topology.domain.joining import join
from portal.topology.domain.layout import Placed, layout
from portal.topology.domain.picture import Picture
from portal.topology.store import TopologyStore
from portal.topology.views import DifferenceView, HistoryView, PointView, shown
from portal.topology.window import SPAN, Window

MOST_AT_ONCE = 2
"""Looks through a day that one person has under way."""
NEAR = timedelta(seconds=60)
"""A moment is shown by the last sample before it, when that is no older."""


@dataclass(frozen=True, slots=True)
class Topology:
    """Asked by the routes and the pages alike."""

    store: TopologyStore
    window: Window
    declared: Declared
    now: Now
    zone: str
    """In which times are meant that say none."""
    topics_file: str | None = None
    """What the deployment has otherwise than declared, as text; None: it has no such file."""
    _under_way: Counter[str] = field(default_factory=Counter)

    async def picture(self, at: datetime | None = None) -> Picture:
        """Now, or at a moment. Raises 404 where nothing is kept of it, 503 before anything was seen."""
        if at is None:
            found = self.window.picture()
            if found is None:
                detail = Localized("Nothing has been looked at yet; try again.", "还没有采样，请稍后再试。")
                raise Problem("not_seen_yet", 503, detail, retry_after=5)
            return found
        samples = await self.store.window(at, SPAN)
        if not samples or at - samples[-1].at > NEAR:
            detail = Localized("Nothing is kept of that moment.", "没有保存这一时刻的情况。")
            raise Problem("not_kept", 404, detail)
        return join(self.declared, samples, samples[-1].at)

    async def placed(self, picture: Picture) -> Placed:
        """A picture to be drawn."""
        if picture is self.window.picture():
            return self.window.placed(picture)
        return await asyncio.to_thread(lambda: layout(grouped(picture)))

    async def difference(self, picture: Picture, since: datetime) -> DifferenceView:
        """What is otherwise than at an earlier moment. Raises 404."""
        return DifferenceView.of(since, difference(await self.picture(since), picture))

    async def findings(self, at: datetime | None = None) -> list[Finding]:
        """Those of now; of a moment those that stood then, as far as they are kept."""
        if at is None:
            return shown(self.window.findings, self.now())
        known = await self.store.findings()
        return [each for each in known.values() if each.first_seen <= at and (each.ended is None or each.ended > at)]

    async def acceptance(self, id: str) -> tuple[Finding, Acceptance]:
        """What it would take to accept a finding. Raises 404 for one that does not stand."""
        finding = await self.store.finding(id)
        if finding is None or finding.ended is not None:
            raise Problem("not_found", 404, Localized("There is no such finding.", "没有这条发现。"))
        newest = self.window.samples[-1] if self.window.samples else None
        return finding, acceptance(finding, self.declared, newest, self.topics_file)

    async def history(self, who: str, node: str, since: datetime, until: datetime, points: int = 120) -> HistoryView:
        """A node over time. Raises 422 for a span that is too long to be looked through at once, 429 for who has
        several looks under way."""
        if until - since > timedelta(days=1) or until <= since:
            detail = Localized("Ask for a span of at most a day.", "时间段最长为一天。")
            raise Problem("span_too_long", 422, detail)
        found, before = [], None
        with self._place(who):
            async for sample in self.store.samples(since, until, (until - since) / points):
                window = [before, sample] if before else [sample]
                picture = await asyncio.to_thread(join, self.declared, window, sample.at)  # others are served meanwhile
                before = sample
                if node in picture.nodes:
                    one = picture.nodes[node]
                    found.append(PointView(at=sample.at, state=one.state, figures=dict(one.figures)))
        return HistoryView(node=node, points=found)

    @contextmanager
    def _place(self, who: str) -> Iterator[None]:
        if self._under_way[who] >= MOST_AT_ONCE:
            detail = Localized("Wait until what you asked for before has come.", "请等前面的查询完成后再试。")
            raise Problem("too_many_at_once", 429, detail, retry_after=2)
        self._under_way[who] += 1
        try:
            yield
        finally:
            self._under_way[who] -= 1
            if not self._under_way[who]:
                del self._under_way[who]


TopologyDep = Annotated[Topology, given(Topology)]
ServicesDep = Annotated[Services, given(Services)]
