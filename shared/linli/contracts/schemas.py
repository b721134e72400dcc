"""The committed JSON Schemas of all events, and a check for breaking changes.

`python -m linli.contracts.schemas` checks that the committed schemas are those of the code; `--write` brings them up to
date, and refuses a change that would break a reader or a writer: that needs a new type, published beside the old one.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from linli.contracts.base import Event
from linli.contracts.catalogue import event_types

Schema: TypeAlias = dict[str, Any]
FOLDER = Path(__file__).parent / "schemas"


def schema_of(event: type[Event]) -> Schema:
    """An event's JSON Schema, as it stands on the wire."""
    return {"$id": f"urn:linli:event:{event.TYPE}"} | event.model_json_schema(mode="serialization")


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """What would break somebody: a reader of the new events by the old schema, or of old events by the new one."""
    return list(_compare(old, old, new, new, "$"))


def _compare(old: Any, old_root: Schema, new: Any, new_root: Schema, at: str) -> Iterator[str]:
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    if "anyOf" in old or "anyOf" in new:
        yield from _compare_alternatives(old, old_root, new, new_root, at)
        return
    for word in ("type", "format", "const", "pattern"):
        if old.get(word) != new.get(word):
            yield f"{at}: {word} was {old.get(word)!r} and is {new.get(word)!r}"
    if old.get("enum") != new.get("enum"):
        yield f"{at}: the values were {old.get('enum')} and are {new.get('enum')}"
    yield from _compare_limits(old, new, at)
    yield from _compare_properties(old, old_root, new, new_root, at)
    for word in ("items", "additionalProperties"):
        if isinstance(old.get(word), dict) and isinstance(new.get(word), dict):
            yield from _compare(old[word], old_root, new[word], new_root, f"{at}[]")


def _compare_properties(old: Schema, old_root: Schema, new: Schema, new_root: Schema, at: str) -> Iterator[str]:
    had, has = old.get("properties", {}), new.get("properties", {})
    for name in sorted(had.keys() - has.keys()):
        yield f"{at}.{name}: was taken away; its readers miss it"
    for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield f"{at}.{name}: became required; events written before lack it"
    for name in sorted(set(old.get("required", ())) - set(new.get("required", ()))):
        yield f"{at}.{name}: became optional; readers count on it"
    for name in sorted(had.keys() & has.keys()):
        yield from _compare(had[name], old_root, has[name], new_root, f"{at}.{name}")


def _compare_limits(old: Schema, new: Schema, at: str) -> Iterator[str]:
    """A limit that moved inwards refuses old events, one that moved outwards sends readers what they refuse."""
    for word in ("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "exclusiveMinimum"):
        if old.get(word) != new.get(word):
            yield f"{at}: {word} was {old.get(word)} and is {new.get(word)}"


def _compare_alternatives(old: Schema, old_root: Schema, new: Schema, new_root: Schema, at: str) -> Iterator[str]:
    had, has = old.get("anyOf", [old]), new.get("anyOf", [new])
    if len(had) != len(has):
        yield f"{at}: had {len(had)} alternatives and has {len(has)}"
        return
    for number, (before, after) in enumerate(zip(had, has, strict=True)):
        yield from _compare(before, old_root, after, new_root, f"{at}|{number}")


def _resolved(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = root["$defs"][name]
    return schema


def committed(folder: Path) -> dict[str, Schema]:
    """The committed schemas by event type."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def faults(before: dict[str, Schema], now: dict[str, Schema]) -> list[str]:
    """Every breaking change between two sets of schemas."""
    found = [f"{name}: the type is gone; its readers still wait for it" for name in sorted(before.keys() - now.keys())]
    for name in sorted(before.keys() & now.keys()):
        found += [f"{name} {fault}" for fault in breaking_changes(before[name], now[name])]
    return found


def main(arguments: list[str], folder: Path = FOLDER) -> int:
    """The check, or with `--write` the update. Exit code 1 when something is wrong."""
    before, now = committed(folder), {event.TYPE: schema_of(event) for event in event_types()}
    if broken := faults(before, now):
        print("Breaking changes; publish a new type (v2) beside the old one:", *broken, sep="\n  ")  # noqa: T201
        return 1
    if arguments == ["--write"]:
        folder.mkdir(exist_ok=True)
        for name, schema in now.items():
            text = json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
            (folder / f"{name}.json").write_text(text, encoding="utf-8")
        return 0
    if before != now:
        changed = [name for name in now if before.get(name) != now[name]]
        print("The committed schemas are not those of the code; run 'make schemas':", *changed, sep="\n  ")  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
