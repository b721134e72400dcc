"""The routes for what is personal: one contact in full, all of a resident's data, their erasure."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from intake.caller import CallerDep, CountedRoute, IntakeDep
from intake.residents.handlers import Residents
from intake.submissions.domain.reporter import masked_contact
from intake.submissions.views import Call, Erase, Erased, Erasures, Export, FullContact, Resident, SubmissionsOf
from linli.contracts.intake.permissions import CALL_REPORTERS, ERASE_RESIDENTS, EXPORT_RESIDENTS
from linli.security.audited import about, named
from linli.security.auth import needs
from linli.security.permissions import READ_RETENTION
from linli.web.app import problems
from linli.web.given import given

router = APIRouter(route_class=CountedRoute, tags=["personal data"])


ResidentsDep = Annotated[Residents, given(Residents)]
FINDS, ERASES = needs(EXPORT_RESIDENTS), needs(ERASE_RESIDENTS)


@router.post(
    "/v1/submissions/{submission_id}:contact",
    dependencies=[needs(CALL_REPORTERS)],
    response_model=FullContact,
    response_model_exclude_none=True,
    responses=problems(404, 413, 422),
)
async def contact(
    submission_id: str,
    call: Call,
    caller: CallerDep,
    intake: IntakeDep,
    residents: ResidentsDep,
    request: Request,
    response: Response,
) -> dict[str, Any]:
    """A reporter's contact in full, for an operator who has to call. Each look is logged with its reason."""
    response.headers["Cache-Control"] = "no-store"
    submission = await intake.authorised(submission_id, caller, CALL_REPORTERS)
    about(request, [submission.id], call.reason)
    return residents.contact(submission)


@router.post(
    "/v1/residents:find", dependencies=[FINDS], response_model=SubmissionsOf, responses=problems(404, 413, 422)
)
async def find(body: Resident, residents: ResidentsDep, request: Request) -> dict[str, Any]:
    """The submissions of a resident, and those of anybody with the same telephone number or e-mail address."""
    named(request, "residents:find")
    found = await residents.find(body.resident, alone=body.alone)
    about(request, [each.id for each in found])
    return {
        "items": [
            {
                "id": each.id,
                "kind": each.kind,
                "channel": each.channel,
                "received_at": each.received_at,
                "reporter": masked_contact(each.reporter) if each.reporter else None,
                "erased_at": each.erased_at,
            }
            for each in found
        ]
    }


@router.post("/v1/residents:export", dependencies=[FINDS], response_model=Export, responses=problems(404, 413, 422))
async def export(body: Resident, residents: ResidentsDep, request: Request, response: Response) -> dict[str, Any]:
    """All that intake holds of a resident, for that resident: unmasked. Workflow and notify hold the rest, by id."""
    response.headers["Cache-Control"] = "no-store"
    items = await residents.export(body.resident, alone=body.alone)
    about(request, [item["id"] for item in items])
    subscriptions = await residents.subscriptions(body.resident, alone=body.alone)
    return {"items": items, "subscriptions": subscriptions}


@router.post("/v1/residents:erase", dependencies=[ERASES], response_model=Erased, responses=problems(404, 413, 422))
async def erase(body: Erase, caller: CallerDep, residents: ResidentsDep, request: Request) -> dict[str, Any]:
    """Erase all of a resident's data, for good. Workflow and notify follow by the event.

    What is in Kafka by now goes with `linli privacy erase`, which asks for this and then for that.
    """
    if body.resident is None:
        again = await residents.erase_again(body.submissions or (), caller.who)
        about(request, again)
        return {"erased": again}
    erased, elsewhere = await residents.erase(body.resident, caller.who, alone=body.alone)
    about(request, erased)
    return {"erased": erased, "masked_elsewhere": elsewhere}


@router.get(
    "/v1/erasures",
    dependencies=[needs(READ_RETENTION)],
    response_model=Erasures,
    responses=problems(422),
)
async def erasures(
    residents: ResidentsDep,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 500,
    cursor: Annotated[str, Query(max_length=64)] = "",
) -> dict[str, Any]:
    """Which submissions were erased: needed again after the restore of a backup from before. No personal data."""
    found = await residents.erasures(cursor, limit + 1)
    page = found[:limit]
    return {"items": page, "next": page[-1]["id"] if len(found) > limit else None}
