"""What parties, neighbourhoods and categories of a community are called, for who may read it; kept for a minute."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN
from linli.web.problems import Problem
from portal.pages.language import _
from portal.services import Caller, Services
from portal.signin.person import Person

KEPT = 60.0
"""Seconds."""
AT_MOST = 40
"""Communities that one process remembers: the largest have some megabytes."""
LISTED = 400
"""Choices that a page lists; of more, an id is typed."""


class Names:
    """Of one community; without its data every id is its own name."""

    def __init__(self, id: str, data: Mapping[str, Any] | None) -> None:
        self.id, self._data = id, data or {}
        self._parties = {each["id"]: each for each in self._data.get("parties", ())}
        self._places = {each["id"]: each for each in self._data.get("neighbourhoods", ())}
        self._categories = {each["id"]: each for each in self._data.get("categories", ())}
        self._rules = {each["id"]: each for each in self._data.get("rules", ())}

    @property
    def known(self) -> bool:
        return bool(self._data)

    @property
    def community(self) -> str:
        return _called(self._data) or self.id

    @property
    def triage(self) -> str | None:
        return self._data.get("triage")

    def party(self, id: str | None) -> str:
        return _called(self._parties.get(id or "")) or id or ""

    def place(self, id: str | None) -> str:
        return _called(self._places.get(id or "")) or id or ""

    def category(self, id: str | None) -> str:
        """With what it lies below."""
        if not id:
            return ""
        steps = id.split(".")
        path = [".".join(steps[: n + 1]) for n in range(len(steps))]
        return " › ".join(_called(self._categories.get(each)) or each.rpartition(".")[2] for each in path)

    def rule(self, id: str | None) -> str:
        found = self._rules.get(id or "")
        return str(found["name"]) if found else id or ""

    def who(self, by: str) -> str:
        """Who did something, as a history names them."""
        known = {"resident": _("The reporter"), "operator": _("The office"), "linli": _("A rule")}
        return known.get(by) or self.party(by)

    def parties(self, only: Iterable[str] | None = None) -> list[tuple[str, str]]:
        """Choices: ids and names, in the order of the community's data."""
        wanted = None if only is None else frozenset(only)
        return [(id, self.party(id)) for id in self._parties if wanted is None or id in wanted]

    def places(self) -> list[tuple[str, str]]:
        return [(id, self.place(id)) for id in self._places]

    def categories(self) -> list[tuple[str, str]]:
        return [(id, self.category(id)) for id in self._categories]

    def below(self, party: str) -> frozenset[str]:
        """A party and all that lie below it: to whom it may give a case."""
        found = {party}
        while more := {id for id, each in self._parties.items() if each.get("parent") in found} - found:
            found |= more
        return frozenset(found)

    def outlines(self) -> list[dict[str, Any]]:
        """Each neighbourhood that has an outline, as a feature of GeoJSON."""
        return [
            {"type": "Feature", "properties": {"id": id, "name": self.place(id)}, "geometry": outline}
            for id, each in self._places.items()
            for outline in (each.get("outline"), *(each.get("further_outlines") or ()))
            if outline
        ]


class Communities:
    """Asks workflow for communities' data, with the key of who asks."""

    def __init__(self, services: Services, counter: Callable[[], float] = time.monotonic) -> None:
        self._services, self._counter = services, counter
        self._kept: dict[tuple[str, str], tuple[float, Names]] = {}
        self._lists: dict[str, tuple[float, list[tuple[str, str]]]] = {}

    async def names(self, community: str, person: Person, caller: Caller) -> Names:
        """Without the permission, or of a community that is not there: ids."""
        key = person.session, community
        at, kept = self._kept.get(key, (0.0, None))
        if kept is not None and self._counter() - at < KEPT:
            return kept
        names = Names(community, await self._read(community, person, caller))
        if len(self._kept) >= AT_MOST:
            self._kept.clear()
        self._kept[key] = self._counter(), names
        return names

    async def listed(self, person: Person, caller: Caller) -> list[tuple[str, str]]:
        """The communities that the person may read: ids and names."""
        at, kept = self._lists.get(person.session, (0.0, []))
        if kept and self._counter() - at < KEPT:
            return kept
        if not person.may("communities:read"):
            return []
        said = await self._services.read("/v1/communities", caller)
        found = [(each["id"], each["name"]) for each in said["items"]]
        if len(self._lists) >= 1_000:
            self._lists.clear()
        self._lists[person.session] = self._counter(), found
        return found

    async def _read(self, community: str, person: Person, caller: Caller) -> Mapping[str, Any] | None:
        if not person.may("communities:read"):
            return None
        try:
            found: Mapping[str, Any] = await self._services.read(f"/v1/communities/{community}", caller)
        except Problem as problem:
            if problem.status in {403, 404}:
                return None
            raise
        return found


def _called(record: Mapping[str, Any] | None) -> str | None:
    """In the reader's language, as far as it has a name there."""
    if not record:
        return None
    english = record.get("name_en") if ANSWER_IN.get() is Language.EN else None
    return english or record.get("name")
