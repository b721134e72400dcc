"""What the services say of themselves."""

import json
from pathlib import Path
from typing import Annotated, Any

import pytest

import intake.main
import neighbourhood.main
import notify.main
import workflow.main
from intake.settings import IntakeSettings
from linli.contracts.workflow.community import Community
from linli.security.auth import OPEN
from linli.web.app import create_app, router
from linli.web.given import given
from neighbourhood.settings import NeighbourhoodSettings
from notify.settings import NotifySettings
from tests.support.gate import gate_without_limits
from workflow.community.api.routes import EXAMPLE
from workflow.settings import WorkflowSettings


@pytest.fixture(params=["intake", "workflow", "notify", "neighbourhood"])
async def document(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """A service's OpenAPI document; the service is put together and connects to nothing."""
    for name in ("operator.key", "service.key", "register.key"):
        key = tmp_path / name
        key.write_text("a key for tests")
        key.chmod(0o600)
    builds = {
        "intake": lambda: intake.main.build(IntakeSettings(secrets_dir=tmp_path)),
        "workflow": lambda: workflow.main.build(WorkflowSettings(secrets_dir=tmp_path)),
        "notify": lambda: notify.main.build(NotifySettings(secrets_dir=tmp_path)),
        "neighbourhood": lambda: neighbourhood.main.build(NeighbourhoodSettings(secrets_dir=tmp_path)),
    }
    service = builds[request.param]()
    try:
        found: dict[str, Any] = service.app.openapi()
        return found
    finally:
        await service.close()


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{verb} {path}", op) for path, verbs in document["paths"].items() for verb, op in verbs.items()]


def test_every_body_of_json_has_an_example(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            said = json.dumps(content)
            referred = [document["components"]["schemas"][ref.split('"')[0]] for ref in said.split("schemas/")[1:]]
            assert '"example' in said + json.dumps(referred), f"{name} has no example"


def test_every_operation_says_what_it_does_and_errors_are_problem_documents(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation.get("description"), f"{name} says nothing of itself"
        for status, answer in operation["responses"].items():
            if status >= "400" and not name.endswith("/readyz"):
                assert set(answer["content"]) - {"text/html"} == {"application/problem+json"}, (name, status)


def test_every_operation_but_a_residents_asks_for_a_key(document: dict[str, Any]) -> None:
    public = {"get /healthz", "get /readyz", "get /metrics", "get /v1/stream", "get /v1/changes"}
    for name, operation in operations(document):
        residents = name in public or "/v1/submissions" in name or "/v1/track/{code}" in name
        assert residents or "401" in operation["responses"], f"{name} does not say that it needs a key"


def test_every_operation_that_asks_who_it_is_says_that_it_may_be_asked_too_often(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if not name.endswith(("/healthz", "/readyz", "/metrics")):
            assert {"401", "403", "429", "503"} <= operation["responses"].keys(), name


def test_a_route_that_does_not_declare_what_it_needs_lets_no_service_start() -> None:
    routes = router()

    @routes.get("/undeclared")
    async def undeclared() -> None: ...

    with pytest.raises(LookupError, match="/undeclared"):
        create_app("t", "t", [routes], gate=gate_without_limits(), checks={}, provided={})


def test_a_route_that_asks_for_what_nobody_provides_lets_no_service_start() -> None:
    routes = router()

    @routes.get("/toys", dependencies=[OPEN])
    async def toys(shelf: Annotated[Path, given(Path)]) -> None: ...

    app: dict[str, Any] = {"gate": gate_without_limits(), "checks": {}}
    with pytest.raises(LookupError, match="/toys asks for Path"):
        create_app("t", "t", [routes], **app, provided={})
    create_app("t", "t", [routes], **app, provided={Path: Path()})


def test_the_example_of_a_community_is_one() -> None:
    assert Community.model_validate(EXAMPLE).triage == "office"
