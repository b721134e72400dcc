"""How far partners' own consumer groups have read their topics, as the broker knows it."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

T = TypeVar("T")
WITHIN = 15.0
"""Seconds for an answer."""
MOST_GROUPS = 10
"""Of one partner that are looked at, that of its kit first: a program has one or two, and each costs a question."""
NOT_COMMITTED = 0
"""Below it no position has been committed."""


@dataclass(frozen=True)
class Read:
    """Of the group of a partner that has come furthest."""

    read: int
    """Records that it has taken, of all its topics."""
    behind: int
    """Those that it has yet to take."""


def read_by(admin: AdminClient, topics: Mapping[str, tuple[str, Sequence[str]]]) -> dict[str, Read]:
    """For each partner that ever committed a position: `topics` has its groups' prefix and what it reads.

    Raises KafkaException or TimeoutError.
    """
    groups = [each.group_id for each in _done(admin.list_consumer_groups(request_timeout=WITHIN)).valid]
    theirs = {partner: _some_of(groups, prefix) for partner, (prefix, _) in topics.items()}
    reading = {partner: topics[partner][1] for partner, those in theirs.items() if those}
    if not reading:
        return {}
    latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # the client says no type of it
    asked = {TopicPartition(topic, 0): latest for those in reading.values() for topic in those}
    ends = {place.topic: _done(end).offset for place, end in admin.list_offsets(asked, request_timeout=WITHIN).items()}
    found = {}
    for partner, those in reading.items():
        committed = [_committed(admin, group, those) for group in theirs[partner]]
        best = max(committed, key=lambda each: sum(each.values()), default={})
        if best:
            # What it has not committed in one of its topics it has not begun to read.
            behind = sum(max(0, ends[topic] - best.get(topic, 0)) for topic in those)
            found[partner] = Read(sum(best.values()), behind)
    return found


def _some_of(groups: Sequence[str], prefix: str) -> list[str]:
    own = f"{prefix}program"
    theirs = sorted(group for group in groups if group.startswith(prefix) and group != own)
    return [*([own] if own in groups else []), *theirs][:MOST_GROUPS]


def _committed(admin: AdminClient, group: str, topics: Sequence[str]) -> dict[str, int]:
    asked = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 0) for topic in topics])
    [(_, answer)] = admin.list_consumer_group_offsets([asked], request_timeout=WITHIN).items()
    try:
        places = _done(answer).topic_partitions or []
    except KafkaException:
        return {}  # it has gone meanwhile
    return {place.topic: place.offset for place in places if place.offset >= NOT_COMMITTED}


def _done(asked: "Future[T] | Any") -> Any:
    return asked.result(WITHIN)
