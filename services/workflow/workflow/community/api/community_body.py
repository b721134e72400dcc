"""A community's data as it comes in: checked entry by entry, so that megabytes of mistakes are refused early."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, get_args

import orjson
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from linli.contracts.base import ENTERING
from linli.contracts.workflow.community import Community, Inconsistency
from linli.web.app import FIELD_ERRORS, field_errors
from linli.web.problems import Problem
from workflow.community.domain.outlines import outline_faults

SECTIONS = {
    name: TypeAdapter(get_args(Community.model_fields[name].annotation)[0])
    for name in ("parties", "neighbourhoods", "categories", "rules", "escalation")
}
MOST_OF_AN_ENTRY, MOST_OF_THE_REST = 100_000, 400_000
"""Bytes. pydantic finds all mistakes before it says one, and nothing else runs while it lists them."""
SOON = 256_000
"""Bytes that are checked soon enough whatever is wrong with them."""


def checked(body: Any) -> Community:
    """The community; for a thread: it takes seconds. Raises 422 with the first mistakes."""
    if isinstance(body, Mapping) and _size(body) > SOON:
        faults: list[ErrorDetails] = []
        for fault in _of_entries(body):
            faults.append(fault)
            if len(faults) == FIELD_ERRORS:
                break
        if faults:
            raise _invalid(faults)
    try:
        community = Community.model_validate(body, context=ENTERING)
    except ValidationError as error:
        raise _invalid(_errors(error)) from error
    if crossing := [_misdrawn(found) for found in islice(outline_faults(community), FIELD_ERRORS)]:
        raise _invalid(crossing)
    return community


def _of_entries(body: Mapping[str, Any]) -> Iterator[ErrorDetails]:
    rest = {name: value for name, value in body.items() if name not in SECTIONS}
    if _size(rest) > MOST_OF_THE_REST:
        yield _too_much("the community", ())
    for name, section in SECTIONS.items():
        entries = body.get(name)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if _size(entry) > MOST_OF_AN_ENTRY:
                yield _too_much("an entry", (name, index))
                continue
            try:
                section.validate_python(entry, context=ENTERING)
            except ValidationError as error:
                for fault in _errors(error):
                    fault["loc"] = (name, index, *fault["loc"])
                    yield fault


def _size(body: Any) -> int:
    try:
        return len(orjson.dumps(body))
    except orjson.JSONEncodeError:  # nested deeper than it writes
        return MOST_OF_THE_REST + 1


def _too_much(what: str, place: tuple[str | int, ...]) -> ErrorDetails:
    return ErrorDetails(type="too_much", loc=place, msg=f"there is more here than {what} can hold", input=None)


def _misdrawn(found: Inconsistency) -> ErrorDetails:
    place = (found.section, found.index or 0, found.field)
    return ErrorDetails(type="outline", loc=place, msg=found.message, input=None)


def _errors(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_context=False, include_input=False)


def _invalid(faults: list[ErrorDetails]) -> Problem:
    return Problem("invalid", 422, "Some fields are not as they should be.", errors=field_errors(faults))
