"""A whole deployment's databases and topics as lines of JSON to be read, and put back elsewhere at another time.

Bytes that are UTF-8 stand as text, so that names of topics, addresses and times can be changed in all of it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import Binary, json_util

from linli.messaging.connection import Cluster
from linli.messaging.kafka import Outgoing, TopicSpec, apply_topics, read_all
from linli.messaging.seals import HEADER
from linli.storage import mongo
from tests.support.topics import publish_raw

RELAXED = json_util.RELAXED_JSON_OPTIONS.with_options(tz_aware=True, tzinfo=UTC)
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


async def written_down(databases: Mapping[str, mongo.Database], kafka: Cluster, topics: list[TopicSpec]) -> str:
    """All that is there. What it was that moment is on the first line."""
    lines: list[Any] = [{"at": datetime.now(UTC).replace(microsecond=0).isoformat().removesuffix("+00:00")}]
    for service, database in databases.items():
        for name in sorted(await database.list_collection_names()):
            if name.startswith("system.") or name == "kept_keys":  # of the deployment's own keys: another has others
                continue
            indexes = [dict(each) async for each in database[name].list_indexes() if each["name"] != "_id_"]
            lines.append({"service": service, "collection": name, "indexes": [_spec(each) for each in indexes]})
            async for document in database[name].find({}).sort("_id", 1):
                lines.append({"service": service, "collection": name, "document": document})
    for topic in topics:
        async for record in read_all(kafka, topic.name):
            headers = [[name, value] for name, value in record.headers if name != HEADER]
            place = {"topic": topic.name, "partition": record.place.partition, "offset": record.offset}
            lines.append(place | {"key": record.key, "value": record.value, "headers": headers})
    return "".join(json_util.dumps(_as_text(line), json_options=RELAXED, ensure_ascii=False) + "\n" for line in lines)


class Kept:
    """What `written_down` has written, with other names, as if it had been written just now."""

    def __init__(self, written: str, others: Mapping[str, str]) -> None:
        """`others` says what stands for what; all of it is two minutes old, so that no lease is held any more."""
        at = datetime.fromisoformat(json.loads(written.partition("\n")[0])["at"])
        later = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(minutes=2) - at
        written = _SECOND.sub(lambda found: (datetime.fromisoformat(found[0]) + later).isoformat(), written)
        for name, other in others.items():
            written = written.replace(name, other)
        self.lines = [_as_bytes(json_util.loads(line, json_options=RELAXED)) for line in written.splitlines()[1:]]

    def documents(self, service: str, collection: str) -> Iterator[mongo.Document]:
        for line in self.lines:
            if line.get("service") == service and line.get("collection") == collection and "document" in line:
                yield line["document"]

    async def put_back(self, databases: Mapping[str, mongo.Database], kafka: Cluster, topics: list[TopicSpec]) -> None:
        """Into empty databases and topics that are not there yet; records are sealed anew, in their old places."""
        await self.put_documents_back(databases)
        await self._put_records_back(kafka, topics)

    async def put_documents_back(self, databases: Mapping[str, mongo.Database]) -> None:
        """The databases alone."""
        for line in self.lines:
            if "indexes" in line:
                database, name = databases[line["service"]], line["collection"]
                await database.create_collection(name)
                if line["indexes"]:
                    await database.command({"createIndexes": name, "indexes": line["indexes"]})
                if documents := list(self.documents(line["service"], name)):
                    await database[name].insert_many(documents)

    async def _put_records_back(self, kafka: Cluster, topics: list[TopicSpec]) -> None:
        await apply_topics(kafka, topics)
        records = [line for line in self.lines if "offset" in line and "topic" in line]
        await publish_raw(kafka, *map(_message, records))
        places = {(each["topic"], each["partition"], each["offset"], each["key"]) for each in records}
        for topic in topics:
            there = [record async for record in read_all(kafka, topic.name)]
            places -= {(topic.name, each.place.partition, each.offset, each.key) for each in there}
        assert not places, f"not where they were: {places}"


def _message(record: Mapping[str, Any]) -> Outgoing:
    return Outgoing(record["topic"], record["key"].decode(), record["value"], dict(record["headers"]))


def _spec(index: Mapping[str, Any]) -> dict[str, Any]:
    return {name: dict(value) if name == "key" else value for name, value in index.items() if name not in {"v", "ns"}}


def _as_text(value: Any) -> Any:
    match value:
        case dict():
            return {name: _as_text(each) for name, each in value.items()}
        case list() | tuple():
            return [_as_text(each) for each in value]
        case bytes() if getattr(value, "subtype", 0) == 0:
            try:
                return {"$utf8": value.decode()}
            except UnicodeDecodeError:
                return Binary(value)
    return value


def _as_bytes(value: Any) -> Any:
    match value:
        case {"$utf8": text}:
            return text.encode()
        case dict():
            return {name: _as_bytes(each) for name, each in value.items()}
        case list():
            return [_as_bytes(each) for each in value]
    return value
