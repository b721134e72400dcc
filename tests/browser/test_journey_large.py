"""A topology of 300 nodes is shown in a moment.

What is meant is less than a second. That is said at the end of the run, and not asserted, for no test fails on a clock:
asserted is that six times as many nodes take no more than in proportion, beside the same page as the quarter has it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from urllib.parse import quote

from linli.contracts.kinds import Language
from portal.topology.domain.declared import UNANSWERED
from portal.topology.domain.grouping import DRAWN
from portal.topology.domain.sample import ProcessSeen, Sample, figure
from portal.topology.store import TopologyStore
from tests.browser.conftest import Measured, Visit
from tests.support.browser.viewer import Viewer
from tests.support.databases import databases_of
from tests.support.quarter import Quarter

TIMES = 5
SLACK = 1.5
"""Of what is in proportion: a page of few nodes has its own costs, and a machine with other work its moments."""
SHOWN = """async () => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const shown = performance.now();
    const [page] = performance.getEntriesByType('navigation');
    return {shown, server: page.responseStart - page.requestStart};
}"""
"""Milliseconds since the address was asked for, by the browser's own clock: until it is painted, and the server's."""


@dataclass(frozen=True, slots=True)
class Taken:
    nodes: int
    shown: float
    server: float


async def look_at(who: Viewer, at: datetime) -> Taken:
    found, nodes = [], 0
    for _ in range(TIMES):
        await who.open(f"/topology?at={quote(at.isoformat())}")
        found.append(await who.page.evaluate(SHOWN))
        nodes = await who.page.locator("#table tr[id^='t-']").count()
    return Taken(nodes, *(median(each[name] for each in found) for name in ("shown", "server")))


def with_partners(sample: Sample, at: datetime, number: int) -> Sample:
    """The same at a moment, with so many partners."""
    many = {figure(UNANSWERED, community="test", party=f"company-{n}"): 0.0 for n in range(number)}

    def then(seen: ProcessSeen) -> ProcessSeen:
        more = many if seen.service == "workflow" else {}
        return seen.model_copy(update={"heard": at, "figures": {**seen.figures, **more}})

    processes = {name: then(seen) for name, seen in sample.processes.items()}
    return sample.model_copy(update={"at": at, "processes": processes})


async def test_three_hundred_nodes_take_no_more_than_in_proportion(
    quarter: Quarter, visit: Visit, measured: Measured
) -> None:
    async with databases_of(quarter.system) as databases:
        store = TopologyStore(databases("portal"))
        last = await store.last()
        assert last is not None
        few, many = last.at - timedelta(days=3), last.at - timedelta(days=2)
        who = await visit("operator", language=Language.EN)
        await store.append(with_partners(last, few, 0), None, whole=True)
        small = await look_at(who, few)
        await store.append(with_partners(last, many, DRAWN - small.nodes), None, whole=True)
    large = await look_at(who, many)
    for each in (small, large):
        measured(
            f"a topology of {each.nodes} nodes is shown",
            f"{each.shown:.0f} ms after it was asked for, {each.server:.0f} ms of them the server's",
        )
    assert large.nodes == DRAWN
    assert await who.page.locator("#map svg a").count() == DRAWN, "drawn one by one"
    assert large.shown <= SLACK * small.shown * large.nodes / small.nodes, (small, large)
    await who.picture("journey-topology-300")
