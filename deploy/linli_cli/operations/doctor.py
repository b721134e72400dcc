"""`linli doctor`: what is wrong with a deployment, and what to do."""

import asyncio
from typing import Annotated

import typer

from linli_cli.community import point_checks
from linli_cli.connection.client import language_of
from linli_cli.connection.settings import LOOPBACK, TargetKind, load_settings
from linli_cli.connection.target import Target, find_target
from linli_cli.operations import checks, consumer_checks, delivery_health, replica_checks, server_checks
from linli_cli.operations.databases import connected
from linli_cli.operations.finding import Finding, note, show, wrong
from linli_cli.operations.health import ProcessHealth
from linli_cli.operations.topics import topics_here
from linli_cli.terminal.errors import errors_apart
from linli_cli.terminal.language import say, term


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one line of JSON.")] = False,
) -> None:
    """Say what is wrong and what to do: ports, services, clocks, disk, keys, MongoDB, Kafka, topics, consumers, outbox.

    And who was not told.

    Takes about ten seconds, since it looks twice whether the consumers move. Changes nothing.

    Exit code 0: nothing is wrong. 1: something is. 4: it could not be looked at; why is on stderr.
    """
    with errors_apart():
        target = find_target()
        asyncio.run(language_of(target))
        findings = asyncio.run(examine(target))
    if not show(findings, as_json=as_json):
        raise typer.Exit(1)


async def examine(target: Target) -> list[Finding]:
    """Everything that can be looked at; what cannot is a finding too."""
    findings = [*checks.key_files(target), *_disk(target)]
    if stopped := _stopped(target):
        return [*findings, *stopped]
    of_services, answering = await checks.services(target)
    findings += [*of_services, *checks.containers(target), *_access(target)]
    findings += await checks.holidays(target)
    cluster, of_kafka = await server_checks.kafka(target, topics_here())
    findings += of_kafka
    async with connected(target) as databases:
        if isinstance(databases, Finding):
            return [*findings, databases, _without_mongodb()]
        has_primary, of_mongo = await server_checks.mongodb(databases)
        findings += of_mongo
        if not has_primary:
            return [*findings, _without_mongodb()]
        findings += await replica_checks.processes(databases, checks.there(target, answering))
        findings += await server_checks.outboxes(databases)
        findings += await server_checks.cases_of_nobody(databases)
        findings += await point_checks.points(databases)
        findings += await delivery_health.deliveries(databases)
        if cluster:
            findings += await consumer_checks.consumers(target, databases)
        else:
            findings.append(_without_kafka())
    return findings


def _without_mongodb() -> Finding:
    return note("outbox", say("Unknown without MongoDB, as are consumers, processes, cases and deliveries."))


def _without_kafka() -> Finding:
    return note("consumers", say("Unknown without Kafka: what they have read, and who is in their groups."))


def _stopped(target: Target) -> list[Finding]:
    """Empty while it runs. An embedded stack that is stopped needs its ports free, and no more can be looked at."""
    if target.kind is not TargetKind.EMBEDDED:
        return []
    from linli_cli.stack.embedded.state import RunDirectory  # noqa: PLC0415 - needs the embedded stack's packages

    settings = load_settings()
    if RunDirectory(settings.run_dir).supervisor():
        return []
    taken = [
        wrong(
            "ports",
            say("{variable} is {port}, and another program listens there.", variable=variable, port=port),
            say("End it, or choose another port."),
        )
        for variable, port in settings.ports().items()
        if checks.listens(f"{LOOPBACK}:{port}")
    ]
    message = say("Linli is not running in {home} (LINLI_HOME).", home=settings.home)
    return [wrong("services", message, say("Start it: {start}", start=target.start)), *taken]


def _access(target: Target) -> list[Finding]:
    """Of the embedded stack, where it is not ready; with docker compose it is one of the containers."""
    if target.kind is not TargetKind.EMBEDDED:
        return []
    from linli_cli.stack.embedded.health import access_behind  # noqa: PLC0415 - needs the embedded stack's packages

    return [lagging(found)] if (found := access_behind(load_settings())) else []


def lagging(found: ProcessHealth) -> Finding:
    """A program that has no address at which it could be asked."""
    message = say("{name} is {health}: {detail}", name=found.name, health=term(found.health), detail=found.detail)
    todo = say("It catches up by itself when what it lacks is back. If it stays so: linli down, linli up.")
    return wrong("services", message, todo)


def _disk(target: Target) -> list[Finding]:
    """The embedded stack's home; of other deployments MongoDB tells its own."""
    return [checks.disk_of(load_settings().home)] if target.kind is TargetKind.EMBEDDED else []
