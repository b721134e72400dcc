"""What the office's pages declare: who is signed in and may see them, and what they are rendered with."""

from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response

from linli.storage.clock import Now
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.addresses import at
from portal.office import words
from portal.office.said import forget, take
from portal.office.subjects import SUBJECTS
from portal.pages.api import PagesDep
from portal.pages.rendering import Pages
from portal.services import Services
from portal.signin.person import Person
from portal.signin.staff import Staff

ServicesDep = Annotated[Services, given(Services)]


async def _officer(staff: Staff) -> Person:
    """The office is for who runs the system or inspects it; a party has the desk. Raises 403."""
    if staff.role == "party":
        raise refused()
    return staff


Officer = Annotated[Person, Depends(_officer)]


def refused() -> Problem:
    return Problem("forbidden", 403, Localized("You may not do this here.", "您没有这里的权限。"))


def need(person: Person, permission: str) -> None:
    """For a page that only asks whether to do it: nobody is asked what would be refused. Raises 403."""
    if not person.may(permission):
        raise refused()


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when the office is."""

    zone: ZoneInfo
    now: Now


class Shown:
    """Renders a page of the office, with what the one before has done."""

    def __init__(self, request: Request, pages: Pages, place: Place) -> None:
        self._request, self._pages, self.place = request, pages, place

    def page(self, template: str, **values: Any) -> Response:
        said = take(self._request)
        response = self._pages.page(
            self._request, f"office/{template}", said=said, subjects=SUBJECTS, words=words, at=at, **values
        )
        if said is not None:
            forget(response)
        return response

    def sure(self, title: str, will: list[str], action: str, button: str, back: str, **values: Any) -> Response:
        """Ask first, and say what will happen. `fields` go along; `reason` is how a reason is asked for."""
        known: dict[str, Any] = {"facts": [], "fields": {}, "reason": None} | values
        return self.page("sure.html", title=title, will=will, action=action, button=button, back=back, **known)


def _shown(request: Request, pages: PagesDep, place: Annotated[Place, given(Place)]) -> Shown:
    return Shown(request, pages, place)


ShownDep = Annotated[Shown, Depends(_shown)]
