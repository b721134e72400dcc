"""The route that reads the audit log."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import Field

from linli.contracts.base import Record
from linli.security.audit import Audit, Entry, Outcome, Wanted
from linli.security.auth import Gate, needs
from linli.security.permissions import READ_AUDIT, Role
from linli.web.app import problems, router
from linli.web.rfc3339 import Moment

routes = router(prefix="/v1", tags=["audit"])

Id = Annotated[str | None, Query(max_length=300)]


class AuditEntry(Record):
    """One line of the log."""

    id: str
    at: datetime
    principal: str = Field(examples=["key:k7f3qa9d2m"])
    """`operator` and `service` (by a file's key), `key:<id>`, `oidc:<hash>`, `resident`, `unknown` (a wrong key)."""
    role: Role
    party: str | None
    what: str = Field(examples=["submissions:read"])
    """The permission that was needed."""
    route: str | None = Field(examples=["GET /v1/submissions/{submission_id}"])
    outcome: Outcome
    status: int | None
    reason: str | None
    """Why it was refused, or why somebody had to see it."""
    objects: list[str]
    """Ids of submissions, cases, keys, parked records."""
    origin: str | None
    """Of refusals: the same for the same address, and not the address."""
    times: int
    """Refusals alike that are told as one, the first of them at `at`."""
    dropped: int
    """Refusals before this one that came too many at once to be told."""

    @classmethod
    def of(cls, entry: Entry) -> "AuditEntry":
        fields = {name: getattr(entry, name) for name in cls.model_fields}
        return cls(**fields | {"objects": list(entry.objects)})


class AuditPage(Record):
    """Entries, newest first."""

    items: list[AuditEntry]
    next: str | None
    """The cursor of the next page."""


@routes.get("/audit", dependencies=[needs(READ_AUDIT)], responses=problems(422))
async def entries(
    request: Request,
    principal: Id = None,
    outcome: Outcome | None = None,
    what: Annotated[str | None, Query(max_length=80, description="The permission that was needed")] = None,
    object: Annotated[str | None, Query(max_length=300, description="A submission's, case's, key's … id")] = None,
    since: Annotated[Moment | None, Query(alias="from")] = None,
    before: Moment | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9a-f]{12}-[0-9a-f]{16}$")] = None,
) -> AuditPage:
    """Who read personal data of this service, who did what, who was refused. Reading this is not recorded."""
    gate: Gate = request.app.state.gate
    log: Audit = gate.audit
    found = await log.entries(Wanted(principal, outcome, what, object, since, before), limit + 1, cursor)
    page = found[:limit]
    return AuditPage(items=[AuditEntry.of(entry) for entry in page], next=page[-1].id if len(found) > limit else None)
