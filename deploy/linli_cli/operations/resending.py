"""What a restored deployment must publish once more, because the Kafka that held it is another now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from linli.contracts.catalogue import topics
from linli.contracts.envelope import StreamKey
from linli_cli.operations.databases import OUTBOXES, READS, Databases
from linli_cli.operations.reading import topics_read

if TYPE_CHECKING:
    from linli.storage.mongo import Collection, Database

BATCH = 1_000
TOLD = dict.fromkeys(
    ("outgoing.topic", "outgoing.key", "outgoing.headers.ce_source", "outgoing.headers.ce_sequence"), 1
)


async def resend_unread(databases: Databases) -> int:
    """Mark as unsent what was sent and has not reached all of its readers in Linli; how many events.

    What a reader has applied, holds or has parked stays as it is, so that a long history is not published again. What
    nobody reads as it comes is sent again only where a topic keeps the newest of it for copies.
    """
    parked: dict[str, set[tuple[str, str]]] = {reader: await _parked(databases.of(reader)) for reader in READS}
    marked = 0
    for service, collections in OUTBOXES.items():
        for name in collections:
            collection = databases.of(service)[name]
            found = collection.find({"outgoing": {"$exists": True}, "unsent_since": {"$exists": False}}, TOLD)
            while batch := await found.to_list(BATCH):
                ids = _copied(databases, batch)
                for reader, names in topics_read(databases).items():
                    theirs = [doc for doc in batch if doc["outgoing"]["topic"] in names]
                    ids |= {*await _unread(databases.of(reader), theirs, parked[reader])} if theirs else set()
                marked += await _mark(collection, sorted(ids), await databases.now())
    return marked


def _copied(databases: Databases, events: Sequence[Mapping[str, Any]]) -> set[str]:
    """The ids of those whose topic keeps the newest for copies; communities are large, and theirs are chosen."""
    kept = {databases.settings.topic(topic.name) for topic in topics() if topic.newest_only}
    kept.discard(databases.settings.topic("community"))
    return {doc["_id"] for doc in events if doc["outgoing"]["topic"] in kept}


async def resend_communities(databases: Databases) -> int:
    """Mark the newest version of each community as unsent: the topic keeps it for whoever starts anew."""
    workflow = databases.of("workflow")
    heads = await workflow.communities.find({}, {"version": 1}).to_list(None)
    ids = [f"{head['_id']}:{head['version']}" for head in heads]
    return await _mark(workflow.events, ids, await databases.now())


async def _unread(reader: "Database", events: Sequence[Mapping[str, Any]], parked: set[tuple[str, str]]) -> list[str]:
    """The ids of the documents whose events the reader has never seen."""
    placed = [(doc["_id"], *_place(doc["outgoing"])) for doc in events]
    stories, ids = list({story for _, story, _ in placed}), [f"{story}:{sequence}" for _, story, sequence in placed]
    due = {doc["_id"]: doc["next"] async for doc in reader.inbox_streams.find({"_id": {"$in": stories}}, {"next": 1})}
    held = {doc["_id"] async for doc in reader.inbox_held.find({"_id": {"$in": ids}}, {"_id": 1})}

    def unread(story: str, sequence: str) -> bool:
        known = f"{story}:{sequence}" in held or (story, sequence) in parked
        return not known and int(sequence) >= due.get(story, 1)

    return [id for id, story, sequence in placed if unread(story, sequence)]


def _place(outgoing: Mapping[str, Any]) -> tuple[str, str]:
    """The story that an event belongs to, as its reader keeps it, and its sequence there."""
    headers = outgoing["headers"]
    return StreamKey(headers["ce_source"], outgoing["key"]).id, headers["ce_sequence"]


async def _parked(reader: "Database") -> set[tuple[str, str]]:
    """Story and sequence of what waits for an operator, who decides on the bytes that are kept."""
    waits = {"state": "parked", "subject": {"$ne": None}}
    found = reader.inbox_parked.find(waits, {"source": 1, "subject": 1, "headers": 1})
    headers_of = [(StreamKey(doc["source"], doc["subject"]).id, dict(doc["headers"])) async for doc in found]
    return {(story, bytes(headers.get("ce_sequence") or b"").decode(errors="replace")) for story, headers in headers_of}


async def _mark(collection: "Collection", ids: Sequence[str], now: datetime) -> int:
    unsent = {"$set": {"unsent_since": now}}
    sent = {"_id": {"$in": list(ids)}, "unsent_since": {"$exists": False}}
    return int((await collection.update_many(sent, unsent)).modified_count)
