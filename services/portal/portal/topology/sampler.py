"""Looks at everything every five seconds, once for all viewers: one process of the portal does it, by lease.

Each look asks the processes what they have written, then Kafka where its topics end, then, a second later, the
processes once more: so what a topic has more than its writers counted was written by somebody else
(`domain/producers.py`).
"""

import asyncio
import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

import structlog

from linli.messaging.kafka import KafkaUnavailable, Look, Observer, Place
from linli.messaging.rights import GROUPS_OF_PARTNERS, Acl, topics_of_partners
from linli.storage import mongo
from linli.storage.clock import Now
from portal.topology.domain.declared import Declared, as_told
from portal.topology.domain.findings import followed
from portal.topology.domain.joining import join, moved
from portal.topology.domain.partner_groups import groups_among, topics_read
from portal.topology.domain.producers import written_by
from portal.topology.domain.rights import TOLD, concerning
from portal.topology.domain.rules import judged
from portal.topology.domain.sample import Figures, GroupSeen, ProcessSeen, Sample, TopicSeen
from portal.topology.observing import observe
from portal.topology.reading import Reader
from portal.topology.store import WHOLE_EVERY, TopologyStore
from portal.topology.window import SPAN

log = structlog.get_logger()

EVERY = 5.0
TICK = 0.25
LEASE = 20.0
"""Seconds; longer than a look takes: 1 for addresses, twice `reading.WHOLE` for processes, and the two below."""
KAFKA_WITHIN = 8.0
"""Seconds in which Kafka tells its part, or the sample says that it did not."""
SETTLES = 1.0
"""Seconds in which what was acknowledged gets counted."""
RIGHTS_EVERY = 10.0
"""Seconds between two looks at who may do what."""
MOST_STRANGE = 50
"""Topics that nobody declared of which more is asked than their names."""
MOST_RIGHTS = 2_000
"""That are kept and compared."""
SELDOM = 60.0
"""Seconds between two looks at settings, and at what is named like ours."""


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
    _seldom: float = -SELDOM
    _rights_at: float = -RIGHTS_EVERY
    _rights: tuple[Acl, ...] = ()
    _rights_told: str = ""
    _settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _there: Set[str] = frozenset()
    _strangers: tuple[str, ...] = ()
    _of_partners: tuple[str, ...] = ()
    """Groups that are named as those of partners."""
    _kafka_away: bool = False
    _anew: bool = False
    """Whether nothing of before is built on: the last look failed, perhaps by it."""

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
        sample = sample.model_copy(update={"moved": moved(self.declared, before, sample)})
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
        look = await self._kafka(before)
        await asyncio.sleep(SETTLES)
        seen = await asyncio.gather(*(self.reader.process(service, url, at) for service, url in asked.values()))
        processes = self._with_the_silent(dict(zip(asked, seen, strict=True)), asked, before)
        topics, groups = self._told(look, before)
        return Sample(
            at=at,
            processes=processes,
            kafka=look is not None,
            brokers=len(look.survey.brokers) if look else 0,
            brokers_expected=look.survey.expected if look else (before.brokers_expected if before else 0),
            topics=topics,
            groups=groups,
            strangers=self._strangers,
            rights=self._rights,
            rights_told=self._rights_told if look else "",
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

    def _told(
        self, look: Look | None, before: Sample | None
    ) -> tuple[Mapping[str, TopicSeen], Mapping[str, GroupSeen]]:
        if look is None:
            return (before.topics, before.groups) if before else ({}, {})
        topics = {
            name: TopicSeen(
                replication=copies.replication,
                behind=copies.behind,
                leaderless=copies.leaderless,
                begins=_of(look.begins, name, copies.partitions),
                ends=_of(look.ends, name, copies.partitions),
                config=self._settings.get(name, {}),
            )
            for name, copies in look.survey.topics.items()
        }
        groups = {
            name: GroupSeen(
                state=group.state,
                members=group.members,
                committed=_placed(look.committed.get(name, {})),
            )
            for name, group in look.groups.items()
        }
        return topics, groups

    async def _kafka(self, before: Sample | None) -> Look | None:
        declared = as_told(self.declared, before) if before else self.declared
        try:
            async with asyncio.timeout(self.kafka_within):
                look = await self.observer.look(*self._asked(declared, before))
                if time.monotonic() - self._seldom >= SELDOM or look.survey.topics.keys() != self._there:
                    await self._look_at_what_seldom_changes(declared, list(look.survey.topics))
                if time.monotonic() - self._rights_at >= RIGHTS_EVERY or not self._rights_told:
                    await self._look_at_rights(before or Sample(at=self.now()))
        except KafkaUnavailable as error:
            if not self._kafka_away:
                log.warning("kafka_away", error=repr(error))
            self._kafka_away = True
            return None
        self._kafka_away = False
        return look

    def _asked(self, declared: Declared, before: Sample | None) -> tuple[list[str], list[str]]:
        """The topics and groups that are looked at: ours, partners', and strange topics, so that somebody who accepts
        one can be told how it is."""
        strange = [name for kind, _, name in (each.partition(":") for each in self._strangers) if kind == "topic"]
        topics, groups = [*declared.topics, *strange[:MOST_STRANGE]], {*declared.groups, *declared.own_groups}
        if before is not None:
            topics += topics_read(declared.prefix, before)
            groups |= set(groups_among(self._of_partners, before))
        return topics, sorted(groups)

    async def _look_at_rights(self, before: Sample) -> None:
        self._rights_told = ""
        listed = await self.observer.rights()
        found = tuple(sorted(concerning(listed.acls, self.declared, before)))
        many = len(found) > MOST_RIGHTS
        self._rights = () if many else found
        self._rights_told = listed.unknown or ("too_many" if many else TOLD)
        self._rights_at = time.monotonic()

    async def _look_at_what_seldom_changes(self, declared: Declared, topics: Sequence[str]) -> None:
        self._there = frozenset(topics)
        self._settings = await self.observer.settings(topics)
        prefix = f"{declared.prefix}."
        named, groups = await self.observer.named_like(prefix, GROUPS_OF_PARTNERS)
        ours = [name for name in named if name.startswith(prefix) and name not in declared.topics]
        strange = [f"topic:{name}" for name in ours if not name.startswith(topics_of_partners(declared.prefix))]
        known = {declared.group(service) for service in declared.services} | declared.own_groups
        strange += [f"group:{name}" for name in groups if name.startswith(prefix) and name not in known]
        self._of_partners = tuple(name for name in groups if name.startswith(GROUPS_OF_PARTNERS))
        self._strangers = tuple(sorted(strange))
        self._seldom = time.monotonic()


def _of(offsets: Mapping[Place, int], topic: str, partitions: int) -> tuple[int, ...]:
    return tuple(offsets.get(Place(topic, number), 0) for number in range(partitions))


def _placed(offsets: Mapping[Place, int]) -> Mapping[str, int]:
    return dict(sorted((f"{at.topic}/{at.partition}", offset) for at, offset in offsets.items()))
