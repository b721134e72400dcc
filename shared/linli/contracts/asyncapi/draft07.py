"""JSON Schemas as an AsyncAPI document has them: of draft 07, each model once among the document's components.

Pydantic writes draft 2020-12. What the older draft lacks, or a parser of AsyncAPI refuses, is said in its own words.
"""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

Schema: TypeAlias = dict[str, Any]
Mode: TypeAlias = Literal["validation", "serialization"]

PLACE = "#/components/schemas/"
"""Where a schema of the document is, before its name."""
_OF_SCHEMAS = frozenset({"properties", "patternProperties"})
"""Keywords that hold schemas by name, so that their keys are no keywords."""
_VERBATIM = frozenset({"default", "examples", "enum", "const", "required"})
"""Keywords that hold values, or names."""
_DROPPED = frozenset({"title", "discriminator"})
"""Pydantic's titles say a field's name once more. AsyncAPI's `discriminator` is a string; ours is for speed alone."""


def components(
    models: Sequence[tuple[type[BaseModel], Mode]],
) -> tuple[dict[type[BaseModel], Schema], dict[str, Schema]]:
    """What refers to each model, and all schemas by their names in the document."""
    references, found = models_json_schema(models, ref_template=PLACE + "{model}")
    schemas = {name: as_draft_07(schema) for name, schema in sorted(found["$defs"].items())}
    return {model: references[model, mode] for model, mode in models}, schemas


def as_draft_07(schema: Any) -> Any:
    """The same schema in draft 07."""
    if isinstance(schema, list):
        return [as_draft_07(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    new = {word: _value(word, value) for word, value in schema.items() if word not in _DROPPED}
    if "prefixItems" in new:  # which was `items`, and `items` was `additionalItems`
        rest = {"additionalItems": new.pop("items")} if "items" in new else {}
        new = new | {"items": new.pop("prefixItems")} | rest
    if "$ref" in new and len(new) > 1:  # what stands beside a reference is not read
        new = {"allOf": [{"$ref": new.pop("$ref")}]} | new
    return new


def _value(word: str, value: Any) -> Any:
    if word in _VERBATIM:
        return value
    if word in _OF_SCHEMAS:
        return {name: as_draft_07(each) for name, each in value.items()}
    return as_draft_07(value)
