"""Kafka without the records of cases in which something was erased, once everybody has read past them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from linli.messaging.connection import Cluster
from linli_cli.operations.databases import OUTBOXES, READS, Databases
from linli_cli.operations.reading import read_of
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say
from linli_cli.terminal.progress import counting

if TYPE_CHECKING:
    from linli.messaging.kafka import Place, Received

_SAYS_NOTHING = frozenset(
    {"linli.resident.erased.v1", "linli.case.erased.v1", "linli.order.erased.v1", "linli.update.received.v1"}
)
"""The erasures' own events may stay, and with them what other stories have sent meanwhile; and what has no words."""
_SAYS_WHO = "linli.case.redacted.v1"
"""This one has title and pseudonym of a reporter, and goes with that one."""
SUBMISSION_ID = 36
"""The length of a submission's id, which is a case's, and how a delivery's begins."""


class Waiting(Exception):
    """Not everybody has read so far yet; the message says who has not."""


@dataclass(frozen=True)
class Purged:
    """What became of Kafka's records."""

    records: int
    """Those that told of them."""
    partitions: int
    behind: Sequence[str]
    """The groups that have not read past them, so that their partitions still hold them."""


async def read_by_all(databases: Databases, kafka: Cluster, ids: Sequence[str], seconds: float) -> None:
    """Wait until the erasure has gone through all services. Raises `Waiting`."""
    until = time.monotonic() + seconds
    for service in OUTBOXES:
        unsent = say("{service} has not sent it on", service=service)
        await _wait(until, unsent, partial(_all_sent, databases, service, ids))
        for reader, topics in read_of(service).items():
            ends = await _ends(databases, kafka, reader, topics)
            behind = say("{reader} has not read it", reader=reader)
            await _wait(until, behind, partial(_has_read, databases, reader, ends))


async def _wait(until: float, what: str, ask: Callable[[], Awaitable[bool]]) -> None:
    while not await ask():
        if time.monotonic() > until:
            raise Waiting(what)
        await asyncio.sleep(0.2)


async def _all_sent(databases: Databases, service: str, ids: Sequence[str]) -> bool:
    """The index of what is unsent is small, so it is read whole."""
    wanted = set(ids)
    for name in OUTBOXES[service]:
        unsent = databases.of(service)[name].find({"unsent_since": {"$exists": True}}, {"outgoing.key": 1})
        async for document in unsent:
            if document["outgoing"]["key"][:SUBMISSION_ID] in wanted:
                return False
    return True


async def _ends(databases: Databases, kafka: Cluster, reader: str, short: Sequence[str]) -> Mapping[str, int]:
    """Where the partitions of topics end, by the id of the reader's stored offset."""
    from linli.messaging.kafka import look_at  # noqa: PLC0415 - `linli --help` need not wait for it

    topics = [databases.settings.topic(name) for name in short]
    found = (await look_at(kafka, topics)).topics
    group = databases.settings.topic(reader)
    return {
        f"{group}/{topic}/{number}": end
        for topic in topics
        for number, end in enumerate(found[topic].ends)
        if end > found[topic].begins[number]
    }


async def _has_read(databases: Databases, reader: str, ends: Mapping[str, int]) -> bool:
    stored = databases.of(reader).inbox_offsets.find({"_id": {"$in": list(ends)}})
    positions = {doc["_id"]: doc["next"] async for doc in stored}
    return all(positions.get(id, 0) >= end for id, end in ends.items())


async def purge(
    databases: Databases,
    kafka: Cluster,
    ids: Sequence[str],
    merged_with: Sequence[str],
    not_waiting_for: Collection[str],
) -> Purged:
    """Delete the records that tell of the submissions, and of the cases that these were merged with.

    All that lies before them in the same partitions goes too. A partition that some group has not read so far is left
    as it is.
    """
    from linli.messaging.kafka import committed, delete_records  # noqa: PLC0415

    names = _with_stories(databases)
    marks, records = await _marks(kafka, names, {*ids}, {*ids, *merged_with})
    groups = await committed(kafka, names)
    for reader in READS:  # their own offsets count, not what they have told Kafka
        groups[databases.settings.topic(reader)] = await _stored(databases, reader)
    behind, blocked = set(), set()
    for group, read in groups.items():
        topics = {place.topic for place in read}
        late = {place for place, after in marks.items() if place.topic in topics and read.get(place, 0) < after}
        if late and group not in not_waiting_for:
            behind.add(group)
            blocked |= late
    free = {place: after for place, after in marks.items() if place not in blocked}
    if free:
        await delete_records(kafka, free)
    return Purged(records, len(free), sorted(behind))


def _with_stories(databases: Databases) -> list[str]:
    """The topics that may tell of a submission, by their full names: where only the newest is kept, no story is."""
    from linli.contracts.catalogue import topics  # noqa: PLC0415

    return [databases.settings.topic(topic.name) for topic in topics() if not topic.newest_only]


async def _stored(databases: Databases, reader: str) -> "dict[Place, int]":
    from linli.messaging.kafka import Place  # noqa: PLC0415

    prefix = f"{databases.settings.topic(reader)}/"
    found = {}
    async for doc in databases.of(reader).inbox_offsets.find({}):
        if doc["_id"].startswith(prefix):
            topic, _, partition = doc["_id"].removeprefix(prefix).rpartition("/")
            found[Place(topic, int(partition))] = int(doc["next"])
    return found


async def _marks(
    kafka: Cluster, topics: Sequence[str], erased: Set[str], concerned: Set[str]
) -> "tuple[Mapping[Place, int], int]":
    """For each partition with records about the cases, the offset behind the last one; how many there are."""
    from linli.messaging.kafka import look_at, read_all  # noqa: PLC0415

    state = await look_at(kafka, topics)
    if missing := [topic for topic in topics if topic not in state.topics]:
        raise CliError(
            say("Kafka has no {missing}.", missing=say(", ").join(missing)), say("Make it with: linli topics apply")
        )
    marks: dict[Place, int] = {}
    count = 0
    with counting(say("records"), sum(topic.records for topic in state.topics.values())) as advance:
        for topic in topics:
            async for record in read_all(kafka, topic):
                advance(1)
                if about(record, erased, concerned):
                    marks[record.place] = record.offset + 1
                    count += 1
    return marks, count


def about(record: "Received", erased: Set[str], concerned: Set[str]) -> bool:
    """Whether a record tells of one of the cases, by its key or, where none can be read, by its value.

    `concerned` are those that were erased and those merged with them, in which staff may have written of them.
    """
    headers = {name: value or b"" for name, value in record.headers}
    type = headers.get("ce_type", b"").decode(errors="replace")
    if type in _SAYS_NOTHING:
        return False
    ids = erased if type == _SAYS_WHO else concerned
    key = (record.key or b"").decode(errors="replace")
    if key[:SUBMISSION_ID] in ids or headers.get("ce_correlationid", b"").decode(errors="replace") in ids:
        return True
    readable = key and "ce_id" in headers
    return not readable and any(id.encode() in (record.value or b"") for id in ids)
