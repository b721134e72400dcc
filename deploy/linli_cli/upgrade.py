"""`linli upgrade --check`: what a new version will meet in a deployment that runs an older one."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated

import httpx2
import typer

from linli_cli import checks, server_checks
from linli_cli.databases import OUTBOXES, Databases, connected
from linli_cli.errors import CliError, errors_shown
from linli_cli.finding import Finding, note, ok, show, wrong
from linli_cli.migrations import migrations_of
from linli_cli.settings import TargetKind
from linli_cli.target import Target, docker, find_target
from linli_cli.topics import load_topics, topics_file
from linli_cli.words import counted

if TYPE_CHECKING:
    from linli.kafka import ClusterState, TopicSpec

OLDEST_MONGOD = 6
"""The oldest major version that the tests run on."""


def upgrade(
    check: Annotated[
        bool, typer.Option("--check", help="Look whether an upgrade can go well; change nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one line of JSON.")] = False,
) -> None:
    """Before an upgrade, with the new version's command: disk, versions, migrations that will run, topics that differ.

    Exit code 0: nothing stands in the way. 1: something does.
    """
    with errors_shown():
        if not check:
            raise CliError(
                "`linli upgrade` changes nothing by itself; only --check is there.",
                "First linli upgrade --check, then the steps in docs/operations.md.",
            )
        findings = asyncio.run(examine(find_target()))
    if not show(findings, as_json=as_json):
        raise typer.Exit(1)


async def examine(target: Target) -> list[Finding]:
    """Needs MongoDB and Kafka; the services may be stopped."""
    findings = await _service_versions(target)
    if target.kind is TargetKind.COMPOSE:
        findings += _images()
    specs = load_topics(topics_file())
    async with connected(target) as databases:
        if isinstance(databases, Finding):
            return [*findings, databases]
        has_primary, of_mongo = await server_checks.mongodb(databases)
        findings += of_mongo
        if has_primary:
            findings += [await _mongod_version(databases), await _room_for_a_backup(databases)]
            findings += [await _migrations(databases, service) for service in OUTBOXES]
            findings += await server_checks.outboxes(databases)
    cluster, of_kafka = await server_checks.kafka(target, specs)
    findings += of_kafka
    if cluster:
        findings += await _topic_settings(target, specs)
    return [*findings, note("backup", "An upgrade is taken back by a restore only.", "linli backup FILE")]


async def _service_versions(target: Target) -> list[Finding]:
    ours = version("linli-deploy")
    async with httpx2.AsyncClient(timeout=5, trust_env=False) as http:
        return [await _service_version(http, name, url, ours) for name, url in target.urls.items()]


async def _service_version(http: httpx2.AsyncClient, name: str, url: str, ours: str) -> Finding:
    try:
        theirs = str((await http.get(f"{url}/openapi.json")).raise_for_status().json()["info"]["version"])
    except (httpx2.HTTPError, ValueError, KeyError, TypeError):
        return note("versions", f"{name} does not answer at {url}; its version is not known.")
    return ok("versions", f"{name} runs {theirs}; this is {ours}.")


def _images() -> list[Finding]:
    """Kafka and MongoDB do not tell their versions all in the same way; their images do."""
    try:
        printed = docker("compose", "images", "--format", "json").strip()
        images = json.loads(printed) if printed else []
    except (CliError, json.JSONDecodeError) as error:
        return [note("versions", f"The images could not be listed: {error}.")]
    names = sorted({f"{each.get('Repository')}:{each.get('Tag')}" for each in images or ()})
    return [ok("versions", f"Images: {', '.join(names)}.")]


async def _mongod_version(databases: Databases) -> Finding:
    found = str((await databases.client.admin.command("buildInfo"))["version"])
    if int(found.partition(".")[0]) < OLDEST_MONGOD:
        todo = f"Bring MongoDB to {OLDEST_MONGOD}.0 first, one major version at a time."
        return wrong("versions", f"mongod is {found}; this version was tried from {OLDEST_MONGOD}.0 on.", todo)
    return ok("versions", f"mongod is {found}.")


async def _room_for_a_backup(databases: Databases) -> Finding:
    """Migrations build indexes, and the backup before them goes somewhere: the size of the data must fit once more."""
    stats = [await databases.of(service).command("dbStats") for service in OUTBOXES]
    size = sum(int(each["dataSize"]) for each in stats)
    free = int(stats[0]["fsTotalSize"] - stats[0]["fsUsedSize"])
    said = f"The data are {size / 2**30:.2f} GB; {free / 2**30:.1f} GB are free."
    if free < size + checks.LEAST_FREE_BYTES:
        return wrong("disk", said, "Make room for new indexes and for the backup, or write that elsewhere.")
    return ok("disk", said)


async def _migrations(databases: Databases, service: str) -> Finding:
    ran = {doc["_id"] async for doc in databases.of(service).migrations.find({}, {"_id": 1})}
    return migrations(service, ran, [migration.__name__ for migration in migrations_of(service)])


def migrations(service: str, ran: set[str], known: Sequence[str]) -> Finding:
    """What has run, beside what this version knows."""
    if newer := sorted(ran - set(known)):
        todo = "This version is older than the data. Use the newer one, or restore a backup from before."
        return wrong("migrations", f"{service}: {', '.join(newer)} ran, which this version does not know.", todo)
    if pending := [name for name in known if name not in ran]:
        said = f"{service}: {counted(len(pending), 'migration')} will run: {', '.join(pending)}."
        return note("migrations", said, "They run by themselves before the services start.")
    return ok("migrations", f"{service}: all have run.")


async def _topic_settings(target: Target, specs: "Sequence[TopicSpec]") -> list[Finding]:
    from linli.kafka import KafkaUnavailable, look_at  # noqa: PLC0415 - `linli --help` need not wait for it

    try:
        return settings_that_differ(await look_at(target.kafka_bootstrap, [spec.name for spec in specs]), specs)
    except KafkaUnavailable as error:
        todo = "See what is said of Kafka above, and look again."
        return [wrong("topics", f"Kafka does not tell their settings ({type(error).__name__}).", todo)]


def settings_that_differ(cluster: "ClusterState", specs: "Sequence[TopicSpec]") -> list[Finding]:
    """Topics whose settings are not those of topics.yaml; what is missing or too small is told elsewhere."""
    findings = []
    for spec in specs:
        found = cluster.topics.get(spec.name)
        if found and (changes := _changes(found.config, spec.config)):
            findings.append(note("topics", f"{spec.name}: {'; '.join(changes)}.", "To set them: linli topics apply"))
    return findings or [ok("topics", "Their settings are as topics.yaml declares.")]


def _changes(present: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    return [
        f"{name} is {present.get(name, 'the default')}, declared {value}"
        for name, value in wanted.items()
        if present.get(name) != value
    ]
