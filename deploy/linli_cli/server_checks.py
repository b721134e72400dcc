"""What `linli doctor` and `linli upgrade --check` look at in MongoDB and Kafka."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from linli_cli.case_words import DEALT_WITH
from linli_cli.checks import disk, skew
from linli_cli.databases import OUTBOXES, Databases
from linli_cli.finding import Finding, ok, wrong
from linli_cli.reading import parked, unsent
from linli_cli.replica_checks import brokers
from linli_cli.target import Target
from linli_cli.words import counted

if TYPE_CHECKING:
    from linli.kafka import Survey, TopicSpec
    from linli.mongo import ReplicaSet


OUTBOX_AGE_SECONDS = 60.0
NAMED_AT_MOST = 5
"""Cases in a finding."""


# MongoDB --------------------------------------------------------------------------------------------------------------


async def mongodb(databases: Databases) -> tuple[bool, list[Finding]]:
    """Its replica set, its disk, its clock; and whether there is a primary, which is needed for all that follows."""
    from pymongo import ReadPreference  # noqa: PLC0415 - `linli --help` need not wait for it
    from pymongo.errors import PyMongoError  # noqa: PLC0415 - as above

    from linli import mongo  # noqa: PLC0415 - as above

    anybody = ReadPreference.PRIMARY_PREFERRED  # a member that is no primary can say why there is none
    admin = databases.client.admin
    try:
        async with asyncio.timeout(5):
            sent = datetime.now(UTC)
            hello = await admin.command("hello", read_preference=anybody)
            half = (datetime.now(UTC) - sent) / 2
            found = await mongo.replica_set(databases.client)
            stats = await databases.of("workflow").command("dbStats", read_preference=anybody)
    except (PyMongoError, TimeoutError) as error:
        said = f"MongoDB does not answer ({type(error).__name__})."
        return False, [wrong("mongodb", said, "Look whether mongod runs: linli status")]
    return found.primary is not None, [
        members(found),
        skew("mongod", _aware(hello["localTime"]), sent + half, half),
        disk("MongoDB's disk", int(stats["fsTotalSize"] - stats["fsUsedSize"]), int(stats["fsTotalSize"])),
    ]


def members(found: "ReplicaSet") -> Finding:
    """The replica set, in words."""
    if found.primary is None:
        states = ", ".join(f"{name} is {state}" for name, state in found.states.items())
        return wrong(
            "mongodb",
            f"The replica set has no primary: {states}.",
            f"More than half of its {counted(found.expected, 'member')} must run and reach one another. Start those "
            "that do not; a set of one that was renamed or moved needs rs.reconfig.",
        )
    if found.away:
        said = f"Members of the replica set are away: {', '.join(found.away)}."
        return wrong("mongodb", said, "Start them, or look at their logs.")
    return ok("mongodb", f"The replica set has a primary; {counted(found.expected, 'member')}, all well.")


async def outboxes(databases: Databases) -> list[Finding]:
    """What waits for Kafka, and since when; what waits for an operator."""
    findings = [outbox(service, *await unsent(databases, service), datetime.now(UTC)) for service in OUTBOXES]
    for service in OUTBOXES:
        if waiting := await parked(databases, service):
            todo = (
                f"Look: linli parked list --service {service}. Mend the cause, then replay or discard "
                "(docs/operations.md#parked-events)."
            )
            findings.append(wrong("parked", f"{service} has parked {counted(waiting, 'record')}.", todo))
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


async def kafka(target: Target, specs: "Sequence[TopicSpec]") -> "tuple[Survey | None, list[Finding]]":
    """The cluster, and its topics beside what is declared."""
    from linli.kafka import POSITIONS, KafkaUnavailable, survey  # noqa: PLC0415 - `linli --help` need not wait for it

    try:
        found = await survey(target.kafka_bootstrap, [*(spec.name for spec in specs), POSITIONS])
    except KafkaUnavailable as error:
        said = f"Kafka at {target.kafka_bootstrap} does not answer ({type(error).__name__})."
        todo = f"Start it: {target.start}. Meanwhile intake accepts, and events wait on disk."
        return None, [wrong("kafka", said, todo)]
    answers = ok("kafka", f"Kafka answers at {target.kafka_bootstrap}; {counted(len(found.brokers), 'broker')}.")
    return found, [answers, *brokers(found), *topics(found, specs)]


def topics(cluster: "Survey", specs: "Sequence[TopicSpec]") -> list[Finding]:
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


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)
