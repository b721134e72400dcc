"""How often residents, keys and guessers may ask three running services."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tests.support.builders import community
from tests.support.keys import bearer, key_for
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

LIMITS = {
    "LINLI_RATE_SUBMISSIONS": "5/minute",
    "LINLI_RATE_RESIDENTS": "12/minute",
    "LINLI_RATE_GUESSES": "4/minute",
    "LINLI_RATE_PRINCIPALS": "8/minute",
}
WRONG_CODE = "7K3M-Q2XW-9ABC"
_addresses = iter(range(1, 250))


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """Behind a proxy: this machine's word is taken for where a request comes from."""
    logs = tmp_path_factory.mktemp("logs")
    async with system_on(stack, logs, LINLI_TRUSTED_PROXIES="127.0.0.0/8", **LIMITS) as running:
        await load(running)
        yield running


async def load(system: System) -> None:
    """As `System.load`, asking from a new address each time."""

    async def heard() -> bool:
        body = {"kind": "report", "title": "probe", "neighbourhood": "nowhere"}
        answer = await system.resident.post(f"{system.urls['intake']}/v1/submissions", json=body, headers=somewhere())
        return answer.status_code == 422

    data = community().model_dump(mode="json")
    answer = await system.operator.put(f"{system.urls['workflow']}/v1/communities/{data['id']}", json=data)
    assert answer.status_code == 200, answer.text
    await until(heard)


def somewhere() -> dict[str, str]:
    """The header that a proxy adds for a client who has not asked before."""
    return {"X-Forwarded-For": f"203.0.113.{next(_addresses)}"}


async def asked(system: System, times: int, service: str, path: str, **more: Any) -> list[httpx2.Response]:
    method = "POST" if "json" in more else "GET"
    return [await system.resident.request(method, system.urls[service] + path, **more) for _ in range(times)]


def statuses(answers: list[httpx2.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


async def test_a_resident_s_submissions_are_limited_by_address_and_the_answer_says_how_long(system: System) -> None:
    here, body = somewhere(), {"kind": "report", "title": "灯坏了", "neighbourhood": "east"}
    answers = await asked(system, 8, "intake", "/v1/submissions", json=body, headers=here)
    assert statuses(answers) == {201: 5, 429: 3}
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "urn:linli:problem:too_many_requests"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    elsewhere = await asked(system, 1, "intake", "/v1/submissions", json=body, headers=somewhere())
    assert statuses(elsewhere) == {201: 1}
    mine = elsewhere[0].json()
    seen = await asked(system, 1, "workflow", f"/v1/track/{mine['tracking_code']}", headers=here)
    assert seen[0].status_code in {200, 404}, "who has submitted much may still look"


async def test_ipv6_addresses_of_one_network_are_one(system: System) -> None:
    body = {"kind": "report", "title": "灯坏了", "neighbourhood": "east"}
    answers = []
    for n in range(8):
        headers = {"X-Forwarded-For": f"2001:db8:7:7::{n:x}"}
        answers += await asked(system, 1, "intake", "/v1/submissions", json=body, headers=headers)
    assert statuses(answers) == {201: 5, 429: 3}


@pytest.mark.parametrize("service", ["workflow", "notify"])
async def test_who_tries_tracking_codes_is_stopped_before_a_right_one(system: System, service: str) -> None:
    body = {"kind": "report", "title": "灯坏了", "neighbourhood": "east"}
    (accepted,) = await asked(system, 1, "intake", "/v1/submissions", json=body, headers=somewhere())
    path = "/v1/track/{}" if service == "workflow" else "/v1/stream?track={}"
    here = somewhere()
    answers = await asked(system, 7, service, path.format(WRONG_CODE), headers=here)
    assert statuses(answers) == {404: 4, 429: 3}
    right = path.format(accepted.json()["tracking_code"])
    assert statuses(await asked(system, 1, service, right, headers=here)) == {429: 1}


async def test_wrong_keys_are_limited_and_a_right_one_is_not_shut_out_by_them(system: System) -> None:
    here = somewhere()
    made_up = bearer("linli_0000000000_" + "A" * 43) | here
    assert statuses(await asked(system, 7, "workflow", "/v1/cases", headers=made_up)) == {401: 4, 429: 3}
    auditor = bearer((await key_for(system, "auditor"))["key"]) | here
    assert statuses(await asked(system, 1, "workflow", "/v1/cases", headers=auditor)) == {200: 1}


async def test_a_key_is_limited_wherever_it_is_used_and_a_key_from_a_file_is_not(system: System) -> None:
    auditor = bearer((await key_for(system, "auditor"))["key"])
    answers = []
    for _ in range(12):
        answers += await asked(system, 1, "workflow", "/v1/cases", headers=auditor | somewhere())
    assert statuses(answers) == {200: 8, 429: 4}
    operators = [await system.operator.get(f"{system.urls['workflow']}/v1/cases") for _ in range(40)]
    assert statuses(operators) == {200: 40}


async def test_a_live_stream_counts_once_and_health_and_metrics_do_not_count(system: System) -> None:
    here = somewhere()
    for path in ("/healthz", "/readyz", "/metrics"):
        assert statuses(await asked(system, 20, "notify", path, headers=here)) == {200: 20}, path
    metrics = (await system.resident.get(f"{system.urls['notify']}/metrics")).text
    assert "linli_http_limited_total" in metrics


async def test_without_named_proxies_nobody_s_word_is_taken(stack: Servers, system: System, tmp_path: Any) -> None:
    environment = {"LINLI_RATE_RESIDENTS": "6/minute"}
    async with system_on(stack, tmp_path, **environment) as plain:
        answers = []
        for _ in range(9):
            answers += await asked(plain, 1, "workflow", f"/v1/track/{WRONG_CODE}", headers=somewhere())
        assert statuses(answers) == {404: 6, 429: 3}
