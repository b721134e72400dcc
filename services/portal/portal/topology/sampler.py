"""Looks at everything every five seconds, once for all viewers: one process of the portal does it, by lease.

Each look asks the processes what they have written, then Kafka where its topics end, then, a second later, the
processes once more: so what a topic has more than its writers counted was written by somebody else
(`domain/producers.py`).
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from linli.messaging.kafka import Observer
from linli.storage import mongo
from linli.storage.clock import Now
from portal.topology.domain.declared import Declared
from portal.topology.domain.findings import followed
from portal.topology.domain.joining import join, moved
from portal.topology.domain.producers import written_by
from portal.topology.domain.rules import judged
from portal.topology.domain.sample import Figures, ProcessSeen, Sample
from portal.topology.kafka_sight import KafkaSight
from portal.topology.observing import observe
from portal.topology.reading import Reader
from portal.topology.store import WHOLE_EVERY, TopologyStore
from portal.topology.window import SPAN

EVERY = 5.0
TICK = 0.25
LEASE = 20.0
"""Seconds; longer than a look takes: 1 for addresses, twice `reading.WHOLE` for processes, and the two below."""
KAFKA_WITHIN = 8.0
"""Seconds in which Kafka tells its part, or the sample says that it did not."""
SETTLES = 1.0
"""Seconds in which what was acknowledged gets counted."""


@dataclass(slots=True)
class Sampler:
    """`run` it as a background task."""

    database: mongo.Database
    store: TopologyStore
    declared: Declared
    observer: Observer
    reader: Reader
    owner: str
    now: Now
    every: float = EVERY
    kafka_within: float = KAFKA_WITHIN
    _due: float = 0.0
    _window: list[Sample] = field(default_factory=list)
    _taken: int = 0
    _anew: bool = False
    """Whether nothing of before is built on: the last look failed, perhaps by it."""
    _kafka: KafkaSight = field(init=False)

    def __post_init__(self) -> None:
        self._kafka = KafkaSight(self.declared, self.observer, self.kafka_within)

    async def run(self) -> None:
        """Until cancelled; MongoDB, Kafka and the services may come and go."""
        await observe("topology", self.look, TICK, self._failed)

    def _failed(self) -> None:
        """Nothing was kept of that look: soon the picture tells that how it is now is not known."""
        self._window, self._anew = [], True

    async def look(self) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + self.every  # however long a look takes
        if not await mongo.lease(self.database, "topology", self.owner, LEASE):
            self._window = []
            return
        if not self._window and not self._anew:
            self._window = await self.store.window(self.now(), SPAN)
            self._taken = 0
        await self.take()

    async def take(self) -> Sample | None:
        """One look: taken, judged and kept; None when another process has begun to look meanwhile.

        What cannot be judged is not kept, or every look after it would fail.
        """
        before = self._window[-1] if self._window else None if self._anew else await self.store.last()
        sample = await self._sample(before)
        since = (before.looked_since or before.at) if before else sample.at
        sample = sample.model_copy(update={"moved": moved(self.declared, before, sample), "looked_since": since})
        window = [each for each in (*self._window, sample) if sample.at - each.at <= SPAN]
        found = judged(self.declared, window, join(self.declared, window, sample.at))
        if not await mongo.lease(self.database, "topology", self.owner, LEASE):
            self._window = []
            return None
        await self.store.append(sample, before, whole=self._taken % WHOLE_EVERY == 0)
        self._taken += 1
        self._window, self._anew = window, False
        findings = followed(await self.store.findings(), found, sample.at)
        await self.store.follow(findings.values())
        return sample

    # A look ----------------------------------------------------------------------------------------------------------

    async def _sample(self, before: Sample | None) -> Sample:
        asked = await self.reader.processes()
        figures = await asyncio.gather(*(self.reader.figures(url) for _, url in asked.values()))
        written = self._written(dict(zip(asked, figures, strict=True)), asked)
        at = self.now()
        look = await self._kafka.look(before, Sample(at=at))
        await asyncio.sleep(SETTLES)
        seen = await asyncio.gather(*(self.reader.process(service, url, at) for service, url in asked.values()))
        processes = self._with_the_silent(dict(zip(asked, seen, strict=True)), asked, before)
        topics, groups = self._kafka.told(look, before)
        return Sample(
            at=at,
            processes=processes,
            kafka=look is not None,
            brokers=len(look.survey.brokers) if look else 0,
            brokers_expected=look.survey.expected if look else (before.brokers_expected if before else 0),
            topics=topics,
            groups=groups,
            strangers=self._kafka.strangers,
            rights=self._kafka.rights,
            rights_told=self._kafka.rights_told if look else "",
            written_before=written,
        )

    def _written(
        self, figures: Mapping[str, Figures | None], asked: Mapping[str, tuple[str, str]]
    ) -> Mapping[str, float]:
        there = {
            id: ProcessSeen(service=asked[id][0], heard=None, figures=found)
            for id, found in figures.items()
            if found is not None
        }
        sample = Sample(at=self.now(), processes=there)
        return {
            name: written_by(sample, topic.writer, name)
            for name, topic in self.declared.topics.items()
            if topic.writer is not None
        }

    def _with_the_silent(
        self,
        seen: Mapping[str, ProcessSeen | None],
        asked: Mapping[str, tuple[str, str]],
        before: Sample | None,
    ) -> dict[str, ProcessSeen]:
        """What a process that does not answer said last still stands. One that has no address any more is expected
        for as long as no other one of its service answers."""
        known = dict(before.processes) if before else {}
        found = {}
        for id, process in seen.items():
            last = known.pop(id, None) or ProcessSeen(service=asked[id][0], heard=None)
            found[id] = process or last
        answering = {process.service for process in seen.values() if process}
        gone = {id: last for id, last in known.items() if last.heard and last.service not in answering}
        heard = {last.service for last in gone.values()}
        # Whose machine went has an address by name only until there is another one: it is still that one which went.
        return {id: each for id, each in found.items() if each.heard or each.service not in heard} | gone
