"""Tokens of a real issuer, on three running services: what they open, that keys change, and each attack refused."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest

from tests.support.attacks import attacks
from tests.support.issuer import AUDIENCE, TokenIssuer
from tests.support.keys import bearer
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

DOORS = {"intake": "/v1/submissions/none-such", "workflow": "/v1/cases", "notify": "/v1/deliveries"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[TokenIssuer]:
    with TokenIssuer() as running:
        yield running


@pytest.fixture(scope="module")
async def system(
    stack: Servers, issuer: TokenIssuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    environment = {
        "LINLI_OIDC_ISSUER": issuer.url,
        "LINLI_OIDC_AUDIENCE": AUDIENCE,
        "LINLI_OIDC_REFETCH": "0.5",
        "LINLI_OIDC_KEYS_KEPT": "1",
    }
    async with system_on(stack, tmp_path_factory.mktemp("logs"), **environment) as running:
        await running.load()
        yield running


async def opens(system: System, service: str, token: str) -> httpx2.Response:
    """The answer at a service's door, as soon as the service can say whether the token is good."""

    async def known() -> httpx2.Response | None:
        answer = await system.resident.get(system.urls[service] + DOORS[service], headers=bearer(token))
        return answer if answer.status_code != 503 else None

    answer = await until(known)
    assert answer
    return answer


async def case_of(system: System, **said: Any) -> str:
    answer = await system.submit(kind="report", neighbourhood="east", **said)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]

    async def dispatched() -> bool:
        found = await system.case(id)
        return found is not None and found["state"] == "dispatched"

    await until(dispatched)
    return id


async def test_a_member_of_a_party_sees_and_does_what_is_the_party_s_and_knows_of_nothing_else(
    system: System, issuer: TokenIssuer
) -> None:
    mine = await case_of(system, title="电梯坏了", category="facilities.lift")
    other = await case_of(system, title="停水了")
    token = issuer.token(linli_role="party", linli_party="estate", linli_community="test")
    await opens(system, "workflow", token)
    cases, by = f"{system.urls['workflow']}/v1/cases", bearer(token)
    seen = {case["id"] for case in (await system.resident.get(cases, headers=by)).json()["items"]}
    assert mine in seen and other not in seen
    others = await system.resident.get(f"{cases}/{other}", headers=by)
    absent = await system.resident.get(f"{cases}/none-such", headers=by)
    assert (others.status_code, others.json()) == (404, absent.json())
    taken = await system.resident.post(f"{cases}/{mine}:accept", json={}, headers=by | {"If-Match": '"2"'})
    assert taken.status_code == 200, taken.text
    story = (await system.resident.get(f"{cases}/{mine}", headers=by)).json()
    assert story["history"][-1]["by"] == "estate"
    (done,) = (await system.get("workflow", "/v1/audit", object=mine, outcome="done"))["items"]
    assert done["principal"].startswith("oidc:") and done["party"] == "estate"
    assert "wang" not in done["principal"]
    assert (await system.resident.get(f"{system.urls['workflow']}/v1/keys", headers=by)).status_code == 403


async def test_each_role_opens_what_its_keys_open_at_all_three_services(system: System, issuer: TokenIssuer) -> None:
    expected = {
        "operator": {"intake": 404, "workflow": 200, "notify": 200},
        "auditor": {"intake": 404, "workflow": 200, "notify": 200},
        "service": {"intake": 403, "workflow": 403, "notify": 403},
        "party": {"intake": 403, "workflow": 200, "notify": 403},
    }
    for role, statuses in expected.items():
        party = {"linli_party": "estate", "linli_community": "test"} if role == "party" else {}
        token = issuer.token(linli_role=role, **party)
        found = {service: (await opens(system, service, token)).status_code for service in DOORS}
        assert found == statuses, role


async def test_no_attack_opens_a_door_and_each_is_in_the_log_with_its_reason(
    system: System, issuer: TokenIssuer
) -> None:
    assert (await opens(system, "workflow", issuer.token(linli_role="operator"))).status_code == 200
    found = attacks(issuer.url, issuer.jwks(), issuer.token)
    for name, (token, _) in found.items():
        for service in DOORS:
            answer = await opens(system, service, token)
            assert answer.status_code == 401, (name, service, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"].startswith("The key or token is not accepted here."), name

    async def reasons() -> bool:
        logged = (await system.get("workflow", "/v1/audit", outcome="refused", limit=500))["items"]
        return {entry["reason"] for entry in logged} >= {f"token: {reason}" for _, reason in found.values()}

    await until(reasons)


async def test_keys_change_while_all_goes_on_and_a_withdrawn_one_opens_nothing_any_more(
    system: System, issuer: TokenIssuer
) -> None:
    old = issuer.token(linli_role="auditor")
    assert (await opens(system, "workflow", old)).status_code == 200
    issuer.rotate("ES256")
    new = issuer.token(linli_role="auditor")
    for service, expected in (("intake", 404), ("workflow", 200), ("notify", 200)):
        assert (await opens(system, service, new)).status_code == expected
    assert (await opens(system, "workflow", old)).status_code == 200, "its key is still in the set"
    issuer.rotate("RS256", keep=False)

    async def withdrawn() -> bool:
        await opens(system, "workflow", issuer.token(linli_role="auditor"))
        return (await opens(system, "workflow", old)).status_code == 401

    await until(withdrawn)


async def test_while_the_issuer_is_away_known_tokens_and_keys_go_on_and_new_ones_are_asked_to_wait(
    system: System, issuer: TokenIssuer
) -> None:
    known = issuer.token(linli_role="auditor")
    assert (await opens(system, "workflow", known)).status_code == 200
    issuer.stop()
    try:
        door = system.urls["workflow"] + DOORS["workflow"]
        for _ in range(5):
            assert (await system.resident.get(door, headers=bearer(known))).status_code == 200
        assert (await system.operator.get(door)).status_code == 200
        with TokenIssuer() as another:
            other = another.token(linli_role="auditor")
        answer = await system.resident.get(door, headers=bearer(other))
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:linli:problem:issuer_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    finally:
        issuer.start()
    assert (await opens(system, "workflow", issuer.token(linli_role="auditor"))).status_code == 200
