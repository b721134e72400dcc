"""What `linli doctor` and `linli upgrade --check` look at in MongoDB and Kafka."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from linli_cli.case_words import DEALT_WITH
from linli_cli.checks import disk, skew
from linli_cli.databases import OUTBOXES, Databases
from linli_cli.finding import Finding, note, ok, wrong
from linli_cli.replica_checks import brokers
from linli_cli.target import Target
from linli_cli.words import counted

if TYPE_CHECKING:
    from linli.kafka import ClusterState, TopicSpec


OUTBOX_AGE_SECONDS = 60.0
LOOKS_APART_SECONDS = 6.0
"""A consumer that is well commits several times in this."""
NAMED_AT_MOST = 5
"""Cases in a finding."""
PRIMARY, GOOD_STATES = 1, {1, 2, 7}
"""MongoDB's member states: primary, secondary, arbiter."""


# MongoDB --------------------------------------------------------------------------------------------------------------


async def mongodb(databases: Databases) -> list[Finding]:
    """Its replica set, its disk, its clock. A primary is needed for all that follows."""
    from pymongo import ReadPreference  # noqa: PLC0415 - `linli --help` need not wait for it
    from pymongo.errors import PyMongoError  # noqa: PLC0415 - as above

    anybody = ReadPreference.PRIMARY_PREFERRED  # a member that is no primary can say why there is none
    admin = databases.client.admin
    try:
        async with asyncio.timeout(5):
            hello = await admin.command("hello", read_preference=anybody)
            sent = datetime.now(UTC)
            status = await admin.command("replSetGetStatus", read_preference=anybody)
            stats = await databases.of("workflow").command("dbStats", read_preference=anybody)
    except (PyMongoError, TimeoutError) as error:
        return [
            wrong(
                "mongodb",
                f"MongoDB does not answer ({type(error).__name__}).",
                "Look whether mongod runs: linli status",
            )
        ]
    return [
        members(status),
        skew("mongod", _aware(hello["localTime"]), sent),
        disk("MongoDB's disk", int(stats["fsTotalSize"] - stats["fsUsedSize"]), int(stats["fsTotalSize"])),
    ]


def members(status: Mapping[str, Any]) -> Finding:
    """`replSetGetStatus`, in words."""
    found = status["members"]
    away = [each["name"] for each in found if each["state"] not in GOOD_STATES]
    if not any(each["state"] == PRIMARY for each in found):
        states = ", ".join(f"{each['name']} is {each['stateStr']}" for each in found)
        return wrong(
            "mongodb",
            f"The replica set has no primary: {states}.",
            f"More than half of its {counted(len(found), 'member')} must run and reach one another. Start those that "
            "do not; a set of one that was renamed or moved needs rs.reconfig.",
        )
    if away:
        return wrong(
            "mongodb", f"Members of the replica set are away: {', '.join(away)}.", "Start them, or look at their logs."
        )
    return ok("mongodb", f"The replica set has a primary; {counted(len(found), 'member')}, all well.")


async def outboxes(databases: Databases) -> list[Finding]:
    """What waits for Kafka, and since when; what waits for an operator."""
    findings = []
    for service, collections in OUTBOXES.items():
        count, oldest = 0, None
        for name in collections:
            unsent = {"unsent_since": {"$exists": True}}
            collection = databases.of(service)[name]
            count += await collection.count_documents(unsent)
            first = await collection.find_one(unsent, {"unsent_since": 1}, sort=[("unsent_since", 1)])
            if first and (oldest is None or first["unsent_since"] < oldest):
                oldest = first["unsent_since"]
        findings.append(outbox(service, count, oldest, datetime.now(UTC)))
    for service in OUTBOXES:
        parked = await databases.of(service).inbox_parked.count_documents({"state": "parked"})
        if parked:
            todo = (
                f"Look: linli parked list --service {service}. Mend the cause, then replay or discard "
                "(docs/operations.md#parked-events)."
            )
            findings.append(wrong("parked", f"{service} has parked {counted(parked, 'record')}.", todo))
    return findings


def outbox(service: str, count: int, oldest: datetime | None, now: datetime) -> Finding:
    """Events that a service has on disk and Kafka has not."""
    age = (now - oldest).total_seconds() if oldest else 0.0
    if age <= OUTBOX_AGE_SECONDS:
        return ok("outbox", f"{service}: {count} unsent.")
    return wrong(
        "outbox",
        f"{service} has {counted(count, 'event')} unsent, the oldest for {age:.0f} s.",
        f"Kafka is away or refuses them, or {service} does not run; what it says: its log, publish_failed.",
    )


async def cases_of_nobody(databases: Databases) -> list[Finding]:
    """Those to be dealt with by parties that are none of their community's, as the data are now."""
    workflow = databases.of("workflow")
    findings = []
    async for head in workflow.communities.find({}, {"version": 1}).sort("_id", 1):
        id, version = head["_id"], await workflow.community_versions.find_one(f"{head['_id']}:{head['version']}")
        known = [party["id"] for party in json.loads(version["data"])["parties"]] if version else []
        lost = {"community": id, "state": {"$in": sorted(DEALT_WITH)}, "party": {"$nin": known}, "merged_into": None}
        some = await workflow.cases.find(lost, {"party": 1}).sort("_id", 1).to_list(NAMED_AT_MOST)
        findings.append(
            of_nobody(id, await workflow.cases.count_documents(lost), [(c["_id"], c["party"]) for c in some])
        )
    return findings


def of_nobody(community: str, count: int, some: Sequence[tuple[str, str]]) -> Finding:
    """`some` of the cases, each with its party."""
    if not count:
        return ok("cases", f"{community}: every party that has a case to deal with is there.")
    named = ", ".join(f"{id} ({party})" for id, party in some)
    more = " and others" if count > len(some) else ""
    return wrong(
        "cases",
        f"{community}: {counted(count, 'case')} with a party that is in its data no more: {named}{more}.",
        "Give each to another party: linli act CASE reassign --to PARTY. The triage desk sees them too.",
    )


# Kafka ----------------------------------------------------------------------------------------------------------------


async def kafka(target: Target, specs: "Sequence[TopicSpec]") -> "tuple[ClusterState | None, list[Finding]]":
    """The cluster, and its topics beside what is declared."""
    from linli.kafka import KafkaUnavailable, look_at  # noqa: PLC0415 - `linli --help` need not wait for it

    try:
        cluster = await look_at(target.kafka_bootstrap, [spec.name for spec in specs])
    except KafkaUnavailable as error:
        said = f"Kafka at {target.kafka_bootstrap} does not answer ({type(error).__name__})."
        todo = f"Start it: {target.start}. Meanwhile intake accepts, and events wait on disk."
        return None, [wrong("kafka", said, todo)]
    answers = ok("kafka", f"Kafka answers at {target.kafka_bootstrap}; {counted(cluster.brokers, 'broker')}.")
    return cluster, [answers, *brokers(cluster), *topics(cluster, specs)]


def topics(cluster: "ClusterState", specs: "Sequence[TopicSpec]") -> list[Finding]:
    """Those that are missing or too small."""
    findings = []
    for spec in specs:
        found = cluster.topics.get(spec.name)
        if found is None:
            todo = "Make it: linli topics apply. If it was there before, then: linli outbox resend --since TIME"
            findings.append(wrong("topics", f"The topic {spec.name} is missing.", todo))
        elif found.partitions < spec.partitions:
            said = f"{spec.name} has {counted(found.partitions, 'partition')}; {spec.partitions} are declared."
            todo = "While the topic is drained (linli status: lag 0): linli topics apply"
            findings.append(wrong("topics", said, todo))
    return findings or [ok("topics", f"All {len(specs)} are there, with their partitions.")]


Positions = dict[tuple[str, int], int]
"""Topic and partition → the next offset."""


async def consumers(target: Target, databases: Databases) -> list[Finding]:
    """Two looks: is there lag, and does it move?"""
    from linli.kafka import look_at  # noqa: PLC0415

    names = {reader: databases.settings.topic(topic) for reader, topic in (("workflow", "intake"), ("notify", "cases"))}
    before = {reader: await _positions(databases, reader) for reader in names}
    cluster = await look_at(target.kafka_bootstrap, list(names.values()))
    await asyncio.sleep(LOOKS_APART_SECONDS)
    findings = []
    for reader, topic in names.items():
        state = cluster.topics.get(topic)
        if state is None:
            continue
        after = await _positions(databases, reader)
        lag = sum(
            max(0, end - max(begin, after.get((topic, partition), begin)))
            for partition, (begin, end) in enumerate(zip(state.begins, state.ends, strict=True))
        )
        findings.append(consumer(reader, lag, moved=after != before[reader]))
    return findings


def consumer(reader: str, lag: int, *, moved: bool) -> Finding:
    """`lag` is what it had before it at the first look and has still."""
    if not lag:
        return ok("consumers", f"{reader} has read all there was.")
    if moved:
        return note("consumers", f"{reader} is {counted(lag, 'record')} behind, and reads on.")
    return wrong(
        "consumers",
        f"{reader} is stuck: {counted(lag, 'record')} before it, and nothing read in {LOOKS_APART_SECONDS:.0f} s.",
        f"If {reader} does not run, start it. If it does, it ends itself after 120 s of this and is started anew; its "
        "log says why.",
    )


async def _positions(databases: Databases, reader: str) -> Positions:
    found: Positions = {}
    async for document in databases.of(reader).inbox_offsets.find({}, {"next": 1}):
        _, topic, partition = document["_id"].rsplit("/", 2)
        found[topic, int(partition)] = document["next"]
    return found


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)
