"""What every page of the desk needs: who asks, with what key, when, and what things are called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response

from linli.storage.clock import Now
from linli.web.given import given
from portal.desk import words
from portal.desk.counting import Counting
from portal.desk.names import Communities, Names
from portal.desk.store import DeskStore
from portal.pages.rendering import Pages
from portal.services import Caller, Services
from portal.signin.person import Person
from portal.signin.staff import Staff

Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,64}$")]
"""Of a case or a photo, in an address."""


class Desk:
    """What the desk's pages are made with. One for the portal."""

    def __init__(
        self, services: Services, store: DeskStore, communities: Communities, counting: Counting, now: Now
    ) -> None:
        self.services, self.store, self.communities, self.counting, self.now = (
            services,
            store,
            communities,
            counting,
            now,
        )


@dataclass(frozen=True, slots=True)
class AtTheDesk:
    """One request of somebody who is signed in."""

    request: Request
    person: Person
    desk: Desk
    pages: Pages

    @property
    def caller(self) -> Caller:
        return self.person.caller(self.request)

    @property
    def services(self) -> Services:
        return self.desk.services

    @property
    def store(self) -> DeskStore:
        return self.desk.store

    @property
    def now(self) -> datetime:
        return self.desk.now()

    async def read(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """What workflow answers to this person."""
        return await self.services.read(path, self.caller, params)

    async def names(self, community: str) -> Names:
        return await self.desk.communities.names(community, self.person, self.caller)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page of the desk, in words and names."""
        return self.pages.page(
            self.request, f"desk/{template}", status, w=words, now=self.now, pairs_of=_pairs_of, **values
        )


def _pairs_of(names: Iterable[str], say: Callable[[str], str]) -> list[tuple[str, str]]:
    """Choices: each name with its word."""
    return [(name, say(name)) for name in names]


async def _at_the_desk(
    request: Request, staff: Staff, desk: Annotated[Desk, given(Desk)], pages: Annotated[Pages, given(Pages)]
) -> AtTheDesk:
    return AtTheDesk(request, staff, desk, pages)


Here = Annotated[AtTheDesk, Depends(_at_the_desk)]
