"""`linli backup`: the services' databases at one moment, in one file, while everything runs."""

import asyncio
import json
import time
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.filesize import decimal

from linli_cli.connection.client import language_of
from linli_cli.connection.target import Target, find_target
from linli_cli.operations.databases import OUTBOXES, Databases, open_databases
from linli_cli.stack.servers_up import servers_up
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say
from linli_cli.terminal.progress import counting
from linli_cli.terminal.words import counted

if TYPE_CHECKING:
    from linli.storage.mongo import Session
    from linli_cli.operations.backup_file import BackupWriter, CollectionPart, KafkaPart, Manifest

LONGEST = 6 * 3600
"""Seconds that a backup may take: so long MongoDB keeps the moment that it shows."""
SNAPSHOT_GONE = {239, 246}
"""SnapshotTooOld, SnapshotUnavailable (mongodb/mongo, src/mongo/base/error_codes.yml)."""

Listing = Mapping[str, Mapping[str, dict[str, Any]]]
"""Service → collection → `{options, indexes}`."""


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where it goes. A file that exists is not replaced.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Write all that the services have stored to one file: cases, contacts, photos, history, positions in Kafka.

    It shows one moment of all databases; nothing is stopped for it. The file holds personal data, and the keys of
    pseudonyms and webhooks: only you can read it, and it belongs where nobody else can. The secrets are not in it.
    `linli restore FILE` brings it back.
    """
    started = time.monotonic()
    with errors_shown():
        target = find_target()
        asyncio.run(language_of(target))
        if file.exists():
            raise CliError(
                say("{out} is there already.", out=file), say("Name a new file, such as linli-$(date +%F).backup")
            )
        if not file.absolute().parent.is_dir():
            raise CliError(say("There is no directory {directory}.", directory=file.absolute().parent))
        try:
            with servers_up(target):
                manifest = asyncio.run(_back_up(target, file))
        except OSError as error:
            raise CliError(say("{path} cannot be written: {error}", path=file, error=of_file(error))) from error
    size, seconds = file.stat().st_size, round(time.monotonic() - started, 1)
    if as_json:
        counts = {service: {n: p.documents for n, p in parts.items()} for service, parts in manifest.services.items()}
        summary = {"file": str(file), "bytes": size, "seconds": seconds, "taken_at": manifest.taken_at.isoformat()}
        print(json.dumps(summary | {"documents": manifest.documents, "collections": counts}))
        return
    summary = {"documents": counted(manifest.documents, "document"), "size": decimal(size), "seconds": seconds}
    print(say("{file}: {documents}, {size}, {seconds} s.", file=file, **summary))
    if manifest.kafka is None:
        print(say("Kafka did not answer, so where its topics ended is not noted. A restore does not need that."))


async def _back_up(target: Target, file: Path) -> "Manifest":
    from pymongo.errors import OperationFailure  # noqa: PLC0415 - `linli --help` need not wait for it

    from linli.storage import mongo  # noqa: PLC0415
    from linli_cli.operations.backup_file import new_backup  # noqa: PLC0415

    async with open_databases(target) as databases:
        await _list(databases)
        await databases.record("backup", done=False)
        before = await _list(databases)
        try:
            async with mongo.snapshot(databases.client, LONGEST) as session:
                taken_at = await _first_look(databases, session)
                if await _list(databases) != before:
                    raise CliError(
                        say("Collections are just being made: services are starting."), say("Try again in a moment.")
                    )
                kafka = await _kafka(target, databases)
                with new_backup(file) as writer:
                    services = await _copy(databases, before, session, writer)
                    migrations = {service: await _migrations(databases, service, session) for service in OUTBOXES}
                    manifest = await _manifest(databases, taken_at, migrations, kafka, services)
                    writer.finish(manifest)
                return manifest
        except OperationFailure as error:
            if error.code in SNAPSHOT_GONE:
                raise CliError(
                    say(
                        "MongoDB does not keep the moment of this backup any more: it took too long, or an index was "
                        "made."
                    ),
                    say("Try again, when nothing is being upgraded."),
                ) from error
            raise


async def _list(databases: Databases) -> Listing:
    """What there is; these commands see no snapshot."""
    from bson import json_util  # noqa: PLC0415

    found: dict[str, dict[str, dict[str, Any]]] = {}
    for service in OUTBOXES:
        database = databases.of(service)
        found[service] = {}
        async for collection in await database.list_collections():
            name = collection["name"]
            if name.startswith("system."):
                continue
            indexes = [dict(index) async for index in database[name].list_indexes() if index["name"] != "_id_"]
            shown = {"options": collection.get("options", {}), "indexes": indexes}
            found[service][name] = json.loads(json_util.dumps(shown))
    if not any(found.values()):
        raise CliError(say("There is nothing to back up: {names} are empty.", names=say(", ").join(databases.names)))
    return {service: dict(sorted(collections.items())) for service, collections in found.items()}


async def _first_look(databases: Databases, session: "Session") -> datetime:
    """The first read of a session is the moment that all others see."""
    await databases.of("intake").migrations.find_one({}, session=session)
    return await databases.now()


async def _migrations(databases: Databases, service: str, session: "Session") -> list[str]:
    return [doc["_id"] async for doc in databases.of(service).migrations.find({}, session=session)]


async def _copy(
    databases: Databases, listing: Listing, session: "Session", writer: "BackupWriter"
) -> "dict[str, dict[str, CollectionPart]]":
    from linli_cli.operations.backup_file import RAW, CollectionPart  # noqa: PLC0415

    total = 0
    for service, collections in listing.items():
        total += sum([await databases.of(service)[name].estimated_document_count() for name in collections])
    services: dict[str, dict[str, CollectionPart]] = {}
    with counting(say("documents"), total) as advance:
        for service, collections in listing.items():
            services[service] = {}
            for name, described in collections.items():
                collection = databases.of(service).get_collection(name, codec_options=RAW)
                documents = collection.find({}, session=session)
                count, size, check = await writer.add(service, name, documents, advance)
                services[service][name] = CollectionPart(documents=count, bytes=size, sha256=check, **described)
    return services


async def _manifest(
    databases: Databases,
    taken_at: datetime,
    migrations: dict[str, list[str]],
    kafka: "KafkaPart | None",
    services: "dict[str, dict[str, CollectionPart]]",
) -> "Manifest":
    from linli_cli.operations.backup_file import Manifest  # noqa: PLC0415

    return Manifest(
        linli=version("linli-deploy"),
        mongod=str((await databases.client.admin.command("buildInfo"))["version"]),
        taken_at=taken_at,
        database_prefix=databases.settings.database_prefix,
        topic_prefix=databases.settings.topic_prefix,
        migrations=migrations,
        kafka=kafka,
        services=services,
    )


async def _kafka(target: Target, databases: Databases) -> "KafkaPart | None":
    """None when Kafka does not answer: what matters is in the databases."""
    from linli.contracts.catalogue import topics as declared  # noqa: PLC0415
    from linli.messaging.kafka import KafkaUnavailable, look_at  # noqa: PLC0415
    from linli_cli.operations.backup_file import KafkaPart, TopicPart  # noqa: PLC0415

    try:
        cluster = await look_at(target.kafka, [databases.settings.topic(topic.name) for topic in declared()])
    except KafkaUnavailable:
        return None
    topics = {
        name: TopicPart(
            partitions=topic.partitions,
            replication=topic.replication,
            config=topic.config,
            begins=list(topic.begins),
            ends=list(topic.ends),
        )
        for name, topic in cluster.topics.items()
    }
    return KafkaPart(cluster_id=cluster.id, topics=topics)
