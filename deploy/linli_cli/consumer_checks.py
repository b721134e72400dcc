"""What `linli doctor` finds of the consumers: how far they have read, and who is a member of which group."""

import asyncio
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from linli_cli.databases import READERS, Databases
from linli_cli.finding import Finding, note, ok, wrong
from linli_cli.reading import lag, positions, topics_read
from linli_cli.replica_checks import HEARD_WITHIN, doubles, silent_for
from linli_cli.target import Target
from linli_cli.words import counted

if TYPE_CHECKING:
    from linli.kafka import GroupState

LOOKS_APART_SECONDS = 6.0
"""A consumer that is well commits several times in this."""
SETTLED = "Stable"


async def consumers(target: Target, databases: Databases) -> list[Finding]:
    """How far they have read, and their groups. What Kafka does not tell is unknown, and said to be."""
    from linli.kafka import KafkaUnavailable  # noqa: PLC0415 - `linli --help` need not wait for it

    findings = []
    for look in (_reading, _groups):
        try:
            findings += await look(target, databases)
        except KafkaUnavailable as error:
            what = "how far they have read" if look is _reading else "who is a member of their groups"
            said = f"Kafka does not tell {what} ({type(error).__name__})."
            findings.append(wrong("consumers", said, "See what is said of Kafka above, and look again."))
    return findings


async def _reading(target: Target, databases: Databases) -> list[Finding]:
    """Two looks: is there lag, and does it move?"""
    from linli.kafka import look_at  # noqa: PLC0415

    names = topics_read(databases)
    before = {reader: await positions(databases, reader) for reader in names}
    cluster = await look_at(target.kafka_bootstrap, list(names.values()))
    await asyncio.sleep(LOOKS_APART_SECONDS)
    findings = []
    for reader, topic in names.items():
        if state := cluster.topics.get(topic):
            after = await positions(databases, reader)
            findings.append(consumer(reader, lag(topic, state, after), moved=after != before[reader]))
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


async def _groups(target: Target, databases: Databases) -> list[Finding]:
    """Each consumer group with its members."""
    from linli.kafka import describe_groups  # noqa: PLC0415

    of = {reader: databases.settings.topic(reader) for reader in READERS.values()}
    found = await describe_groups(target.kafka_bootstrap, list(of.values()))
    findings = []
    for reader, group in of.items():
        running = [name for name, silent in (await silent_for(databases, reader)).items() if silent <= HEARD_WITHIN]
        findings += members(reader, found[group], running)
    return findings


def members(reader: str, group: "GroupState", running: Sequence[str]) -> list[Finding]:
    """A consumer group beside the processes of its service that have been heard of."""
    names = {re.sub(r"[^a-zA-Z0-9._-]", "-", name) for name in running}
    if group.state != SETTLED and group.members:
        return [note("consumers", f"{reader}'s group shares out its topics anew ({group.state}).", "Look again.")]
    if not group.members and not names:
        said = f"{reader}'s consumer group has no member: nothing is read."
        return [wrong("consumers", said, f"Start {reader}.")]
    unheard = set(group.members) - names
    findings = doubles(reader, sorted(set(group.members) | names), "consumers") if unheard else []
    if missing := sorted(names - set(group.members)):
        said = f"{', '.join(missing)} of {reader} runs and is no member of its consumer group."
        findings.append(wrong("consumers", said, "Its log says why: kafka_away, kafka_client_died. Or start it anew."))
    if unheard and not findings:
        said = f"{', '.join(sorted(unheard))} is a member of {reader}'s consumer group and has not been heard of."
        findings.append(note("consumers", said, "It was killed just now, hangs, or does not reach MongoDB: its log."))
    return findings or [ok("consumers", f"{reader}'s group: {counted(len(group.members), 'member')}, all there.")]
