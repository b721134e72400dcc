"""The routes for submissions; those for photos are in `attachments_api.py`."""

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from intake.caller import SUBMISSIONS, CallerDep, CountedRoute, HolderDep, IntakeDep
from intake.metrics import ACCEPTED, TOLD_OF_OUTAGE
from intake.submissions.batch import accept_batch
from intake.submissions.domain.request import NewSubmission
from intake.submissions.views import Batch, BatchResult, Contacts, Receipt, SubmissionView, Wanted, Withdraw, Withdrawal
from linli.contracts.intake.permissions import AMEND, READ_CONTACTS, READ_SUBMISSIONS, SUBMIT, SUBMIT_FOR_OTHERS
from linli.security.audited import about
from linli.security.auth import needs
from linli.web.app import problems
from linli.web.bodies import takes
from linli.web.hot import HOT

router = APIRouter(route_class=CountedRoute, tags=["submissions"])
internal = APIRouter(route_class=CountedRoute, tags=["internal"])

MOST_BATCH = 16 * 1024 * 1024
"""Bytes: a thousand submissions of the usual length, and more than any table that was seen. Larger ones are parted."""
_ITEM = {
    "kind": "report",
    "channel": "hotline",
    "external_id": "12345-77",
    "title": "楼道灯不亮",
    "text": "三楼的灯坏了。",
}
_BATCH = {
    "required": True,
    "content": {"application/json": {"schema": Batch.model_json_schema(), "example": {"items": [_ITEM]}}},
}


@router.post(
    SUBMISSIONS,
    dependencies=[needs(SUBMIT), HOT],
    status_code=201,
    response_model=Receipt,
    response_model_exclude_none=True,
    responses={200: {"model": Receipt, "description": "A duplicate"}, **problems(400, 409, 413, 422)},
)
async def submit(
    new: NewSubmission, caller: CallerDep, intake: IntakeDep, request: Request, response: Response
) -> dict[str, Any]:
    """Accept a demand, report, dispute or alarm. Answered once it is on disk; a repeated key gets the same receipt."""
    request.state.channel = new.channel
    taken = await intake.accept(new, caller)
    submission = taken.submission
    about(request, [submission.id], "duplicate" if taken.duplicate else None)
    response.headers["Location"] = f"/v1/submissions/{submission.id}"
    if taken.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    elif taken.duplicate:
        response.status_code = 200
    else:
        ACCEPTED.labels(submission.kind, submission.channel).inc()
    receipt = taken.receipt(caller.maker)
    if (known := intake.known_outage(submission)) is not None:
        receipt["known_outage"] = known
        TOLD_OF_OUTAGE.inc(not taken.replayed)
    return receipt


@router.post(
    "/v1/submissions:batch",
    dependencies=[needs(SUBMIT_FOR_OTHERS), takes(MOST_BATCH)],
    response_model=BatchResult,
    response_model_exclude_none=True,
    responses=problems(400, 413, 422),
    openapi_extra={"requestBody": _BATCH},
)
async def submit_many(request: Request, caller: CallerDep, intake: IntakeDep) -> dict[str, Any]:
    """Accept up to 1,000 at once. One that is wrong does not stop the others."""
    batch = Batch.read(await request.json())  # not by FastAPI, which reads 16 MB before it asks who sends them
    results = await accept_batch(intake, batch.items, caller)
    by_status = Counter(result["status"] for result in results)
    for status, word in (("accepted", None), ("duplicate", "duplicate"), ("rejected", "taken")):
        if ids := [result["id"] for result in results if result["status"] == status and "id" in result]:
            about(request, ids, word)
    return {
        "accepted": by_status["accepted"],
        "duplicates": by_status["duplicate"],
        "rejected": by_status["rejected"],
        "results": results,
    }


@router.get(
    "/v1/submissions/{submission_id}",
    dependencies=[needs(READ_SUBMISSIONS)],
    response_model=SubmissionView,
    response_model_exclude_none=True,
    responses=problems(404),
)
async def view(submission_id: str, caller: CallerDep, intake: IntakeDep) -> dict[str, Any]:
    """A submission as it came in, with contact and words masked. In full: `:contact`."""
    return (await intake.authorised(submission_id, caller, READ_SUBMISSIONS)).view()


@router.post(
    "/v1/submissions/{submission_id}:withdraw",
    dependencies=[needs(AMEND)],
    response_model=Withdrawal,
    responses=problems(400, 404, 409, 413, 422),
)
async def withdraw(
    submission_id: str,
    caller: HolderDep,
    intake: IntakeDep,
    body: Annotated[Withdraw | None, Body()] = None,
) -> dict[str, Any]:
    """Take a submission back; doing it twice changes nothing."""
    return await intake.withdraw(submission_id, body.reason if body else None, caller)


@internal.post(
    "/internal/v1/contacts",
    dependencies=[needs(READ_CONTACTS)],
    response_model=Contacts,
    response_model_exclude_none=True,
    responses=problems(422),
)
async def contacts(wanted: Wanted, intake: IntakeDep, request: Request) -> dict[str, Any]:
    """For notify, and for workflow when a partner asks: contact details are never in events."""
    about(request, wanted.submissions)
    return {"contacts": await intake.contacts(wanted.submissions)}
