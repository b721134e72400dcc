"""`linli doctor`: what is wrong with a deployment, and what to do."""

import asyncio
from typing import Annotated

import typer

from linli_cli import checks, consumer_checks, delivery_health, point_checks, replica_checks, server_checks
from linli_cli.databases import connected
from linli_cli.errors import errors_shown
from linli_cli.finding import Finding, note, show, wrong
from linli_cli.settings import LOOPBACK, TargetKind, load_settings
from linli_cli.target import Target, find_target
from linli_cli.topics import load_topics, topics_file

WITHOUT_MONGODB = note("outbox", "Unknown without MongoDB, as are consumers, processes, cases and deliveries.")
WITHOUT_KAFKA = note("consumers", "Unknown without Kafka: what they have read, and who is in their groups.")


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one line of JSON.")] = False,
) -> None:
    """Say what is wrong and what to do: ports, services, clocks, disk, keys, MongoDB, Kafka, topics, consumers, outbox.

    And who was not told.

    Takes about ten seconds, since it looks twice whether the consumers move. Changes nothing.

    Exit code 0: nothing is wrong. 1: something is.
    """
    with errors_shown():
        target = find_target()
        findings = asyncio.run(examine(target))
    if not show(findings, as_json=as_json):
        raise typer.Exit(1)


async def examine(target: Target) -> list[Finding]:
    """Everything that can be looked at; what cannot is a finding too."""
    findings = [*checks.key_files(target), *_disk(target)]
    if stopped := _stopped(target):
        return [*findings, *stopped]
    of_services, answering = await checks.services(target)
    findings += [*of_services, *checks.containers(target)]
    findings += await checks.holidays(target)
    cluster, of_kafka = await server_checks.kafka(target, load_topics(topics_file()))
    findings += of_kafka
    async with connected(target) as databases:
        if isinstance(databases, Finding):
            return [*findings, databases, WITHOUT_MONGODB]
        has_primary, of_mongo = await server_checks.mongodb(databases)
        findings += of_mongo
        if not has_primary:
            return [*findings, WITHOUT_MONGODB]
        findings += await replica_checks.processes(databases, checks.there(target, answering))
        findings += await server_checks.outboxes(databases)
        findings += await server_checks.cases_of_nobody(databases)
        findings += await point_checks.points(databases)
        findings += await delivery_health.deliveries(databases)
        if cluster:
            findings += await consumer_checks.consumers(target, databases)
        else:
            findings.append(WITHOUT_KAFKA)
    return findings


def _stopped(target: Target) -> list[Finding]:
    """Empty while it runs. An embedded stack that is stopped needs its ports free, and no more can be looked at."""
    if target.kind is not TargetKind.EMBEDDED:
        return []
    from linli_cli.embedded.state import RunDirectory  # noqa: PLC0415 - needs the embedded stack's packages

    settings = load_settings()
    if RunDirectory(settings.run_dir).supervisor():
        return []
    taken = [
        wrong("ports", f"{variable} is {port}, and another program listens there.", "End it, or choose another port.")
        for variable, port in settings.ports().items()
        if checks.listens(f"{LOOPBACK}:{port}")
    ]
    said = f"Linli is not running in {settings.home} (LINLI_HOME)."
    return [wrong("services", said, f"Start it: {target.start}"), *taken]


def _disk(target: Target) -> list[Finding]:
    """The embedded stack's home; of other deployments MongoDB tells its own."""
    return [checks.disk_of(load_settings().home)] if target.kind is TargetKind.EMBEDDED else []
