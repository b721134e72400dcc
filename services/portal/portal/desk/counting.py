"""How many cases filters find: workflow is asked once for all that a page shows, and not again for a few seconds."""

import asyncio
import math
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import orjson

from linli.web.problems import Problem
from portal.being_asked import BeingAsked
from portal.services import Caller, Services
from portal.signin.person import Person

GOOD_FOR = 5.0
"""Seconds: all of a person's pages ask for numbers again and again."""
COUNTED_TO = 1_000
"""What has more is counted no further, and shown as `1000+`."""
AT_ONCE = 20
"""Filters that workflow counts in one call."""
REMEMBERED = 1_000
"""Rights of which one process remembers numbers."""
REFUSED_FOR = 600.0
"""Seconds for which a filter that workflow refuses is not asked for again."""
MOST_REFUSED = 10_000
_PLACE = re.compile(r"filters\.(\d{1,3})(?:\.|$)", re.ASCII)
Rights: TypeAlias = tuple[str, str | None, str | None, frozenset[str]]
Filter: TypeAlias = Mapping[str, Any]
"""As `POST /v1/cases:count` takes it."""


def rights_of(person: Person) -> Rights:
    """What decides which cases somebody sees: whoever has the same sees the same numbers, and nobody else."""
    return person.role, person.community, person.party, person.permissions


class Counting:
    """Of a crowd with the same rights one asks, and the others wait for the answer.

    Where it failed each asks for itself: a key may have ended, and no other.
    """

    def __init__(self, services: Services, counter: Callable[[], float] = time.monotonic) -> None:
        self._services, self._counter = services, counter
        self._kept: dict[Rights, dict[bytes, tuple[float, int | None]]] = {}
        self._refused: dict[bytes, float] = {}
        self._being_asked = BeingAsked()

    async def allow(self, filter: Filter, caller: Caller) -> None:
        """Raises what workflow says of a filter that it cannot count."""
        await self._count([filter], caller)

    async def totals(self, filters: Sequence[Filter], person: Person, caller: Caller) -> list[int | None]:
        """How many cases each finds, in order, `COUNTED_TO` and one at most; None for what cannot be counted. Raises
        what workflow says but that."""
        rights, keys = rights_of(person), [orjson.dumps(each, option=orjson.OPT_SORT_KEYS) for each in filters]
        wanted = dict(zip(keys, filters, strict=True))
        known = self._known(rights, wanted)
        if wanted.keys() - known.keys():
            await self._being_asked.over(rights)
            known = self._known(rights, wanted)
        if missing := {key: each for key, each in wanted.items() if key not in known}:
            with self._being_asked.asking(rights):
                found = await self._asked(missing, caller)
            self._keep(rights, found)
            known = known | found
        return [known[key] for key in keys]

    def _known(self, rights: Rights, wanted: Iterable[bytes]) -> dict[bytes, int | None]:
        """What was counted just now, and what cannot be."""
        now = self._counter()
        kept = self._kept.get(rights, {}).items()
        known = {key: total for key, (at, total) in kept if at > now - GOOD_FOR}
        return known | dict.fromkeys(key for key in wanted if now - self._refused.get(key, -math.inf) < REFUSED_FOR)

    async def _asked(self, missing: Mapping[bytes, Filter], caller: Caller) -> dict[bytes, int | None]:
        keys = list(missing)
        pieces = [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]
        said = await asyncio.gather(*(self._counted({key: missing[key] for key in each}, caller) for each in pieces))
        return {key: total for totals in said for key, total in totals.items()}

    async def _counted(self, missing: Mapping[bytes, Filter], caller: Caller) -> dict[bytes, int | None]:
        """Without those that workflow refuses: what it names, or what is left when the others are asked for apart."""
        keys = list(missing)
        try:
            return dict(zip(keys, await self._count(list(missing.values()), caller), strict=True))
        except Problem as problem:
            if problem.status != 422:
                raise
            wrong = {keys[place] for place in _named(problem) if place < len(keys)}
        if not wrong and len(keys) == 1:
            wrong = {*keys}
        if not wrong:  # an earlier version does not say which
            half = len(keys) // 2
            first = await self._counted({key: missing[key] for key in keys[:half]}, caller)
            return first | await self._counted({key: missing[key] for key in keys[half:]}, caller)
        self._refuse(wrong)
        others = {key: missing[key] for key in keys if key not in wrong}
        return dict.fromkeys(wrong) | (await self._counted(others, caller) if others else {})

    async def _count(self, filters: Sequence[Filter], caller: Caller) -> Sequence[int | None]:
        body = {"filters": filters, "at_most": COUNTED_TO + 1}
        answer = await self._services.send("workflow", "/v1/cases:count", body, caller)
        totals: Sequence[int | None] = answer["totals"]
        return totals

    def _refuse(self, wrong: Iterable[bytes]) -> None:
        now = self._counter()
        if len(self._refused) >= MOST_REFUSED:
            self._refused.clear()
        self._refused |= dict.fromkeys(wrong, now)

    def _keep(self, rights: Rights, found: Mapping[bytes, int | None]) -> None:
        now = self._counter()
        kept = {key: each for key, each in self._kept.pop(rights, {}).items() if now - each[0] < GOOD_FOR}
        if len(self._kept) >= REMEMBERED:
            self._kept.clear()
        self._kept[rights] = kept | {key: (now, total) for key, total in found.items()}


def _named(problem: Problem) -> set[int]:
    """The places of the filters that are wrong."""
    errors: Any = problem.extra.get("errors") or []
    fields = [str(each.get("field", "")) for each in errors if isinstance(each, Mapping)]
    return {int(found[1]) for field in fields if (found := _PLACE.match(field))}
