"""What `linli doctor` and `linli upgrade --check` look at in MongoDB and Kafka."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from linli_cli.cases.case_words import DEALT_WITH
from linli_cli.connection.target import Target
from linli_cli.operations.checks import disk, skew
from linli_cli.operations.databases import OUTBOXES, Databases
from linli_cli.operations.finding import Finding, ok, wrong
from linli_cli.operations.reading import parked, unsent
from linli_cli.operations.replica_checks import brokers
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say
from linli_cli.terminal.words import counted

if TYPE_CHECKING:
    from linli.messaging.kafka import Survey, TopicSpec
    from linli.storage.mongo import ReplicaSet


OUTBOX_AGE_SECONDS = 60.0
NAMED_AT_MOST = 5
"""Cases in a finding."""


# MongoDB --------------------------------------------------------------------------------------------------------------


async def mongodb(databases: Databases) -> tuple[bool, list[Finding]]:
    """Its replica set, its disk, its clock; and whether there is a primary, which is needed for all that follows."""
    from pymongo import ReadPreference  # noqa: PLC0415 - `linli --help` need not wait for it
    from pymongo.errors import PyMongoError  # noqa: PLC0415 - as above

    from linli.storage import mongo  # noqa: PLC0415 - as above

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
        message = say("MongoDB does not answer ({error}).", error=type(error).__name__)
        return False, [wrong("mongodb", message, say("Look whether mongod runs: linli status"))]
    return found.primary is not None, [
        members(found),
        skew("mongod", _aware(hello["localTime"]), sent + half, half),
        disk(say("MongoDB's disk"), int(stats["fsTotalSize"] - stats["fsUsedSize"]), int(stats["fsTotalSize"])),
    ]


def members(found: "ReplicaSet") -> Finding:
    """The replica set, in words."""
    if found.primary is None:
        states = say(", ").join(
            say("{name} is {state}", name=name, state=state) for name, state in found.states.items()
        )
        return wrong(
            "mongodb",
            say("The replica set has no primary: {states}.", states=states),
            say(
                "More than half of its {members} must run and reach one another. Start those that do not; a set of one "
                "that was renamed or moved needs rs.reconfig.",
                members=counted(found.expected, "member"),
            ),
        )
    if found.away:
        message = say("Members of the replica set are away: {away}.", away=say(", ").join(found.away))
        return wrong("mongodb", message, say("Start them, or look at their logs."))
    everybody = counted(found.expected, "member")
    return ok("mongodb", say("The replica set has a primary; {members}, all well.", members=everybody))


async def outboxes(databases: Databases) -> list[Finding]:
    """What waits for Kafka, and since when; what waits for an operator."""
    now = await databases.now()
    findings = [outbox(service, *await unsent(databases, service), now) for service in OUTBOXES]
    for service in OUTBOXES:
        if waiting := await parked(databases, service):
            message = say("{service} has parked {records}.", service=service, records=counted(waiting, "record"))
            todo = say(
                "Look: linli parked list --service {service}. Mend the cause, then replay or discard "
                "(docs/operations.md#parked-events).",
                service=service,
            )
            findings.append(wrong("parked", message, todo))
    return findings


def outbox(service: str, count: int, oldest: datetime | None, now: datetime) -> Finding:
    """Events that a service has on disk and Kafka has not."""
    age = (now - oldest).total_seconds() if oldest else 0.0
    if age <= OUTBOX_AGE_SECONDS:
        return ok("outbox", say("{service}: {count} unsent.", service=service, count=count))
    return wrong(
        "outbox",
        say(
            "{service} has {events} unsent, the oldest for {age:.0f} s.",
            service=service,
            events=counted(count, "event"),
            age=age,
        ),
        say(
            "Kafka is away or refuses them, or {service} does not run; what it says: its log, publish_failed.",
            service=service,
        ),
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
        message = say("{community}: every party that has a case to deal with is there.", community=community)
        return ok("cases", message)
    message = say(
        "{community}: {cases} with a party that is in its data no more: {named}{more}.",
        community=community,
        cases=counted(count, "case"),
        named=say(", ").join(f"{id} ({party})" for id, party in some),
        more=say(" and others") if count > len(some) else "",
    )
    todo = say("Give each to another party: linli act CASE reassign --to PARTY. The triage desk sees them too.")
    return wrong("cases", message, todo)


# Kafka ----------------------------------------------------------------------------------------------------------------


async def kafka(target: Target, specs: "Sequence[TopicSpec]") -> "tuple[Survey | None, list[Finding]]":
    """The cluster, and its topics beside what is declared."""
    from linli.messaging.kafka import POSITIONS, KafkaUnavailable, survey  # noqa: PLC0415 - `linli --help` need not wait for it

    try:
        found = await survey(target.kafka, [*(spec.name for spec in specs), POSITIONS])
    except KafkaUnavailable as error:
        message = say("Kafka at {at} does not answer ({error}).", at=target.kafka_bootstrap, error=type(error).__name__)
        todo = say("Start it: {start}. Meanwhile intake accepts, and events wait on disk.", start=target.start)
        return None, [wrong("kafka", message, todo)]
    except CliError as error:
        message = say("Kafka's password cannot be read: {error}", error=error.message)
        return None, [wrong("kafka", message, say("Is the deployment up? {start}", start=target.start))]
    there = counted(len(found.brokers), "broker")
    answers = say("Kafka answers at {at}; {brokers}.", at=target.kafka_bootstrap, brokers=there)
    return found, [ok("kafka", answers), *brokers(found), *topics(found, specs)]


def topics(cluster: "Survey", specs: "Sequence[TopicSpec]") -> list[Finding]:
    """Those that are missing or too small."""
    findings = []
    for spec in specs:
        found = cluster.topics.get(spec.name)
        if found is None:
            todo = say("Make it: linli topics apply. If it was there before, then: linli outbox resend --since TIME")
            findings.append(wrong("topics", say("The topic {name} is missing.", name=spec.name), todo))
        elif found.partitions < spec.partitions:
            message = say(
                "{name} has {partitions}; {declared} are declared.",
                name=spec.name,
                partitions=counted(found.partitions, "partition"),
                declared=spec.partitions,
            )
            todo = say("Add them: linli topics apply")
            findings.append(wrong("topics", message, todo))
    return findings or [ok("topics", say("All {count} are there, with their partitions.", count=len(specs)))]


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)
