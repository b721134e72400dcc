"""What the proxy of the hardening page passes on to residents' name: each public route of the portal, and none of
staff's. The proxy itself runs in tests/e2e/edge/test_proxy.py."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from linli.contracts.neighbourhood.permissions import ANSWER_BY_CODE
from linli.security.auth import permission_of
from neighbourhood.main import build as neighbourhood
from neighbourhood.settings import NeighbourhoodSettings
from portal.main import build as portal
from portal.residents.passing import WAYS
from portal.settings import PortalSettings

TEXT = (Path(__file__).parents[3] / "deploy" / "proxy" / "nginx.conf").read_text()
STAFF = {
    *("sign-in", "sign-out", "sessions", "desk", "office", "reports", "topology", "lineage", "components"),
    *("v1/sign-in-links", "v1/topology", "v1/trace"),
}
"""What the portal has for staff and their programs, by how its addresses begin. A new page is either named here or
passed on by the proxy."""
NOT_PAGES = {"/{rest:path}", "/healthz", "/readyz", "/metrics"}
"""What is at no address, and what is for the machine itself."""
IDS = {"id": "0192aaaa-0000-7000-8000-000000000000"}
LOCATION = re.compile(r"location (?:(?P<kind>=|~) )?(?P<path>\S+) \{(?P<body>(?:[^{}]|\{[^{}]*\})*)\}")


RESIDENTS = next(
    part for part in TEXT.split("\n    server {") if "        server_name linli.example;\n        add" in part
)
LOCATIONS = [match.groupdict() for match in LOCATION.finditer(re.sub(r"#[^\n]*", "", RESIDENTS))]


def goes_to(path: str) -> str | None:
    """The upstream, as nginx finds it: the whole address, else the first expression, else the longest beginning."""
    exact = [each for each in LOCATIONS if each["kind"] == "=" and each["path"] == path]
    fitting = [each for each in LOCATIONS if each["kind"] == "~" and re.search(each["path"], path)]
    begun = [each for each in LOCATIONS if not each["kind"] and path.startswith(each["path"])]
    found = (exact or fitting or sorted(begun, key=lambda each: -len(each["path"])))[0]
    passed = re.search(r"proxy_pass http://(\w+);", found["body"])
    return passed[1] if passed else None


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda match: IDS.get(match[1], f"a-{match[1]}"), path)


def is_staff_s(path: str) -> bool:
    return any(path[1:] == begins or path[1:].startswith(f"{begins}/") for begins in STAFF)


def routes_of_the_portal() -> list[str]:
    app: Any = portal(PortalSettings()).app
    return sorted({each.path for each in app.state.routes if isinstance(each, APIRoute)} - NOT_PAGES)


@pytest.mark.parametrize("path", routes_of_the_portal())
def test_a_page_is_passed_on_unless_it_is_staff_s(path: str) -> None:
    there = goes_to(filled(path))
    if is_staff_s(path):
        assert there is None, "is on the office's name alone"
    else:
        assert there is not None, "no resident reaches it: name it in deploy/proxy/nginx.conf, or in STAFF here"


def test_what_is_named_as_staff_s_is_there() -> None:
    paths = routes_of_the_portal()
    assert not [each for each in STAFF if not any(path[1:].startswith(each) for path in paths)]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.method} {way.path}")
def test_what_residents_programs_ask_goes_to_the_service_that_answers_it(way: Any) -> None:
    assert goes_to(filled(way.path)) in {way.to, "portal"}


@pytest.fixture(scope="module")
async def by_code(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, bool]]:
    """Neighbourhood's paths, and whether a code opens them."""
    secrets = tmp_path_factory.mktemp("secrets")
    for name in ("operator.key", "service.key", "register.key"):
        (secrets / name).write_text("a key for tests")
        (secrets / name).chmod(0o600)
    service = neighbourhood(NeighbourhoodSettings(secrets_dir=secrets))
    app: Any = service.app
    routes = [each for each in app.state.routes if isinstance(each, APIRoute)]
    yield {each.path: permission_of(each) == ANSWER_BY_CODE for each in routes}
    await service.close()


def test_of_common_affairs_the_api_opens_what_a_code_opens_and_nothing_else(by_code: dict[str, bool]) -> None:
    assert any(by_code.values())
    for path, opens in by_code.items():
        assert goes_to(filled(path)) == ("neighbourhood" if opens else None), path


def test_nobody_listens_to_all_reports_at_once() -> None:
    live = next(each for each in LOCATIONS if each["path"] == "/live")
    condition = re.search(r'if \(\$args !~ "(.*?)"\) \{ return 404; \}', live["body"])
    assert condition
    allowed = re.compile(condition[1])
    one = f"topics=case:{IDS['id']}"
    assert allowed.search(one)
    for asked in (
        "",
        "topics=case",
        f"{one},outage",
        f"{one},case",
        f"{one}&topics=case",
        f"a=b&{one}",
        "topics=case:",
    ):
        assert not allowed.search(asked), asked
    assert "proxy_buffering off;" in live["body"]
