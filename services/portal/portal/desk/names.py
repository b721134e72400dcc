"""What parties, neighbourhoods and categories of a community are called, for who may read it."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from weakref import WeakValueDictionary

from linli.contracts.kinds import Language
from linli.contracts.workflow.community import Level
from linli.web.problem_words import ANSWER_IN
from portal.addresses import at
from portal.pages.language import _
from portal.services import Caller, Services
from portal.signin.person import Person

KEPT = 30.0
"""Seconds for which it counts which communities somebody may read, and in which version."""
AT_MOST = 20
"""Versions of communities that one process remembers: the largest have some megabytes."""
SESSIONS = 1_000
NODES = frozenset(map(str, Level))
"""Kinds of parties that hold common affairs, and disputes."""


class Names:
    """Of one community; without its data every id is its own name."""

    def __init__(self, id: str, data: Mapping[str, Any] | None) -> None:
        self.id, self._data = id, data or {}
        self._parties = {each["id"]: each for each in self._data.get("parties", ())}
        self._places = {each["id"]: each for each in self._data.get("neighbourhoods", ())}
        self._categories = {each["id"]: each for each in self._data.get("categories", ())}
        self._rules = {each["id"]: each for each in self._data.get("rules", ())}
        self._choices: dict[Language, list[tuple[str, str]]] = {}

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

    def leads(self, party: str | None) -> bool:
        """Whether it is a node of the tree, or no party at all; of one that is not known the services decide."""
        found = self._parties.get(party or "")
        return found is None or found.get("kind") in NODES

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
        """The same of categories: some hundred, each with what it lies below, on every page of the list."""
        if (found := self._choices.get(ANSWER_IN.get())) is None:
            found = self._choices[ANSWER_IN.get()] = [(id, self.category(id)) for id in self._categories]
        return found

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
    """Asks workflow for communities' data, with the key of who asks: of each version once for all who may read it."""

    def __init__(self, services: Services, counter: Callable[[], float] = time.monotonic) -> None:
        self._services, self._counter = services, counter
        self._heads: dict[str, tuple[float, Mapping[str, Mapping[str, Any]]]] = {}
        self._kept: dict[tuple[str, int], Names] = {}
        self._reading: WeakValueDictionary[tuple[str, int], asyncio.Lock] = WeakValueDictionary()

    async def names(self, community: str, person: Person, caller: Caller) -> Names:
        """Without the permission, or of a community that is not there: ids."""
        head = (await self._readable(person, caller)).get(community)
        if head is None:
            return Names(community, None)
        key = community, int(head["version"])
        if (kept := self._kept.get(key)) is not None:
            return kept
        reading = self._reading.setdefault(key, asyncio.Lock())
        async with reading:  # megabytes, so that a crowd reads them once; who asks for others does not wait
            if (kept := self._kept.get(key)) is None:
                path = at("/v1/communities/{id}", id=community)
                kept = Names(community, await self._services.read(path, caller, {"version": head["version"]}))
                if len(self._kept) >= AT_MOST:
                    self._kept.clear()
                self._kept[key] = kept
            return kept

    async def listed(self, person: Person, caller: Caller) -> list[tuple[str, str]]:
        """The communities that the person may read: ids and names."""
        return [(id, head["name"]) for id, head in (await self._readable(person, caller)).items()]

    async def _readable(self, person: Person, caller: Caller) -> Mapping[str, Mapping[str, Any]]:
        """By id, those whose data workflow shows to this person."""
        if not person.may("communities:read"):
            return {}
        at, kept = self._heads.get(person.session, (0.0, {}))
        if kept and self._counter() - at < KEPT:
            return kept
        said = await self._services.read("/v1/communities", caller)
        found = {each["id"]: each for each in said["items"]}
        if len(self._heads) >= SESSIONS:
            self._heads.clear()
        self._heads[person.session] = self._counter(), found
        return found


def _called(record: Mapping[str, Any] | None) -> str | None:
    """In the reader's language, as far as it has a name there."""
    if not record:
        return None
    english = record.get("name_en") if ANSWER_IN.get() is Language.EN else None
    return english or record.get("name")
