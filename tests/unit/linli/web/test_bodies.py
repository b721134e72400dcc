"""How large a body may be follows from what its model can hold."""

import json
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel

from intake.residents import api as residents_api
from intake.submissions import api, similar_api
from intake.submissions.domain.request import NewMatter, NewSubmission
from linli.contracts.workflow.actions import SplitInto
from linli.security.auth import OPEN
from linli.web.bodies import limit_of, takes
from workflow.api_keys import api as keys
from workflow.cases.api import actions, cases, evidence, follow_up, policies
from workflow.community.api import routes as communities

EMOJI = "😀"


def route(routes: APIRouter, path: str) -> APIRoute:
    return next(each for each in routes.routes if isinstance(each, APIRoute) and each.path == path)


def fullest_submission() -> dict[str, Any]:
    slug = "x" * 80
    return {
        "kind": "dispute",
        "title": EMOJI * 200,
        "text": EMOJI * 8_000,
        "channel": "hotline",
        "external_id": EMOJI * 128,
        "community": slug,
        "neighbourhood": slug,
        "category": slug,
        "location": {"lon": 120.123456789012, "lat": 36.123456789012},
        "place": EMOJI * 200,
        "attributes": {f"a{n}{'x' * 70}": EMOJI * 200 for n in range(20)},
        "submitted_at": "2026-11-24T08:00:00.123456+08:00",
        "reporter": {"name": EMOJI * 80, "phone": "139 0000 0101", "address": EMOJI * 200, "language": "zh-CN"},
    }


def fullest_split() -> dict[str, Any]:
    part = {"party": "x" * 80, "message": EMOJI * 2_000, "title": EMOJI * 200}
    return {"parts": [part] * 20, "by": "x" * 80, "message": EMOJI * 2_000}


@pytest.mark.parametrize(
    ("routes", "path", "model", "fullest"),
    [
        (api.router, "/v1/submissions", NewSubmission, fullest_submission()),
        (similar_api.router, "/v1/submissions:similar", NewMatter, {"title": EMOJI * 200, "text": EMOJI * 8_000}),
        (actions.routes, "/v1/cases/{id}:split", SplitInto, fullest_split()),
    ],
)
def test_the_fullest_body_passes_however_it_is_written(
    routes: APIRouter, path: str, model: type[BaseModel], fullest: dict[str, Any]
) -> None:
    model.model_validate(fullest)
    for escaped in (True, False):
        for indent in (None, 8):
            assert len(json.dumps(fullest, ensure_ascii=escaped, indent=indent).encode()) <= limit_of(
                route(routes, path)
            )


def test_every_route_has_a_bound() -> None:
    for routes in (api.router, residents_api.router, actions.routes, cases.routes, communities.routes, evidence.routes):
        for each in (*routes.routes, *follow_up.routes.routes, *keys.routes.routes, *policies.routes.routes):
            assert isinstance(each, APIRoute)
            assert 0 < limit_of(each) < 50_000_000


def test_a_body_without_a_bound_lets_no_service_start() -> None:
    class Endless(BaseModel):
        text: str

    async def handle(body: Endless) -> None: ...

    with pytest.raises(LookupError, match=r"/endless.*maxLength"):
        limit_of(APIRoute("/endless", handle, methods=["POST"], dependencies=[OPEN]))
    assert limit_of(APIRoute("/endless", handle, methods=["POST"], dependencies=[OPEN, takes(7)])) == 7
