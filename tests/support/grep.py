"""Everything that a deployment keeps, looked through for a person's own values, as a stranger with the disks would."""

import email
import email.policy
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import bson

from linli.application.settings import Settings
from linli.messaging.kafka import look_at, read_all
from linli.storage import mongo
from tests.support.system import SERVICES, System

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


class Person:
    """What must not be found, in every form that it was written in; `phone` has eleven digits."""

    def __init__(self, name: str, phone: str, email: str, address: str) -> None:
        self.name, self.phone, self.email, self.address = name, phone, email, address
        a, b, c = phone[:3], phone[3:7], phone[7:]
        numbers = [phone, f"{a} {b} {c}", f"{a}-{b}-{c}", phone.translate(FULL_WIDTH)]
        self._values = {"name": [name], "phone": numbers, "email": [email], "address": [address]}

    @property
    def reporter(self) -> dict[str, str]:
        return {"name": self.name, "phone": self.phone, "email": self.email, "address": self.address}

    def found_in(self, raw: bytes) -> set[str]:
        """Which of the four stand there: as they are, or as JSON escapes them."""
        lower = raw.lower()
        return {
            kind
            for kind, values in self._values.items()
            for value in values
            if value.lower().encode() in lower or json.dumps(value)[1:-1].lower().encode() in lower
        }


Places = Mapping[str, set[str]]
"""Where something was found → which of the four."""


@asynccontextmanager
async def databases_of(system: System) -> AsyncIterator[dict[str, mongo.Database]]:
    servers = system.servers
    settings = Settings(
        mongo_uri=servers.mongo_uri,
        mongo_username=servers.mongo_username,
        mongo_password_file=servers.mongo_password_file,
        database_prefix=system.prefix,
    )
    client = mongo.connect(settings)
    try:
        yield {service: client[settings.database(service)] for service in SERVICES}
    finally:
        client.close()


async def in_the_databases(system: System, person: Person) -> Places:
    """Every document of every collection, byte for byte: text, binary, files."""
    found: dict[str, set[str]] = defaultdict(set)
    async with databases_of(system) as databases:
        for service, database in databases.items():
            for name in await database.list_collection_names():
                async for document in database[name].find({}):
                    if kinds := person.found_in(bson.encode(document)):
                        found[f"{service}.{name}"] |= kinds
    return dict(found)


async def in_kafka(system: System, person: Person) -> Places:
    """Every record of every topic from its beginning: key, headers, value."""
    found: dict[str, set[str]] = defaultdict(set)
    names = [spec.name for spec in system.topics]
    for topic in (await look_at(system.servers.kafka, names)).topics:
        async for record in read_all(system.servers.kafka, topic):
            parts = [record.key or b"", record.value or b"", *(value for _, value in record.headers)]
            if kinds := person.found_in(b"\n".join(parts)):
                found[topic.removeprefix(f"{system.prefix}.")] |= kinds
    return dict(found)


def in_letters(directory: Path, person: Person) -> set[str]:
    """Every letter, as it lies there and as it reads."""
    return {kind for path in directory.glob("*") for text in _texts(path) for kind in person.found_in(text)}


def _texts(path: Path) -> Iterator[bytes]:
    raw = path.read_bytes()
    yield raw
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    yield "\n".join(str(value) for value in letter.values()).encode()
    for part in letter.walk():
        if not part.is_multipart():
            yield part.get_payload(decode=True) or b""  # type: ignore[misc]  # bytes, when it is decoded


def in_logs(paths: Sequence[Path], person: Person) -> set[str]:
    """Every line that the services and the servers wrote."""
    return {kind for path in paths for kind in person.found_in(path.read_bytes())}


def plain(places: Places) -> dict[str, Any]:
    """For a message that says what was found where."""
    return {place: sorted(kinds) for place, kinds in places.items()}
