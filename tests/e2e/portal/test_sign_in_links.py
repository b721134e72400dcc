"""Links that sign in once: who makes them, and what opens with them."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.support.keys import bearer, key_for
from tests.support.portal import Visitor, visitor
from tests.support.system import System


@pytest.fixture
async def other(system: System) -> AsyncIterator[Visitor]:
    async with visitor(system.urls["portal"]) as another:
        yield another


async def link_for(system: System, key: str) -> str:
    """Its path, as a person opens it."""
    answer = await system.operator.post(f"{system.urls['portal']}/v1/sign-in-links", headers=bearer(key))
    assert answer.status_code == 201, answer.text
    url: str = answer.json()["url"]
    assert url.startswith(system.urls["portal"])
    return url.removeprefix(system.urls["portal"])


def code_in(page: str) -> str:
    found = re.search(r'name="code" value="([^"]+)"', page)
    assert found, page
    return found[1]


async def test_a_link_opens_one_session_and_looking_at_it_opens_none(
    system: System, anybody: Visitor, other: Visitor
) -> None:
    link = await link_for(system, (await key_for(system, "auditor"))["key"])
    for _ in range(3):
        page = await anybody.page(link)
    assert "Auditor" in page
    assert (await anybody.get("/sessions")).status_code == 303
    opened = await anybody.send("/sign-in/link", page="", code=code_in(page), next="/sessions")
    assert (opened.status_code, opened.headers["Location"]) == (303, "/sessions")
    assert "Auditor" in await anybody.page("/sessions")
    again = await other.send("/sign-in/link", page="", code=code_in(page))
    assert (again.status_code, "used or over" in again.text) == (410, True)
    assert (await other.get(link)).status_code == 410


async def test_a_new_sign_in_ends_the_session_that_this_browser_had(
    system: System, anybody: Visitor, other: Visitor
) -> None:
    first = (await key_for(system, "auditor"))["key"]
    await anybody.sign_in(first)
    earlier = anybody.http.cookies["linli_session"]
    await anybody.sign_in((await key_for(system, "operator"))["key"])
    later = anybody.http.cookies["linli_session"]
    page = await anybody.page(await link_for(system, first))
    await anybody.send("/sign-in/link", page="", code=code_in(page))
    assert "Auditor" in await anybody.page("/sessions")
    for gone in (earlier, later):
        other.http.cookies.set("linli_session", gone)
        assert (await other.get("/sessions")).status_code == 303
        other.http.cookies.clear()


async def test_a_sign_in_that_fails_leaves_the_session_as_it_was(system: System, anybody: Visitor) -> None:
    await anybody.sign_in((await key_for(system, "auditor"))["key"])
    assert (await anybody.send("/sign-in", page="", key="linli_wrong")).status_code == 403
    assert (await anybody.get("/sessions")).status_code == 200


async def test_a_link_leads_nowhere_but_to_our_pages(system: System, anybody: Visitor) -> None:
    link = await link_for(system, (await key_for(system, "auditor"))["key"])
    page = await anybody.page(f"{link}&next=https://elsewhere.example/")
    assert 'name="next" value="/"' in page
    opened = await anybody.send("/sign-in/link", page="", code=code_in(page), next="//elsewhere.example")
    assert opened.headers["Location"] == "/"


async def test_a_link_whose_key_was_revoked_opens_nothing(system: System, anybody: Visitor) -> None:
    made = await key_for(system, "operator")
    link = await link_for(system, made["key"])
    page = await anybody.page(link)
    await system.operator.post(f"{system.urls['workflow']}/v1/keys/{made['id']}:revoke")
    assert (await anybody.send("/sign-in/link", page="", code=code_in(page))).status_code == 410


@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic bGlubGk="}])
async def test_a_link_is_made_with_a_key_that_workflow_takes(anybody: Visitor, shown: dict[str, str]) -> None:
    answer = await anybody.http.post("/v1/sign-in-links", headers=shown)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_programs_key_makes_no_link(system: System, anybody: Visitor) -> None:
    made = await key_for(system, "service")
    answer = await anybody.http.post("/v1/sign-in-links", headers=bearer(made["key"]))
    assert answer.status_code == 403
