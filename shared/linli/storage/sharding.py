"""The shard keys of a service's collections; each is declared beside its store.

All are spread by the hash of one field: the ids are in order of time, and in that order all that is new would go to one
shard. A query that says the field goes to the shards that have it, any other to all of them. A unique index holds only
if it begins with the field, or is that of `_id` (`ShardKeyPattern::isIndexUniquenessCompatible` of MongoDB's source):
no shard looks into another one. `tests/unit/test_sharding.py` holds the declarations to the migrations and the stores.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class NotUnique:
    """A unique index that has to become a plain one, for it does not begin with the shard key."""

    name: str
    fields: Sequence[str]
    why: str
    """What keeps its values apart all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharded:
    """A large collection, and the field by whose hash it is spread."""

    collection: str
    by: str
    why: str
    everywhere: Mapping[str, str] = field(default_factory=dict)
    """What asks without the field, by the function's name, and why every shard may be asked for it."""
    not_unique: Sequence[NotUnique] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Collections that stay on one shard, the database's first."""

    collections: Sequence[str]
    why: str
    before: str | None = None
    """Of a large one: what has to change before it can be spread."""


Sharding: TypeAlias = Sharded | Whole


def commands(database: str, declared: Sequence[Sharding]) -> Iterator[str]:
    """What to say to `mongosh`, a line each, with the reasons as comments."""
    yield f"sh.enableSharding({json.dumps(database)})"
    for each in declared:
        yield ""
        yield from _whole(each) if isinstance(each, Whole) else _sharded(database, each)


def _sharded(database: str, each: Sharded) -> Iterator[str]:
    key = json.dumps({each.by: "hashed"})
    collection = f"db.getSiblingDB({json.dumps(database)}).getCollection({json.dumps(each.collection)})"
    yield f"// {each.collection}: {each.why}"
    for index in each.not_unique:
        yield f"// {index.name} is unique no longer: {index.why}"
        yield f"{collection}.dropIndex({json.dumps(index.name)})"
        plain = json.dumps(dict.fromkeys(index.fields, 1))
        yield f"{collection}.createIndex({plain}, {json.dumps({'name': index.name})})"
    yield f"{collection}.createIndex({key})"
    yield f"sh.shardCollection({json.dumps(f'{database}.{each.collection}')}, {key})"


def _whole(each: Whole) -> Iterator[str]:
    yield f"// Not spread: {', '.join(each.collections)}. {each.why}"
    if each.before:
        yield f"// First: {each.before}"
