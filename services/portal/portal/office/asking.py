"""What several services are asked alike: who does not answer is named, and the page shows the rest."""

from collections.abc import Mapping, Sequence
from typing import Any

from linli.web.problems import Problem
from portal.services import Caller, Name, Services

ALL: tuple[Name, ...] = ("intake", "workflow", "notify")


async def of_each(
    services: Services,
    names: Sequence[Name],
    path: str,
    caller: Caller,
    params: Mapping[str, Any] | None = None,
    *,
    none_is_enough: bool = False,
) -> tuple[list[tuple[Name, Any]], list[Name]]:
    """Each with its answer, and those that do not answer. Raises what they refuse; 503 when none answers,
    unless that is enough."""
    found: list[tuple[Name, Any]] = []
    silent: list[Name] = []
    last: Problem | None = None
    for name in names:
        try:
            found.append((name, await services.get(name, path, caller, params)))
        except Problem as problem:
            if problem.status < 500:
                raise
            last = problem
            silent.append(name)
    if last is not None and not found and not none_is_enough:
        raise last
    return found, silent
