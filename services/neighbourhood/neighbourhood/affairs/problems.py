"""What a refused command is answered with."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from linli.contracts.base import strict_json
from linli.contracts.neighbourhood.affairs import Affair
from linli.contracts.neighbourhood.profile import NoRule
from linli.web.localized import Localized
from linli.web.problems import Problem
from neighbourhood.refusal import Refusal


def problem_of(refusal: Refusal, version: int | None = None) -> Problem:
    """409 for what cannot be done as things stand; 422 where one thing in the request is wrong, with its pointer.

    `reason` is for programs.
    """
    now: dict[str, Any] = {"version": version} if version else {}
    if refusal.pointer is None:
        return Problem("not_allowed", 409, refusal.why, reason=refusal.slug, **now)
    wrong = [{"field": refusal.pointer.strip("/").replace("/", "."), "message": refusal.why}]
    return Problem("invalid", 422, refusal.why, reason=refusal.slug, errors=wrong, **now)


CANNOT = (ValidationError, NoRule)
"""What a decision raises where it cannot be made at all."""


def broken(error: ValidationError | NoRule) -> Problem:
    """409 where the place's rules say nothing of it. 422 for a value that no event may hold, told by its name and never
    by what it is."""
    if isinstance(error, NoRule):
        return Problem("not_allowed", 409, error.args[0], reason="no-rule")
    names = [".".join(map(str, each["loc"])) for each in error.errors(include_input=False, include_url=False)]
    said = Localized("is not as it must be", "不符合要求")
    errors = [{"field": name, "message": said} for name in names]
    return Problem(
        "invalid", 422, Localized("Some values are not as they must be.", "有些内容不符合要求。"), errors=errors
    )


def too_large(events: Iterable[Affair]) -> Problem | None:
    """422 for more than one event may tell: Kafka would take none of it, and nobody would ever hear of the affair."""
    if all(len(strict_json(event)) <= event.MOST_BYTES for event in events):
        return None
    said = Localized("This is too much for one step; do it in several.", "一次提交的内容过多，请分几次提交。")
    return Problem("invalid", 422, said, reason="too-large")
