"""`linli restore`: a backup into an empty deployment, with what is needed for the stream to go on from there."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import httpx2
import typer

from linli_cli.connection.settings import TargetKind
from linli_cli.connection.target import Target, find_target
from linli_cli.operations.databases import READS, Databases, open_databases
from linli_cli.operations.migrations import migrations_of
from linli_cli.stack.servers_up import servers_up
from linli_cli.terminal.errors import CliError, errors_shown
from linli_cli.terminal.language import say, sentence
from linli_cli.terminal.progress import counting
from linli_cli.terminal.times import second
from linli_cli.terminal.words import counted

if TYPE_CHECKING:
    from linli.messaging.kafka import TopicSpec
    from linli_cli.operations.backup_file import Advance, BackupReader, CollectionPart, Manifest

LEFT_OUT = {"leases", "members", "inbox_offsets"}
"""Who held what, and offsets of topics that are gone: made empty."""
BATCH_DOCUMENTS = 1_000
BATCH_BYTES = 8_000_000
SIGNS_OF_LIFE = {
    **{"intake": "submissions", "workflow": "community_versions", "notify": "deliveries"},
    "neighbourhood": "events",
}
"""What a deployment that has only been started does not hold yet."""
EMPTY_OR_REPLACE = sentence(
    "Restore into an empty deployment, or add --replace to delete what this one holds. Back it up before."
)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `linli backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Delete what the deployment holds: its databases and its topics.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one line of JSON.")] = False,
) -> None:
    """Bring a backup back into an empty deployment whose services are stopped.

    MongoDB gets the services' databases. Kafka's topics must be empty, or missing; what had been sent before the backup
    and not yet been read is sent again from MongoDB, and the communities' data too. Then start the services: they go on
    where the backup was taken. What happened after it is gone.
    """
    started = time.monotonic()
    with errors_shown():
        target = find_target()
        _refuse_if_services_run(target)
        from linli_cli.operations.backup_file import open_backup  # noqa: PLC0415 - `linli --help` need not wait for it

        with open_backup(file) as reader:
            with counting(say("checking"), reader.manifest.documents) as advance:
                reader.check(advance)
            _refuse_if_newer(reader.manifest)
            with servers_up(target):
                resent = asyncio.run(_restore(target, reader, replace=replace))
            manifest = reader.manifest
    seconds = round(time.monotonic() - started, 1)
    if as_json:
        summary = {"documents": manifest.documents, "taken_at": manifest.taken_at.isoformat(), "seconds": seconds}
        print(json.dumps(summary | {"sent_again": resent}))
        return
    taken = second(manifest.taken_at.astimezone())
    summary = {"documents": counted(manifest.documents, "document"), "taken": taken, "seconds": seconds}
    print(say("Restored {documents} as of {taken} in {seconds} s.", **summary))
    again = {"events": counted(resent, "event"), "start": target.start}
    print(say("{events} will be sent again. Start the services: {start}", **again))


def _refuse_if_services_run(target: Target) -> None:
    for service, url in target.urls.items():
        try:
            httpx2.get(f"{url}/healthz", timeout=3, trust_env=False)
        except httpx2.HTTPError:
            continue
        how = {
            TargetKind.EMBEDDED: "linli down",
            TargetKind.COMPOSE: "docker compose stop intake workflow notify neighbourhood",
        }.get(target.kind) or say("stop intake, workflow, notify and neighbourhood; Kafka and MongoDB stay")
        raise CliError(
            say("{service} runs at {url}; it would write into what is being restored.", service=service, url=url),
            say("Stop it: {how}", how=how),
        )


def _refuse_if_newer(manifest: "Manifest") -> None:
    """A database that newer code has changed is not for this one."""
    unknown = [
        say("{service}'s {name}", service=service, name=name)
        for service, names in manifest.migrations.items()
        for name in names
        if name not in {migration.__name__ for migration in migrations_of(service)}
    ]
    if unknown:
        raise CliError(
            say(
                "The backup was made by Linli {version}, which has changed its databases in ways that this version "
                "does not know: {unknown}.",
                version=manifest.linli,
                unknown=say(", ").join(unknown),
            ),
            say("Restore it with that version or newer."),
        )


async def _restore(target: Target, reader: "BackupReader", *, replace: bool) -> int:
    """How many events will be sent again."""
    from linli.messaging.kafka import KafkaUnavailable  # noqa: PLC0415
    from linli.storage import mongo  # noqa: PLC0415
    from linli_cli.operations.resending import resend_communities, resend_unread  # noqa: PLC0415

    async with open_databases(target) as databases:
        _refuse_other_names(databases, reader.manifest)
        erased = await databases.of("intake").erasures.find({}).to_list(None)
        try:
            await _empty_databases(databases, replace=replace)
            await _empty_topics(target, reader.manifest, replace=replace)
        except KafkaUnavailable as error:
            raise CliError(
                say(
                    "Kafka at {at} does not answer ({error}).",
                    at=target.kafka_bootstrap,
                    error=str(error) or type(error).__name__,
                ),
                say("A restore needs Kafka and MongoDB, and the services stopped."),
            ) from error
        with counting(say("documents"), reader.manifest.documents) as advance:
            for service, name, part in reader.manifest.parts():
                await _load(databases, reader, service, name, part, advance)
        await _remember_erased(databases, erased)
        await databases.record("restore", done=True)
        for service in READS:  # what was read is asked for in the form that this version keeps it in
            await mongo.migrate(databases.of(service), migrations_of(service))
        return await resend_unread(databases) + await resend_communities(databases)


async def _remember_erased(databases: Databases, erased: Sequence[dict[str, Any]]) -> None:
    """Who was erased here after the backup is in it: `linli privacy erase --again` finds them by this list."""
    erasures = databases.of("intake").erasures
    known = {doc["_id"] async for doc in erasures.find({}, {"_id": 1})}
    since = [doc for doc in erased if doc["_id"] not in known]
    for document in since:
        document.pop("purged_at", None)
    if since:
        await erasures.insert_many(since)
        submissions = counted(len(since), "submission")
        print(say("Erased since the backup: {submissions}.", submissions=submissions), file=sys.stderr)
        print(say("Erase them again when the services run: linli privacy erase --again"), file=sys.stderr)


def _refuse_other_names(databases: Databases, manifest: "Manifest") -> None:
    here = (databases.settings.database_prefix, databases.settings.topic_prefix)
    there = (manifest.database_prefix, manifest.topic_prefix)
    if here != there:
        raise CliError(
            say("The backup is of databases {0}_* and topics {1}.*, not of {2}_* and {3}.*.", *there, *here),
            say("Set LINLI_DATABASE_PREFIX={0} and LINLI_TOPIC_PREFIX={1}, here and for the services.", *there),
        )


async def _empty_databases(databases: Databases, *, replace: bool) -> None:
    for service, collection in SIGNS_OF_LIFE.items():
        if not replace and await databases.of(service)[collection].find_one({}, {"_id": 1}):
            raise CliError(
                say(
                    "{database} is not empty: it has {collection}.",
                    database=databases.settings.database(service),
                    collection=collection,
                ),
                say(EMPTY_OR_REPLACE),
            )
    for name in databases.names:
        await databases.client.drop_database(name)


async def _empty_topics(target: Target, manifest: "Manifest", *, replace: bool) -> None:
    """Every topic is there and holds nothing. In one with records of another history, these would be taken for ours."""
    from linli.messaging.kafka import apply_topics, delete_topics, look_at  # noqa: PLC0415

    wanted = _topics(manifest)
    cluster = await look_at(target.kafka, [spec.name for spec in wanted])
    filled = [name for name, topic in cluster.topics.items() if topic.records]
    if filled and not replace:
        raise CliError(
            say("Kafka's {topics} hold records of what was here before.", topics=say(", ").join(filled)),
            say(EMPTY_OR_REPLACE),
        )
    if filled:
        await delete_topics(target.kafka, filled)
    missing = [spec for spec in wanted if spec.name in filled or spec.name not in cluster.topics]
    copies = max((topic.replication for topic in (manifest.kafka.topics if manifest.kafka else {}).values()), default=1)
    if missing:
        await apply_topics(target.kafka, missing, min(copies, cluster.brokers))


def _topics(manifest: "Manifest") -> "Sequence[TopicSpec]":
    """As they were, or as they are declared where Kafka was away during the backup."""
    from linli.messaging.kafka import TopicSpec  # noqa: PLC0415
    from linli_cli.operations.topics import topics_here  # noqa: PLC0415

    if manifest.kafka is None or not manifest.kafka.topics:
        return topics_here()
    return [TopicSpec(name, topic.partitions, topic.config) for name, topic in manifest.kafka.topics.items()]


async def _load(
    databases: Databases, reader: "BackupReader", service: str, name: str, part: "CollectionPart", advance: "Advance"
) -> None:
    from bson import json_util  # noqa: PLC0415

    database = databases.of(service)
    options, indexes = json_util.loads(json.dumps([part.options, part.indexes]))
    await database.command({"create": name, **options})
    if name in LEFT_OUT:
        advance(part.documents)
    else:
        for batch in _batches(reader.documents(service, name)):
            await database[name].insert_many(batch)
            advance(len(batch))
    if indexes:
        wanted = [{key: value for key, value in index.items() if key not in {"v", "ns"}} for index in indexes]
        await database.command({"createIndexes": name, "indexes": wanted})


def _batches(documents: Iterator[Any]) -> Iterator[list[Any]]:
    """Not more than the server takes at once, nor than a small machine has memory for."""
    batch: list[Any] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.raw)
        if len(batch) == BATCH_DOCUMENTS or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
