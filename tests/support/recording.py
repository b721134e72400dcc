"""A database that answers little and writes down what it was asked: for what is said of queries and indexes."""

import sys
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.support.builders import NOON

SINGLE = {"update_one", "replace_one", "delete_one", "UpdateOne", "ReplaceOne", "DeleteOne"}
"""What changes one document: a sharded MongoDB takes it with the shard key, or with an `_id`."""


@dataclass(frozen=True)
class Asked:
    """One operation: of which collection, which function asked, what the operation is called, and its filter."""

    collection: str
    asker: str
    how: str
    query: Mapping[str, Any]


@dataclass(frozen=True)
class Index:
    """An index as it was made."""

    fields: tuple[str, ...]
    unique: bool


@dataclass
class Recording:
    """Stands for a database. `found` is what a collection's finds return, each asker's first; later ones are empty."""

    found: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    indexes: dict[str, dict[str, Index]] = field(default_factory=dict)
    files: set[tuple[str, str]] = field(default_factory=set)
    """(file, function) of who asked."""

    name = "recorded"

    def __getattr__(self, name: str) -> "Collection":
        if name.startswith("__"):
            raise AttributeError(name)
        return Collection(self, name)

    def __getitem__(self, name: str) -> "Collection":
        return Collection(self, name)

    def get_collection(self, name: str, **_: Any) -> "Collection":
        return Collection(self, name)

    async def command(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {"localTime": NOON}

    async def list_collection_names(self) -> list[str]:
        return []

    async def create_collection(self, name: str) -> None:
        self.indexes.setdefault(name, {})

    def note(self, collection: str, how: str, query: Mapping[str, Any]) -> bool:
        """Write it down; whether this asker asks the collection so for the first time."""
        file, asker = _asker()
        first = not any((each.collection, each.asker, each.how) == (collection, asker, how) for each in self.asked)
        self.asked.append(Asked(collection, asker, how, query))
        self.files.add((file, asker))
        return first


def _asker() -> tuple[str, str]:
    """The file and the outermost function, with its class, that a call comes from."""
    frame = sys._getframe()
    while frame.f_code.co_filename == __file__:
        assert frame.f_back
        frame = frame.f_back
    return str(Path(frame.f_code.co_filename)), frame.f_code.co_qualname.partition(".<locals>")[0]


class Collection:
    """One of a recording's collections, with what stores call of it."""

    def __init__(self, recording: Recording, name: str) -> None:
        self._recording, self.name = recording, name

    def _take(self, how: str, query: Mapping[str, Any] | None) -> "Cursor":
        first = self._recording.note(self.name, how, query or {})
        return Cursor(list(self._recording.found.get(self.name, ())) if first else [])

    def find(self, query: Any = None, *_: Any, **__: Any) -> "Cursor":
        return self._take("find", query)

    async def find_one(self, query: Any = None, *_: Any, **__: Any) -> Any:
        return next(iter(self._take("find_one", query).documents), None)

    def aggregate(self, stages: Sequence[Mapping[str, Any]], **_: Any) -> "Cursor":
        for each in [stages, *(stage["$unionWith"]["pipeline"] for stage in stages if "$unionWith" in stage)]:
            self._recording.note(self.name, "aggregate", each[0].get("$match", {}))
        return Cursor([])

    def count_documents(self, query: Any, **_: Any) -> Awaitable[int]:
        self._recording.note(self.name, "count_documents", query)  # whoever waits for it may be another function
        return self.estimated_document_count()

    async def estimated_document_count(self) -> int:
        return 0

    async def insert_one(self, document: Any, **_: Any) -> None:
        self._recording.note(self.name, "insert", document)

    async def insert_many(self, documents: Any, **_: Any) -> None:
        for each in documents:
            self._recording.note(self.name, "insert", each)

    async def find_one_and_update(self, query: Any, *_: Any, **__: Any) -> None:
        self._recording.note(self.name, "find_one_and_update", query)

    async def find_one_and_delete(self, query: Any, *_: Any, **__: Any) -> None:
        self._recording.note(self.name, "find_one_and_delete", query)

    async def bulk_write(self, changes: Sequence[Any], **_: Any) -> Any:
        for each in changes:
            self._recording.note(self.name, type(each).__name__, each._filter)
        return CHANGED

    async def _change(self, how: str, query: Any) -> Any:
        self._recording.note(self.name, how, query)
        return CHANGED

    async def update_one(self, query: Any, *_: Any, **__: Any) -> Any:
        return await self._change("update_one", query)

    async def update_many(self, query: Any, *_: Any, **__: Any) -> Any:
        return await self._change("update_many", query)

    async def replace_one(self, query: Any, *_: Any, **__: Any) -> Any:
        return await self._change("replace_one", query)

    async def delete_one(self, query: Any, *_: Any, **__: Any) -> Any:
        return await self._change("delete_one", query)

    async def delete_many(self, query: Any, *_: Any, **__: Any) -> Any:
        return await self._change("delete_many", query)

    # Indexes ---------------------------------------------------------------------------------------------------------

    async def create_index(self, keys: Any, *, name: str, unique: bool = False, **_: Any) -> None:
        fields = (keys,) if isinstance(keys, str) else tuple(field for field, _ in keys)
        self._recording.indexes.setdefault(self.name, {})[name] = Index(fields, unique)

    async def index_information(self) -> dict[str, Index]:
        return dict(self._recording.indexes.get(self.name, {}))

    async def drop_index(self, name: str) -> None:
        del self._recording.indexes[self.name][name]


CHANGED = SimpleNamespace(matched_count=1, modified_count=0, deleted_count=0, upserted_id=None)
"""Of what was changed: it was there, and somebody else was quicker."""


class Cursor:
    """What a find or an aggregation gives."""

    def __init__(self, documents: Sequence[Mapping[str, Any]]) -> None:
        self.documents = list(documents)

    def sort(self, *_: Any) -> "Cursor":
        return self

    limit = hint = skip = sort

    async def to_list(self, _: int | None) -> list[Any]:
        taken, self.documents = self.documents, []
        return taken

    async def __aiter__(self) -> AsyncIterator[Any]:
        for each in await self.to_list(None):
            yield each


def says(query: Mapping[str, Any], field: str) -> bool:
    """Whether a filter says which values of a field are meant, so that only their shards are asked."""
    if field in query:
        said = query[field]
        operators = [name for name in said if name.startswith("$")] if isinstance(said, Mapping) else []
        if not operators or {"$in", "$eq"} & set(operators):
            return True
    if any(says(each, field) for each in query.get("$and", ())):
        return True
    return "$or" in query and all(says(each, field) for each in query["$or"])
