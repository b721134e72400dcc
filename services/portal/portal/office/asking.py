"""What several services are asked alike: who does not answer is named, and the page shows the rest."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from linli.web.problems import Problem
from portal.services import Caller, Name, Services


async def of_each(
    services: Services,
    names: Sequence[Name],
    path: str,
    caller: Caller,
    params: Mapping[str, Any] | None = None,
    *,
    none_is_enough: bool = False,
) -> tuple[list[tuple[Name, Any]], list[Name]]:
    """Each with its answer, and those that do not answer; all are asked at once. Raises what they refuse; 503 when
    none answers, unless that is enough."""
    away: dict[Name, Problem] = {}

    async def one(name: Name) -> Any:
        try:
            return await services.get(name, path, caller, params)
        except Problem as problem:
            if problem.status < 500:
                raise
            away[name] = problem

    answers = await asyncio.gather(*(one(name) for name in names))
    found = [(name, answer) for name, answer in zip(names, answers, strict=True) if name not in away]
    if away and not found and not none_is_enough:
        raise next(iter(away.values()))
    return found, [name for name in names if name in away]
