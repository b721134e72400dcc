"""`linli upgrade --check`: what a new version will meet in a deployment that runs an older one."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated

import httpx2
import typer

from linli_cli.connection.client import language_of
from linli_cli.connection.settings import TargetKind
from linli_cli.connection.target import Target, docker, find_target
from linli_cli.operations import checks, server_checks
from linli_cli.operations.databases import OUTBOXES, Databases, connected
from linli_cli.operations.finding import Finding, note, ok, show, wrong
from linli_cli.operations.migrations import migrations_of
from linli_cli.operations.topics import topics_here
from linli_cli.terminal.errors import CliError, errors_apart
from linli_cli.terminal.language import say
from linli_cli.terminal.words import counted

if TYPE_CHECKING:
    from linli.messaging.kafka import ClusterState, TopicSpec

OLDEST_MONGOD = 6
"""The oldest major version that the tests run on."""


def upgrade(
    check: Annotated[
        bool, typer.Option("--check", help="Look whether an upgrade can go well; change nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one line of JSON.")] = False,
) -> None:
    """Before an upgrade, with the new version's command: disk, versions, migrations that will run, topics that differ.

    Exit code 0: nothing stands in the way. 1: something does. 4: it could not be looked at; why is on stderr.
    """
    with errors_apart():
        if not check:
            raise CliError(
                say("`linli upgrade` changes nothing by itself; only --check is there."),
                say("First linli upgrade --check, then the steps in docs/operations.md."),
            )
        target = find_target()
        asyncio.run(language_of(target))
        findings = asyncio.run(examine(target))
    if not show(findings, as_json=as_json):
        raise typer.Exit(1)


async def examine(target: Target) -> list[Finding]:
    """Needs MongoDB and Kafka; the services may be stopped."""
    findings = await _service_versions(target)
    if target.kind is TargetKind.COMPOSE:
        findings += _images()
    specs = topics_here()
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
    return [*findings, note("backup", say("An upgrade is taken back by a restore only."), "linli backup FILE")]


async def _service_versions(target: Target) -> list[Finding]:
    ours = version("linli-deploy")
    async with httpx2.AsyncClient(timeout=5, trust_env=False) as http:
        return [await _service_version(http, name, url, ours) for name, url in target.urls.items()]


async def _service_version(http: httpx2.AsyncClient, name: str, url: str, ours: str) -> Finding:
    try:
        theirs = str((await http.get(f"{url}/openapi.json")).raise_for_status().json()["info"]["version"])
    except (httpx2.HTTPError, ValueError, KeyError, TypeError):
        return note("versions", say("{name} does not answer at {url}; its version is not known.", name=name, url=url))
    return ok("versions", say("{name} runs {theirs}; this is {ours}.", name=name, theirs=theirs, ours=ours))


def _images() -> list[Finding]:
    """Kafka and MongoDB do not tell their versions all in the same way; their images do."""
    try:
        printed = docker("compose", "images", "--format", "json").strip()
        images = json.loads(printed) if printed else []
    except (CliError, json.JSONDecodeError) as error:
        return [note("versions", say("The images could not be listed: {error}.", error=error))]
    names = sorted({f"{each.get('Repository')}:{each.get('Tag')}" for each in images or ()})
    return [ok("versions", say("Images: {names}.", names=say(", ").join(names)))]


async def _mongod_version(databases: Databases) -> Finding:
    found = str((await databases.client.admin.command("buildInfo"))["version"])
    if int(found.partition(".")[0]) < OLDEST_MONGOD:
        message = say(
            "mongod is {found}; this version was tried from {oldest}.0 on.", found=found, oldest=OLDEST_MONGOD
        )
        todo = say("Bring MongoDB to {oldest}.0 first, one major version at a time.", oldest=OLDEST_MONGOD)
        return wrong("versions", message, todo)
    return ok("versions", say("mongod is {found}.", found=found))


async def _room_for_a_backup(databases: Databases) -> Finding:
    """Migrations build indexes, and the backup before them goes somewhere: the size of the data must fit once more."""
    stats = [await databases.of(service).command("dbStats") for service in OUTBOXES]
    size = sum(int(each["dataSize"]) for each in stats)
    free = int(stats[0]["fsTotalSize"] - stats[0]["fsUsedSize"])
    message = say("The data are {size:.2f} GB; {free:.1f} GB are free.", size=size / 2**30, free=free / 2**30)
    if free < size + checks.LEAST_FREE_BYTES:
        return wrong("disk", message, say("Make room for new indexes and for the backup, or write that elsewhere."))
    return ok("disk", message)


async def _migrations(databases: Databases, service: str) -> Finding:
    ran = {doc["_id"] async for doc in databases.of(service).migrations.find({}, {"_id": 1})}
    return migrations(service, ran, [migration.__name__ for migration in migrations_of(service)])


def migrations(service: str, ran: set[str], known: Sequence[str]) -> Finding:
    """What has run, beside what this version knows."""
    if newer := sorted(ran - set(known)):
        names = say(", ").join(newer)
        message = say("{service}: {names} ran, which this version does not know.", service=service, names=names)
        todo = say("This version is older than the data. Use the newer one, or restore a backup from before.")
        return wrong("migrations", message, todo)
    if pending := [name for name in known if name not in ran]:
        message = say(
            "{service}: {migrations} will run: {names}.",
            service=service,
            migrations=counted(len(pending), "migration"),
            names=say(", ").join(pending),
        )
        return note("migrations", message, say("They run by themselves before the services start."))
    return ok("migrations", say("{service}: all have run.", service=service))


async def _topic_settings(target: Target, specs: "Sequence[TopicSpec]") -> list[Finding]:
    from linli.messaging.kafka import KafkaUnavailable, look_at  # noqa: PLC0415 - `linli --help` need not wait for it

    unknown: tuple[type[Exception], ...] = (*KafkaUnavailable, CliError)
    try:
        return settings_that_differ(await look_at(target.kafka, [spec.name for spec in specs]), specs)
    except unknown as error:
        message = say("Kafka does not tell their settings ({error}).", error=type(error).__name__)
        return [wrong("topics", message, say("See what is said of Kafka above, and look again."))]


def settings_that_differ(cluster: "ClusterState", specs: "Sequence[TopicSpec]") -> list[Finding]:
    """Topics whose settings are not the declared ones; what is missing or too small is told elsewhere."""
    findings = []
    for spec in specs:
        found = cluster.topics.get(spec.name)
        if found and (changes := _changes(found.config, spec.config)):
            message = say("{name}: {changes}.", name=spec.name, changes=say("; ").join(changes))
            findings.append(note("topics", message, say("To set them: linli topics apply")))
    return findings or [ok("topics", say("Their settings are as declared."))]


def _changes(present: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    return [
        say(
            "{name} is {present}, declared {value}",
            name=name,
            present=present.get(name, say("the default")),
            value=value,
        )
        for name, value in wanted.items()
        if present.get(name) != value
    ]
