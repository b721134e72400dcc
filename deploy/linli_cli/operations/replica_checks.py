"""What `linli doctor` finds of many: brokers and copies, and a service's processes.

From Kafka and MongoDB themselves: a process that hangs cannot say so, and one that answers does not know of the others.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linli_cli.operations.databases import OUTBOXES, Databases
from linli_cli.operations.finding import Finding, note, ok, wrong
from linli_cli.terminal.language import say
from linli_cli.terminal.words import counted

if TYPE_CHECKING:
    from linli.messaging.kafka import Survey

HEARD_WITHIN = timedelta(seconds=10)
"""A process writes itself down every two seconds."""
REMEMBERED = timedelta(hours=1)
"""Longer ago it was taken away, and not asked to end."""

NAMED_ANEW = re.compile(r"-[0-9a-f]{8}")
"""What a process adds to its name when it finds that another one has it."""


# Kafka ----------------------------------------------------------------------------------------------------------------


def brokers(cluster: "Survey") -> list[Finding]:
    """Those that hold copies and are not there; topics with a copy that is behind, or that nobody leads."""
    findings = []
    if cluster.away:
        message = say(
            "{brokers} that should hold copies is away: {named}."
            if len(cluster.away) == 1
            else "{brokers} that should hold copies are away: {named}.",
            brokers=counted(len(cluster.away), "broker"),
            named=say(", ").join(map(str, cluster.away)),
        )
        todo = say("Start it, or look at its log: a full disk, a host that is gone.")
        findings.append(wrong("kafka", message, todo))
    elif len(cluster.brokers) < cluster.expected:
        message = say(
            "{there} of the {expected} brokers that Kafka's address names are there.",
            there=len(cluster.brokers),
            expected=cluster.expected,
        )
        todo = say("Start the others, or leave them out of LINLI_KAFKA_BOOTSTRAP.")
        findings.append(wrong("kafka", message, todo))
    if led_by_nobody := sorted(name for name, topic in cluster.topics.items() if topic.leaderless):
        message = say(
            "Partitions that no broker leads, so that nothing is written or read: {topics}.",
            topics=say(", ").join(led_by_nobody),
        )
        findings.append(wrong("kafka", message, say("Start the brokers that have their copies.")))
    if behind := sorted(name for name, topic in cluster.topics.items() if topic.behind):
        topics = say(", ").join(f"{name} ({cluster.topics[name].behind})" for name in behind)
        message = say("Copies that are not in sync: {topics}.", topics=topics)
        todo = say("They catch up by themselves once every broker runs; if not, its log.")
        findings.append(wrong("kafka", message, todo))
    return findings or [ok("kafka", say("Every broker that holds a copy is there, and every copy in sync."))]


# MongoDB --------------------------------------------------------------------------------------------------------------


def replicas(service: str, silent_for: Mapping[str, timedelta], there: Sequence[str] | None = None) -> list[Finding]:
    """A service's processes by when they were last heard of, beside what is `there` (None: not known)."""
    heard = sorted(name for name, silent in silent_for.items() if silent <= HEARD_WITHIN)
    findings = doubles(service, heard, "services")
    if there is not None and len(heard) < len(there):
        message = say(
            "{service}: {count} should write themselves down ({there}); heard of: {heard}.",
            service=service,
            count=len(there),
            there=say(", ").join(there),
            heard=say(", ").join(heard) or say("none"),
        )
        todo = say("The others hang, do not reach MongoDB, or have another database than this one: their logs.")
        findings.append(wrong("services", message, todo))
    if heard and not findings:
        processes = counted(len(heard), "process", "processes")
        message = say(
            "{service}: {processes}: {heard}.", service=service, processes=processes, heard=say(", ").join(heard)
        )
        findings.append(ok("services", message))
    for name, silent in sorted(silent_for.items()):
        if HEARD_WITHIN < silent <= REMEMBERED:
            message = say(
                "{name} of {service} has not been heard of for {seconds:.0f} s.",
                name=name,
                service=service,
                seconds=silent.total_seconds(),
            )
            todo = say("It was killed, hangs, or does not reach MongoDB: its log.")
            findings.append(note("services", message, todo))
    return findings


def doubles(service: str, names: Collection[str], check: str) -> list[Finding]:
    """Processes that had to take another name, since somebody else has theirs."""
    return [
        wrong(
            check,
            say("Two processes of {service} call themselves {name}.", service=service, name=name[:-9]),
            say(
                "Give each replica a LINLI_INSTANCE and a host name of its own, or none: the container's is used then."
            ),
        )
        for name in names
        if NAMED_ANEW.fullmatch(name[-9:]) and name[:-9] in names
    ]


async def processes(databases: Databases, there: Mapping[str, Sequence[str]]) -> list[Finding]:
    """Of all services, as they write themselves down, beside what is `there` of each."""
    return [each for name in OUTBOXES for each in replicas(name, await silent_for(databases, name), there.get(name))]


async def silent_for(databases: Databases, service: str) -> dict[str, timedelta]:
    """Name of a process → how long it has not been heard of."""
    from linli.storage import mongo  # noqa: PLC0415 - `linli --help` need not wait for it

    database = databases.of(service)
    now: datetime = await mongo.server_time(database)
    return {str(each["_id"]): now - each["at"] async for each in database.members.find({}, {"at": 1})}
