"""What `linli doctor` finds of many: brokers and copies, a service's processes, the members of a consumer group.

From Kafka and MongoDB themselves: a process that hangs cannot say so, and one that answers does not know of the others.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linli_cli.databases import OUTBOXES, Databases
from linli_cli.finding import Finding, note, ok, wrong
from linli_cli.target import Target
from linli_cli.words import counted

if TYPE_CHECKING:
    from linli.kafka import ClusterState, GroupState

HEARD_WITHIN = timedelta(seconds=10)
"""A process writes itself down every two seconds."""
REMEMBERED = timedelta(hours=1)
"""Longer ago it was taken away, and not asked to end."""
NAMED_ANEW = re.compile(r"-[0-9a-f]{8}")
"""What a process adds to its name when it finds that another one has it."""
SETTLED = "Stable"


# Kafka ----------------------------------------------------------------------------------------------------------------


def brokers(cluster: "ClusterState") -> list[Finding]:
    """Those that hold copies and are not there; topics with a copy that is behind, or that nobody leads."""
    findings = []
    if cluster.away:
        named = ", ".join(str(id) for id in cluster.away)
        said = f"{counted(len(cluster.away), 'broker')} that should hold copies {_are(cluster.away)} away: {named}."
        findings.append(wrong("kafka", said, "Start it, or look at its log: a full disk, a host that is gone."))
    if led_by_nobody := sorted(name for name, topic in cluster.topics.items() if topic.leaderless):
        said = f"Partitions that no broker leads, so that nothing is written or read: {', '.join(led_by_nobody)}."
        findings.append(wrong("kafka", said, "Start the brokers that have their copies."))
    if behind := sorted(name for name, topic in cluster.topics.items() if topic.behind):
        said = f"Copies that are not in sync: {', '.join(f'{n} ({cluster.topics[n].behind})' for n in behind)}."
        findings.append(wrong("kafka", said, "They catch up by themselves once every broker runs; if not, its log."))
    return findings or [ok("kafka", "Every broker that holds a copy is there, and every copy in sync.")]


def members(reader: str, group: "GroupState", running: Sequence[str]) -> list[Finding]:
    """A consumer group beside the processes of its service that have been heard of."""
    names = {re.sub(r"[^a-zA-Z0-9._-]", "-", name) for name in running}
    if group.state != SETTLED and group.members:
        return [note("consumers", f"{reader}'s group shares out its topics anew ({group.state}).", "Look again.")]
    doubles = [name for name in group.members if NAMED_ANEW.fullmatch(name[-9:]) and name[:-9] in group.members]
    findings = [
        wrong(
            "consumers",
            f"Two processes of {reader} call themselves {name[:-9]}.",
            "Give each replica a LINLI_INSTANCE and a host name of its own, or none: the container's is used then.",
        )
        for name in doubles
    ]
    if missing := sorted(names - set(group.members)):
        said = f"{', '.join(missing)} of {reader} runs and is no member of its consumer group."
        findings.append(wrong("consumers", said, "Its log says why: kafka_away, kafka_client_died. Or start it anew."))
    if not group.members and not names:
        said = f"{reader}'s consumer group has no member: nothing is read."
        findings.append(wrong("consumers", said, f"Start {reader}."))
    return findings or [ok("consumers", f"{reader}'s group: {counted(len(group.members), 'member')}, all there.")]


async def groups(target: Target, databases: Databases) -> list[Finding]:
    """Each consumer group with its members."""
    from linli.kafka import describe_groups  # noqa: PLC0415 - `linli --help` need not wait for it

    of = {reader: databases.settings.topic(reader) for reader in ("workflow", "notify")}
    found = await describe_groups(target.kafka_bootstrap, list(of.values()))
    findings = []
    for reader, group in of.items():
        running = [name for name, silent in (await _silent_for(databases, reader)).items() if silent <= HEARD_WITHIN]
        findings += members(reader, found[group], running)
    return findings


def _are(many: Sequence[object]) -> str:
    return "is" if len(many) == 1 else "are"


# MongoDB --------------------------------------------------------------------------------------------------------------


def replicas(service: str, silent_for: Mapping[str, timedelta]) -> list[Finding]:
    """A service's processes by when they were last heard of."""
    heard = sorted(name for name, silent in silent_for.items() if silent <= HEARD_WITHIN)
    findings = (
        [ok("services", f"{service}: {counted(len(heard), 'process', 'processes')}: {', '.join(heard)}.")]
        if heard
        else []
    )
    for name, silent in sorted(silent_for.items()):
        if HEARD_WITHIN < silent <= REMEMBERED:
            said = f"{name} of {service} has not been heard of for {silent.total_seconds():.0f} s."
            findings.append(note("services", said, "It was killed, hangs, or does not reach MongoDB: its log."))
    return findings


async def processes(databases: Databases) -> list[Finding]:
    """Of all three services, as they write themselves down."""
    return [each for name in OUTBOXES for each in replicas(name, await _silent_for(databases, name))]


async def _silent_for(databases: Databases, service: str) -> dict[str, timedelta]:
    from linli import mongo  # noqa: PLC0415 - `linli --help` need not wait for it

    database = databases.of(service)
    now: datetime = await mongo.server_time(database)
    return {str(each["_id"]): now - each["at"] async for each in database.members.find({}, {"at": 1})}
