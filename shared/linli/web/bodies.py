"""The largest body of a request: what its route's model can hold, however the JSON is written."""

from collections.abc import Mapping
from typing import Any, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

M = TypeVar("M", bound=BaseModel)

SPARE = 64 * 1024
"""Bytes beside what the fields hold: indentation, and fields that are not known, which are answered for by name."""
BYTES_OF_A_CHARACTER = 12
r"""Of the longest way to write one in JSON, `\ud83d\ude00`, and in a form, `%F0%9F%98%80`."""
_PUNCTUATION = 4
"""Quotation marks, a colon and a comma around a name or a value."""
_NUMBER = 32
_SHORT = 80
"""Characters of a string that its form bounds: a slug, a moment in time, a duration."""
_FORMS = frozenset({"date-time", "date", "duration", "uuid"})


class _Takes:
    """A dependency that does nothing but say, in the route's declaration, how many bytes it takes."""

    def __init__(self, most: int) -> None:
        self.most = most

    async def __call__(self) -> None: ...


def takes(most: int | type[BaseModel]) -> Any:
    """What a route declares that reads its body itself: `dependencies=[takes(MOST_BYTES)]`, or the model it reads."""
    return Depends(_Takes(most if isinstance(most, int) else most_bytes(most)))


async def read_body(request: Request, model: type[M]) -> M:
    """What a large body says: not read by FastAPI, which would do that before it asks who sends it. Raises 400, 422."""
    try:
        return model.model_validate(await request.json())
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False, include_input=False)) from error


def limit_of(route: APIRoute) -> int:
    """The bytes that a body of this route may have. Raises LookupError where its model has no bound."""
    for dependency in route.dependant.dependencies:
        if isinstance(dependency.call, _Takes):
            return dependency.call.most
    if route.body_field is None:
        return SPARE
    try:
        return most_bytes(route.body_field.field_info.annotation)
    except LookupError as error:
        raise LookupError(f"{route.path}: {error}; bound it, or declare takes(bytes)") from None


def most_bytes(model: Any) -> int:
    """What a body may take that this model accepts. Raises LookupError for a string, list or mapping without bound."""
    schema = TypeAdapter(model).json_schema()
    return SPARE + _most(schema, schema.get("$defs", {}))


def _most(schema: Mapping[str, Any], known: Mapping[str, Any]) -> int:
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return max(_most(each, known) for each in choices)
    if "const" in schema or "enum" in schema:
        return max(map(_written, schema.get("enum", [schema.get("const")])))
    match schema.get("type"):
        case "string":
            return BYTES_OF_A_CHARACTER * _characters(schema) + _PUNCTUATION
        case "object":
            return _of_object(schema, known)
        case "array":
            return _bound(schema, "maxItems") * (_most(schema["items"], known) + _PUNCTUATION) + _PUNCTUATION
        case "number" | "integer" | "boolean" | "null":
            return _NUMBER
    raise LookupError(f"'{schema.get('title', 'something')}' has no bound")


def _of_object(schema: Mapping[str, Any], known: Mapping[str, Any]) -> int:
    total = 2 * _PUNCTUATION
    for name, field in schema.get("properties", {}).items():
        total += _written(name) + _most(field, known)
    if isinstance(schema.get("additionalProperties"), Mapping):
        name = _most({"type": "string"} | schema.get("propertyNames", {}), known)
        total += _bound(schema, "maxProperties") * (name + _most(schema["additionalProperties"], known))
    return total


def _characters(schema: Mapping[str, Any]) -> int:
    bounded_by_its_form = "pattern" in schema or schema.get("format") in _FORMS
    return int(schema.get("maxLength", _SHORT)) if bounded_by_its_form else _bound(schema, "maxLength")


def _bound(schema: Mapping[str, Any], name: str) -> int:
    if name not in schema:
        raise LookupError(f"'{schema.get('title', schema.get('type'))}' has no {name}")
    return int(schema[name])


def _written(value: Any) -> int:
    return BYTES_OF_A_CHARACTER * len(str(value)) + _PUNCTUATION
