"""What Kafka tells the sampler: where topics end and who reads them at each look, who may do what at each second one,
and once a minute all that is named as ours are."""

import asyncio
import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

import structlog

from linli.messaging.kafka import KafkaUnavailable, Look, Observer, Place
from linli.messaging.rights import GROUPS_OF_PARTNERS, Acl, topics_of_partners
from portal.topology.domain.declared import Declared, as_told
from portal.topology.domain.partner_groups import groups_among, topics_read
from portal.topology.domain.rights import TOLD, concerning
from portal.topology.domain.sample import GroupSeen, Sample, TopicSeen

log = structlog.get_logger()

RIGHTS_EACH = 2
"""Looks of which one asks who may do what."""
MOST_STRANGE = 50
"""Topics that nobody declared of which more is asked than their names."""
MOST_RIGHTS = 2_000
"""That are kept and compared."""
PARTNERS_A_LOOK = 20
"""Partners' groups of which one look asks, in turn: each costs three questions, one after another."""
SELDOM = 60.0
"""Seconds between two looks at settings, and at what is named like ours."""


@dataclass(slots=True)
class KafkaSight:
    """It remembers what it does not ask for at each look."""

    declared: Declared
    observer: Observer
    within: float
    """Seconds in which Kafka tells its part, or the sample says that it did not."""
    strangers: tuple[str, ...] = ()
    rights: tuple[Acl, ...] = ()
    rights_told: str = ""
    _looks: int = 0
    _seldom: float = -SELDOM
    _settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _there: Set[str] = frozenset()
    _of_partners: tuple[str, ...] = ()
    """Groups that are named as those of partners."""
    _turn: int = 0
    _wait: Set[str] = frozenset()
    """Partners' groups whose turn this look was not: what is known of them stands."""
    _away: bool = False

    async def look(self, before: Sample | None, anew: Sample) -> Look | None:
        """By what was known before, or by `anew`; None while Kafka is away."""
        known = before or anew
        declared = as_told(self.declared, known)
        try:
            async with asyncio.timeout(self.within):
                look = await self.observer.look(*self._asked(declared, known))
                if time.monotonic() - self._seldom >= SELDOM or look.survey.topics.keys() != self._there:
                    await self._look_at_what_seldom_changes(declared, list(look.survey.topics))
                if self._looks % RIGHTS_EACH == 0 or not self.rights_told:
                    await self._look_at_rights(known)
        except KafkaUnavailable as error:
            if not self._away:
                log.warning("kafka_away", error=repr(error))
            self._away = True
            return None
        self._looks += 1
        self._away = False
        return look

    def _asked(self, declared: Declared, known: Sample) -> tuple[list[str], list[str]]:
        """The topics and groups that are looked at: ours, partners', and strange topics, so that somebody who accepts
        one can be told how it is."""
        strange = [name for kind, _, name in (each.partition(":") for each in self.strangers) if kind == "topic"]
        topics, groups = [*declared.topics, *strange[:MOST_STRANGE]], {*declared.groups, *declared.own_groups}
        topics += topics_read(declared.prefix, known)
        return topics, sorted(groups | self._whose_turn_it_is(known))

    def _whose_turn_it_is(self, known: Sample) -> Set[str]:
        theirs = sorted(groups_among(self._of_partners, known))
        first = self._turn if self._turn < len(theirs) else 0
        those = frozenset(theirs[first : first + PARTNERS_A_LOOK])
        self._turn = first + PARTNERS_A_LOOK
        self._wait = frozenset(theirs) - those
        return those

    async def _look_at_rights(self, known: Sample) -> None:
        self.rights_told = ""
        listed = await self.observer.rights()
        found = tuple(sorted(concerning(listed.acls, self.declared, known)))
        many = len(found) > MOST_RIGHTS
        self.rights = () if many else found
        self.rights_told = listed.unknown or ("too_many" if many else TOLD)

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
        self.strangers = tuple(sorted(strange))
        self._seldom = time.monotonic()

    def told(self, look: Look | None, before: Sample | None) -> tuple[Mapping[str, TopicSeen], Mapping[str, GroupSeen]]:
        """What a sample keeps of it; while Kafka is away, what was before."""
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
        waiting = {name: seen for name, seen in before.groups.items() if name in self._wait} if before else {}
        return topics, waiting | groups


def _of(offsets: Mapping[Place, int], topic: str, partitions: int) -> tuple[int, ...]:
    return tuple(offsets.get(Place(topic, number), 0) for number in range(partitions))


def _placed(offsets: Mapping[Place, int]) -> Mapping[str, int]:
    return dict(sorted((f"{at.topic}/{at.partition}", offset) for at, offset in offsets.items()))
