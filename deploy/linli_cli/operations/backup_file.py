"""A backup on disk: a zip file with each collection's documents as BSON, and a manifest that says what it holds."""

import hashlib
import json
import os
import zipfile
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pydantic import BaseModel, ValidationError

from linli_cli.terminal.errors import CliError
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say

FORMAT = 1
MANIFEST = "manifest.json"
RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
"""Documents are copied byte for byte."""

Advance = Callable[[int], None]
"""Told how many more documents are done."""


class CollectionPart(BaseModel):
    documents: int
    bytes: int
    sha256: str
    options: dict[str, Any]
    indexes: list[dict[str, Any]]
    """As MongoDB lists them, without the one on `_id`, in MongoDB's extended JSON."""


class TopicPart(BaseModel):
    partitions: int
    replication: int
    config: dict[str, str]
    begins: list[int]
    ends: list[int]


class KafkaPart(BaseModel):
    cluster_id: str
    topics: dict[str, TopicPart]


class Manifest(BaseModel):
    """What a backup holds, and what it was taken from."""

    format: int = FORMAT
    linli: str
    mongod: str
    taken_at: datetime
    database_prefix: str
    topic_prefix: str
    migrations: dict[str, list[str]]
    """Service → those that had run."""
    kafka: KafkaPart | None
    """Where the topics ended, shortly after the moment of the backup. None: Kafka did not answer."""
    services: dict[str, dict[str, CollectionPart]]
    """Service → collection → what there is of it."""

    @property
    def documents(self) -> int:
        return sum(part.documents for parts in self.services.values() for part in parts.values())

    def parts(self) -> Iterator[tuple[str, str, CollectionPart]]:
        """`(service, collection, part)`, of all."""
        for service, parts in self.services.items():
            for collection, part in parts.items():
                yield service, collection, part


class BackupWriter:
    """A backup that is being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    async def add(
        self, service: str, collection: str, documents: AsyncIterable[Any], advance: Advance
    ) -> tuple[int, int, str]:
        """Write a collection's documents; how many they are, their bytes and the check sum of these."""
        count, size, check = 0, 0, hashlib.sha256()
        with self._archive.open(_member(service, collection), "w", force_zip64=True) as file:
            async for document in documents:
                file.write(document.raw)
                check.update(document.raw)
                count, size = count + 1, size + len(document.raw)
                advance(1)
        return count, size, check.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        self._archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))


@contextmanager
def new_backup(path: Path) -> Iterator[BackupWriter]:
    """Writes beside the path, readable by its owner only, and puts it there when it is whole and on disk."""
    aside = path.with_name(f".{path.name}.part")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                yield BackupWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    finally:
        aside.unlink(missing_ok=True)


class BackupReader:
    """A backup that is there."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._path, self._archive, self.manifest = path, archive, manifest

    def documents(self, service: str, collection: str) -> Iterator[RawBSONDocument]:
        """The documents of a collection, in their order."""
        with self._archive.open(_member(service, collection)) as file:
            yield from bson.decode_file_iter(file, RAW)

    def check(self, advance: Advance) -> None:
        """Read it all once. Raises CliError naming what is damaged."""
        for service, collection, part in self.manifest.parts():
            try:
                with self._archive.open(_member(service, collection)) as file:
                    whole = _check_sum(file) == part.sha256
            except (KeyError, OSError, zipfile.BadZipFile, EOFError):
                whole = False
            if not whole:
                raise CliError(
                    say(
                        "{path} is damaged: {service}'s {collection} is not what was written.",
                        path=self._path,
                        service=service,
                        collection=collection,
                    ),
                    say("Take another one."),
                )
            advance(part.documents)


@contextmanager
def open_backup(path: Path) -> Iterator[BackupReader]:
    """Raises CliError for what is no backup that this version can read."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = Manifest.model_validate(json.loads(archive.read(MANIFEST)))
            if manifest.format > FORMAT:
                raise CliError(
                    say("{path} was made by Linli {version}.", path=path, version=manifest.linli),
                    say("Restore it with that version or newer."),
                )
            yield BackupReader(path, archive, manifest)
    except OSError as error:
        raise CliError(say("{name} cannot be read: {strerror}.", name=path, strerror=of_file(error))) from error
    except (zipfile.BadZipFile, KeyError, ValidationError, json.JSONDecodeError) as error:
        raise CliError(say("{path} is no backup of `linli backup`, or only a part of one.", path=path)) from error


def _member(service: str, collection: str) -> str:
    return f"{service}/{collection}.bson"


def _check_sum(file: IO[bytes]) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # a zip's member reads as a file
