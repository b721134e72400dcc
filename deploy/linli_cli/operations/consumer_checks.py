"""What `linli doctor` finds of the consumers: how far they have read, and who is a member of which group."""

import asyncio
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from linli_cli.connection.target import Target
from linli_cli.operations.databases import READS, Databases
from linli_cli.operations.finding import Finding, note, ok, wrong
from linli_cli.operations.reading import lag, positions, topics_read
from linli_cli.operations.replica_checks import HEARD_WITHIN, doubles, silent_for
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say, sentence
from linli_cli.terminal.words import counted

if TYPE_CHECKING:
    from linli.messaging.kafka import GroupState

LOOKS_APART_SECONDS = 6.0
"""A consumer that is well commits several times in this."""
SETTLED = "Stable"
UNTOLD = {
    True: sentence("Kafka does not tell how far they have read ({error})."),
    False: sentence("Kafka does not tell who is a member of their groups ({error})."),
}
"""Whether it is of their reading → what is said."""


async def consumers(target: Target, databases: Databases) -> list[Finding]:
    """How far they have read, and their groups. What Kafka does not tell is unknown, and said to be."""
    from linli.messaging.kafka import KafkaUnavailable  # noqa: PLC0415 - `linli --help` need not wait for it

    unknown: tuple[type[Exception], ...] = (*KafkaUnavailable, CliError)
    findings = []
    for look in (_reading, _groups):
        try:
            findings += await look(target, databases)
        except unknown as error:
            message = say(UNTOLD[look is _reading], error=type(error).__name__)
            findings.append(wrong("consumers", message, say("See what is said of Kafka above, and look again.")))
    return findings


async def _reading(target: Target, databases: Databases) -> list[Finding]:
    """Two looks: is there lag, and does it move?"""
    from linli.messaging.kafka import look_at  # noqa: PLC0415

    names = topics_read(databases)
    before = {reader: await positions(databases, reader) for reader in names}
    cluster = await look_at(target.kafka, [topic for topics in names.values() for topic in topics])
    await asyncio.sleep(LOOKS_APART_SECONDS)
    findings = []
    for reader, topics in names.items():
        if states := {topic: state for topic in topics if (state := cluster.topics.get(topic))}:
            after = await positions(databases, reader)
            behind = sum(lag(topic, state, after) for topic, state in states.items())
            findings.append(consumer(reader, behind, moved=after != before[reader]))
    return findings


def consumer(reader: str, lag: int, *, moved: bool) -> Finding:
    """`lag` is what it had before it at the first look and has still."""
    if not lag:
        return ok("consumers", say("{reader} has read all there was.", reader=reader))
    records = counted(lag, "record")
    if moved:
        return note("consumers", say("{reader} is {records} behind, and reads on.", reader=reader, records=records))
    return wrong(
        "consumers",
        say(
            "{reader} is stuck: {records} before it, and nothing read in {seconds:.0f} s.",
            reader=reader,
            records=records,
            seconds=LOOKS_APART_SECONDS,
        ),
        say(
            "If {reader} does not run, start it. If it does, it ends itself after 120 s of this and is started anew; "
            "its log says why.",
            reader=reader,
        ),
    )


async def _groups(target: Target, databases: Databases) -> list[Finding]:
    """Each consumer group with its members."""
    from linli.messaging.kafka import describe_groups  # noqa: PLC0415

    of = {reader: databases.settings.topic(reader) for reader in READS}
    found = await describe_groups(target.kafka, list(of.values()))
    findings = []
    for reader, group in of.items():
        running = [name for name, silent in (await silent_for(databases, reader)).items() if silent <= HEARD_WITHIN]
        findings += members(reader, found[group], running)
    return findings


def members(reader: str, group: "GroupState", running: Sequence[str]) -> list[Finding]:
    """A consumer group beside the processes of its service that have been heard of."""
    names = {re.sub(r"[^a-zA-Z0-9._-]", "-", name) for name in running}
    if group.state != SETTLED and group.members:
        message = say("{reader}'s group shares out its topics anew ({state}).", reader=reader, state=group.state)
        return [note("consumers", message, say("Look again."))]
    if not group.members and not names:
        message = say("{reader}'s consumer group has no member: nothing is read.", reader=reader)
        return [wrong("consumers", message, say("Start {reader}.", reader=reader))]
    unheard = set(group.members) - names
    findings = doubles(reader, sorted(set(group.members) | names), "consumers") if unheard else []
    if missing := sorted(names - set(group.members)):
        message = say(
            "{missing} of {reader} runs and is no member of its consumer group.",
            missing=say(", ").join(missing),
            reader=reader,
        )
        todo = say("Its log says why: kafka_away, kafka_client_died. Or start it anew.")
        findings.append(wrong("consumers", message, todo))
    if unheard and not findings:
        message = say(
            "{unheard} is a member of {reader}'s consumer group and has not been heard of.",
            unheard=say(", ").join(sorted(unheard)),
            reader=reader,
        )
        todo = say("It was killed just now, hangs, or does not reach MongoDB: its log.")
        findings.append(note("consumers", message, todo))
    everybody = counted(len(group.members), "member")
    return findings or [
        ok("consumers", say("{reader}'s group: {members}, all there.", reader=reader, members=everybody))
    ]
