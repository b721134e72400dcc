"""`linli status`: shows what `linli_cli.operations.health` found out."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from linli_cli.connection.client import language_of
from linli_cli.connection.settings import TargetKind, load_settings
from linli_cli.connection.target import find_target, require_embedded_stack
from linli_cli.operations import deployed_health
from linli_cli.operations.databases import OUTBOXES
from linli_cli.operations.delivery_health import in_words
from linli_cli.operations.figures import KAFKA_AND_MONGODB, MONGODB, SERVICE, KafkaHealth, MongoHealth, ServiceEvents
from linli_cli.operations.health import ProcessHealth, StackHealth
from linli_cli.operations.replica_checks import HEARD_WITHIN
from linli_cli.terminal.errors import errors_apart
from linli_cli.terminal.language import say, sentence, term
from linli_cli.terminal.words import counted

NOT_HEALTHY = 1
NOT_RUNNING = 3
COLOURS = {"ready": "green", "starting": "yellow", "not ready": "red", "down": "red"}
SOURCES = {
    KAFKA_AND_MONGODB: sentence("Kafka and MongoDB, {age:.0f} s ago"),
    MONGODB: sentence("MongoDB, {age:.0f} s ago"),
    SERVICE: sentence("its own word, {age:.0f} s ago"),
}


def status(as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False) -> None:
    """Show the processes, brokers and replica set, the lag of each consumer group, the events, and the deliveries.

    Figures are taken from Kafka and MongoDB; where these do not answer, a service's own word is told as that.

    Exit code 0: all healthy. 1: something is not. 3: not running. 4: it could not be looked at.
    """
    with errors_apart():
        health, nowhere = _look()
        if health is None:
            message = nowhere.pop("message")
            print(json.dumps({"running": False, **nowhere}, ensure_ascii=False) if as_json else message)
            raise typer.Exit(NOT_RUNNING)
        if as_json:
            print(health.model_dump_json(indent=2))
        else:
            _show(health, Console())
        if not health.healthy:
            raise typer.Exit(NOT_HEALTHY)


def _look() -> tuple[StackHealth | None, dict[str, str]]:
    """How the deployment is, and what to tell when it is not there."""
    settings = load_settings()
    if settings.target is not TargetKind.EMBEDDED:
        target = find_target()
        asyncio.run(language_of(target))
        message = say(
            "Linli is not running: nothing answers of {name}. Start it: {start}", name=target.name, start=target.start
        )
        return deployed_health.look(target), {"target": target.name, "message": message}
    require_embedded_stack()
    from linli_cli.stack.embedded import health  # noqa: PLC0415 - needs the embedded stack's packages

    asyncio.run(language_of(find_target()))
    message = say("Linli is not running in {home} (LINLI_HOME). `linli up` starts it.", home=settings.home)
    return health.look(settings), {"home": str(settings.home), "message": message}


def _show(health: StackHealth, console: Console) -> None:
    supervisor = say(" Supervisor pid {pid}.", pid=health.supervisor_pid) if health.supervisor_pid else ""
    console.print(f"{headline(health.phase, health.processes)}{supervisor}", soft_wrap=True)
    console.print(_processes(health))
    for process in health.processes:
        if process.detail:
            values = {"name": process.name, "health": term(process.health), "detail": process.detail}
            console.print(escape(say("{name} is {health}: {detail}", **values)), soft_wrap=True)
    for line in (kafka_in_words(health.kafka), mongodb_in_words(health.mongodb), heard_of_in_words(health.heard_of)):
        console.print(escape(line), soft_wrap=True)
    console.print(_groups(health))
    console.print(_events(health))
    console.print(in_words(health.deliveries), soft_wrap=True)


def headline(phase: str, processes: Sequence[ProcessHealth]) -> str:
    """How it is, in one sentence that agrees with the table."""
    missing = say(", ").join(process.name for process in processes if process.health != "ready")
    if missing:
        return say("Linli is {phase}: {missing}.", phase=term(phase), missing=missing)
    return say("Linli is {phase}.", phase=term(phase))


def _processes(health: StackHealth) -> Table:
    table = Table(title=say("Processes"), title_justify="left")
    for column in (say("process"), "pid", say("address"), say("health"), say("uptime"), say("restarts")):
        table.add_column(column)
    for process in health.processes:
        table.add_row(
            process.name,
            _or_unknown(process.pid),
            process.address,
            f"[{COLOURS[process.health]}]{term(process.health)}[/]",
            _or_unknown(process.uptime_seconds and lasting(process.uptime_seconds)),
            _or_unknown(process.restarts),
        )
    return table


def _groups(health: StackHealth) -> Table:
    table = Table(title=say("Consumer groups"), title_justify="left")
    for column in (say("group"), say("lag"), say("by topic"), say("members"), say("from")):
        table.add_column(column)
    for group in health.groups:
        topics = say(", ").join(f"{topic} {lag}" for topic, lag in group.topics.items())
        members = _or_unknown(None if group.members is None else len(group.members))
        table.add_row(group.group, _or_unknown(group.lag), topics, members, came_from(group.source, group.at))
    return table


def _events(health: StackHealth) -> Table:
    table = Table(title=say("Events"), title_justify="left")
    for column in (say("service"), say("unsent"), say("oldest"), say("parked"), say("held"), say("from")):
        table.add_column(column)
    for service, counts in health.events.items():
        source = came_from(counts.source, counts.at) if counts else ""
        table.add_row(service, *(_counts(counts) if counts else [_or_unknown(None)] * 4), source)
    table.add_row(say("all"), _or_unknown(health.unsent), "", _or_unknown(health.parked), "", "", style="bold")
    return table


def came_from(source: str | None, at: datetime | None) -> str:
    """Who told a figure, and how old it is."""
    if source is None or at is None:
        return ""
    return say(SOURCES[source], age=(datetime.now(UTC) - at).total_seconds())


def lasting(seconds: float) -> str:
    """`0:01:30`, `2 days, 0:01:30`"""
    whole = timedelta(seconds=round(seconds))
    rest = str(whole - timedelta(days=whole.days))
    return say("{days}, {time}", days=counted(whole.days, "day"), time=rest) if whole.days else rest


def kafka_in_words(found: KafkaHealth | None) -> str:
    """One line below the processes."""
    if found is None:
        return say("Kafka's brokers: unknown; linli doctor says why.")
    copies = say("every copy in sync")
    if found.partitions_behind:
        behind = counted(found.partitions_behind, "partition")
        copies = say("{partitions} with a copy that is not in sync", partitions=behind)
    if found.partitions_leaderless:
        leaderless = counted(found.partitions_leaderless, "partition")
        copies += say(", {partitions} without a leader", partitions=leaderless)
    return say(
        "Kafka's brokers: {brokers} of {expected}{away}; {copies}.",
        brokers=found.brokers,
        expected=found.expected,
        away=_away(found.away),
        copies=copies,
    )


def mongodb_in_words(found: MongoHealth | None) -> str:
    """The same for the replica set."""
    if found is None:
        return say("MongoDB's replica set: unknown; linli doctor says why.")
    led = say("no primary, so nothing is written")
    if found.primary:
        led = say("{name} is primary", name=found.primary)
    return say(
        "MongoDB's replica set: {there} of {members}{away}; {led}.",
        there=found.members,
        members=counted(found.expected, "member"),
        away=_away(found.away),
        led=led,
    )


def _away(them: Sequence[object]) -> str:
    return say(" (away: {them})", them=say(", ").join(map(str, them))) if them else ""


def heard_of_in_words(found: Mapping[str, Mapping[str, float]]) -> str:
    """Of each service how many processes there are, and which of them have fallen silent."""
    within = HEARD_WITHIN.total_seconds()
    parts = []
    for service in OUTBOXES:
        if service not in found:
            parts.append(f"{service} {_or_unknown(None)}")
            continue
        ages = [(name, age) for name, age in found[service].items() if age > within]
        silent = [say("({name} silent for {age:.0f} s)", name=name, age=age) for name, age in ages]
        parts.append(" ".join([service, str(len(found[service]) - len(silent)), *silent]))
    return say("Processes heard of: {told}.", told=say(", ").join(parts))


def _counts(counts: ServiceEvents) -> list[str]:
    age = counts.unsent_age_seconds
    values = [counts.unsent, None if age is None else say("{age:.0f} s", age=age), counts.parked, counts.held]
    return ["–" if value is None else str(value) for value in values]


def _or_unknown(value: object) -> str:
    return say("unknown") if value is None else str(value)
