"""POST requests: a submission."""

from typing import Any

import structlog
from fastapi import Request, Response

from linli.contracts.kinds import Language
from linli.web.localized import Localized
from linli.web.problem_words import ANSWER_IN
from linli.web.problems import Problem
from portal.addresses import at
from portal.open311.errors import bad, said
from portal.open311.formats import written
from portal.open311.given import CatalogueDep, FormsDep, JustSentDep, ServicesDep
from portal.open311.parameters import Parameters
from portal.open311.routing import answers, asked_format, caller_of
from portal.open311.submission import SENT_AS, key_of, submission
from portal.services import Caller, Services

log = structlog.get_logger()

_WITHOUT_PHOTOS = Localized("It was taken, but its photos were not: {why}", "已收到，但照片没有收下：{why}")


@answers(
    *("POST", "/requests", "service_code!", "description", "lat", "long", "address_string", "address_id"),
    *("first_name", "last_name", "email", "phone", "media_url", "attribute[CODE]"),
    status=201,
)
async def submit(
    request: Request, catalogue: CatalogueDep, services: ServicesDep, forms: FormsDep, sent: JustSentDep
) -> Response:
    """Send a request. It has its id at once; the same `fixmystreet_id` by the same key again has the same."""
    format = asked_format(request)
    async with forms.read(request) as parameters:
        caller = await caller_of(request, parameters)
        if caller.key is None:
            raise Problem("unauthorised", 401, "no key")
        community = await catalogue.community(parameters, caller)
        service = await catalogue.service(community, parameters.needed("service_code"), caller)
        body = submission(parameters, service, community, _language(request))
        receipt = await _sent(services, body, caller, key_of(parameters))
        sent.add(receipt["id"])
        notices = [_known(receipt), await _with_photos(services, parameters, receipt, caller)]
    notice = "\n".join(filter(None, notices)) or None
    answer = {"service_request_id": receipt["id"], "service_notice": notice, "account_id": None}
    return written(format, "service_requests", [answer], 201)


async def _sent(services: Services, body: dict[str, Any], caller: Caller, key: str | None) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    try:
        return await services.send("intake", "/v1/submissions", body, caller, **headers)
    except Problem as problem:
        if problem.slug != "idempotency_key_reused":
            raise
        raise bad(
            "This {name} was sent before, with other content.", "这个 {name} 先前已提交过，内容不同。", name=SENT_AS
        ) from problem


def _known(receipt: Any) -> str | None:
    """That a company knows of the outage that it is about, and until when it is expected to last."""
    known = receipt.get("known_outage")
    return said(Localized(known["text_en"], known["text_zh"])) if known else None


async def _with_photos(services: Services, parameters: Parameters, receipt: Any, caller: Caller) -> str | None:
    """Sends the photos after the words. What is wrong with them does not undo the request: it is told."""
    if not parameters.files or "tracking_code" not in receipt:
        return None
    photos = [
        ("photo", (f"{number}", file.file, file.content_type or "application/octet-stream"))
        for number, file in enumerate(parameters.files, 1)
    ]
    headers = {"X-Tracking-Code": receipt["tracking_code"], "Idempotency-Key": f"open311-photos-{receipt['id']}"}
    try:
        await services.send_photos(at("/v1/submissions/{id}/attachments", id=receipt["id"]), photos, caller, **headers)
    except Problem as problem:
        log.warning("photos_refused", correlationid=receipt["id"], slug=problem.slug)
        return said(Localized(str(_WITHOUT_PHOTOS), _WITHOUT_PHOTOS.chinese, why=problem.detail))
    return None


def _language(request: Request) -> Language | None:
    """The reporter's, where their program says one."""
    said_one = request.headers.get("accept-language", "*").strip() not in {"", "*"}
    return ANSWER_IN.get() if said_one else None
