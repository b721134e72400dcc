"""Jurisdictions are communities: which one is meant, and what it offers, as workflow has it."""

import time
from dataclasses import dataclass
from typing import Any

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN
from linli.web.problems import Problem
from portal.addresses import at
from portal.open311.errors import missing, none_such
from portal.open311.parameters import Parameters
from portal.services import Caller, Services, unavailable

KEPT = 10.0
"""Seconds that an answer to somebody without a key is given to others too."""
MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class _Known:
    until: float
    answer: Any


class Catalogue:
    """Asks workflow. A fault is told, and never taken for a list that is shorter or empty."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known: dict[str, _Known] = {}

    async def community(self, parameters: Parameters, caller: Caller) -> str:
        """Which community is meant: the one that is named, or the only one.

        Raises 400 where none of several is named, 404 for one that is not there, 503 before any is.
        """
        named = parameters.get("jurisdiction_id")
        communities = [each["id"] for each in (await self._answer("/v1/services", caller))["items"]]
        if not communities:
            raise unavailable()
        if named is None and len(communities) > 1:
            raise missing("jurisdiction_id")
        community: str = named or communities[0]
        if community not in communities:
            raise none_such("There is no such jurisdiction_id.", "没有这个 jurisdiction_id。")
        return community

    async def services(self, community: str, caller: Caller) -> list[dict[str, Any]]:
        """All that a community offers. Raises 503."""
        try:
            items: list[dict[str, Any]] = (
                await self._answer(at("/v1/services/{community}", community=community), caller)
            )["items"]
        except Problem as problem:
            if problem.status == 404:  # it was there a moment ago: no list is no empty list
                raise unavailable() from problem
            raise
        return items

    async def service(self, community: str, code: str, caller: Caller) -> dict[str, Any]:
        """One of them. Raises 404."""
        found = next((each for each in await self.services(community, caller) if each["code"] == code), None)
        if found is None:
            raise none_such("There is no such service_code.", "没有这个 service_code。")
        return found

    async def _answer(self, path: str, caller: Caller) -> Any:
        if caller.key is not None:  # whether it counts, and how often, workflow says
            return await self._services.read(path, caller)
        known = self._known.get(path)
        if known is None or known.until < time.monotonic():
            answer = await self._services.read(path, caller)
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            known = self._known[path] = _Known(time.monotonic() + KEPT, answer)
        return known.answer


def named(item: dict[str, Any], field: str = "name") -> str | None:
    """A name in the language that is asked for, as far as it has one there."""
    english = item.get(f"{field}_en") if ANSWER_IN.get() is Language.EN else None
    found: str | None = english or item.get(field)
    return found
