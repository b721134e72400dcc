"""How many cases filters find: workflow is asked once for all that a page shows, and not again for a few seconds."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import orjson

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
        self._kept: dict[Rights, dict[bytes, tuple[float, int]]] = {}
        self._being_asked = BeingAsked()

    async def totals(self, filters: Sequence[Filter], person: Person, caller: Caller) -> list[int]:
        """How many cases each finds, in order, `COUNTED_TO` and one at most. Raises what workflow says."""
        rights, keys = rights_of(person), [orjson.dumps(each, option=orjson.OPT_SORT_KEYS) for each in filters]
        wanted = dict(zip(keys, filters, strict=True))
        known = self._known(rights)
        if wanted.keys() - known.keys():
            await self._being_asked.over(rights)
            known = self._known(rights)
        if missing := {key: each for key, each in wanted.items() if key not in known}:
            with self._being_asked.asking(rights):
                found = await self._asked(missing, caller)
            self._keep(rights, found)
            known = known | found
        return [known[key] for key in keys]

    def _known(self, rights: Rights) -> dict[bytes, int]:
        """What was counted just now."""
        since = self._counter() - GOOD_FOR
        return {key: total for key, (at, total) in self._kept.get(rights, {}).items() if at > since}

    async def _asked(self, missing: Mapping[bytes, Filter], caller: Caller) -> dict[bytes, int]:
        keys = list(missing)
        pieces = [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]
        said = await asyncio.gather(*(self._count([missing[key] for key in piece], caller) for piece in pieces))
        return dict(zip(keys, (total for totals in said for total in totals), strict=True))

    async def _count(self, filters: Sequence[Filter], caller: Caller) -> Sequence[int]:
        body = {"filters": filters, "at_most": COUNTED_TO + 1}
        totals: Sequence[int] = (await self._services.send("workflow", "/v1/cases:count", body, caller))["totals"]
        return totals

    def _keep(self, rights: Rights, found: Mapping[bytes, int]) -> None:
        now = self._counter()
        kept = {key: each for key, each in self._kept.pop(rights, {}).items() if now - each[0] < GOOD_FOR}
        if len(self._kept) >= REMEMBERED:
            self._kept.clear()
        self._kept[rights] = kept | {key: (now, total) for key, total in found.items()}
