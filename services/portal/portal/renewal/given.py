"""What the pages of common affairs are given: who asks, with what key, and what they are rendered with."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Form, Path, Request, Response

from linli.contracts.base import Slug
from linli.contracts.workflow.community import PartyKind
from linli.web.given import given
from portal.addresses import at
from portal.office.said import done, forget, take
from portal.pages.rendering import Pages
from portal.renewal import plan_words, step_words, words
from portal.residents.given import Office
from portal.residents.public import Public
from portal.services import Caller, Services
from portal.signin.person import STATE, Person, resident_of
from portal.signin.staff import Staff

Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z._~-]{1,120}$")]
"""Of an affair, in an address."""
Key = Annotated[str, Form(max_length=64, pattern="^[0-9a-f]*$")]
"""Hidden in a form, so that it takes effect once however often it is sent."""
Community = Annotated[Slug, Path()]


def once(key: str | None) -> dict[str, str]:
    """The header that a form's key is sent by; of a form without one, none."""
    return {"Idempotency-Key": f"portal-{key}"} if key else {}


OF_THE_OFFICE = frozenset(
    {
        *("affairs:hold", "registers:keep", "registers:read", "ballots:deliver", "members:know"),
        *("households:invite", "households:read", "households:enter", "representatives:name"),
    }
)
"""What in common affairs only nodes of the tree and operators do and read."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of anybody."""

    request: Request
    services: Services
    pages: Pages
    public: Public
    office: Office

    @property
    def caller(self) -> Caller:
        return resident_of(self.request)

    async def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """What neighbourhood answers to everybody."""
        return await self.services.get("neighbourhood", path, self.caller, params)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A template of this face, or of the one that is named before it."""
        whole = template if "/" in template else f"renewal/{template}"
        return self.pages.page(self.request, whole, status, w=words, p=plan_words, s=step_words, at=at, **values)


@dataclass(frozen=True, slots=True)
class StaffVisit:
    """One request of somebody who is signed in."""

    visit: Visit
    person: Person

    @property
    def caller(self) -> Caller:
        return self.person.caller(self.visit.request)

    @property
    def services(self) -> Services:
        return self.visit.services

    @property
    def zone(self) -> ZoneInfo:
        return self.visit.office.zone

    async def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """What neighbourhood answers to this person."""
        return await self.services.get("neighbourhood", path, self.caller, params)

    async def send(self, path: str, body: Mapping[str, Any], key: str | None = None, version: str | None = None) -> Any:
        """What neighbourhood answers to what this person does; under a form's key it takes effect once, and on the
        version that was read alone where one is named."""
        headers = once(key) | ({"If-Match": f'"{version}"'} if version else {})
        return await self.services.send("neighbourhood", path, body, self.caller, **headers)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """With what the page before has done, once."""
        said = take(self.visit.request)
        response = self.visit.page(template, status, said=said, **values)
        if said is not None:
            forget(response)
        return response

    def done(self, address: str, text: str, *, kind: str = "ok", lines: tuple[str, ...] = ()) -> Response:
        """To a page that says so."""
        return done(self.visit.request, address, text, kind=kind, lines=lines)


async def _visit(
    request: Request,
    services: Annotated[Services, given(Services)],
    pages: Annotated[Pages, given(Pages)],
    public: Annotated[Public, given(Public)],
    office: Annotated[Office, given(Office)],
) -> Visit:
    return Visit(request, services, pages, public, office)


Anybody = Annotated[Visit, Depends(_visit)]


async def _staff_visit(visit: Anybody, staff: Staff) -> StaffVisit:
    person = await _as_here(visit, staff)
    setattr(visit.request.state, STATE, person)
    return StaffVisit(visit, person)


async def _as_here(visit: Visit, staff: Person) -> Person:
    """Without what the services leave to nodes of the tree, where somebody is of a company: it would be refused."""
    if staff.party is None or not staff.permissions & OF_THE_OFFICE:
        return staff
    path, caller = at("/v1/communities/{id}", id=staff.community or ""), staff.caller(visit.request)
    community = await visit.services.get("workflow", path, caller)
    kinds = {each["id"]: PartyKind(each["kind"]) for each in community["parties"]}
    kind = kinds.get(staff.party)
    if kind is not None and kind.level is not None:
        return staff
    return replace(staff, permissions=staff.permissions - OF_THE_OFFICE)


AtTheDesk = Annotated[StaffVisit, Depends(_staff_visit)]
