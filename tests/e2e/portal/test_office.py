"""The office's pages: each read and each command once, over HTTP; what a page shows is what the services say."""

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
import pytest

from linli.messaging.kafka import Outgoing
from tests.support.cases import with_party
from tests.support.keys import bearer, key_for
from tests.support.portal import Visitor, portal_beside, visitor
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import SERVICES, System, system_on
from tests.support.topics import publish_raw

RUBBISH = b'\xff no event, call 13812348000 <script>alert(1)</script>{"name": "X"}'
HOSTILE = "<script>alert(1)</script>"
PAGES = (
    *("", "/keys", "/parked", "/deliveries", "/audit", "/retention"),
    *("/communities", "/communities/test", "/communities/test/differences?older=1&newer=1", "/partners", "/outages"),
)


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """With two records at workflow that nobody can read."""
    async with system_on(stack, Path(tmp_path_factory.mktemp("logs"))) as running, portal_beside(running):
        await running.load()
        await publish_raw(stack.kafka, *(Outgoing(f"{running.prefix}.intake", "poison", RUBBISH, {}) for _ in range(3)))

        async def all_parked() -> bool:
            return len((await running.get("workflow", "/v1/parked"))["items"]) == 3

        await until(all_parked)
        yield running


@pytest.fixture(scope="module")
async def auditor(system: System) -> AsyncIterator[Visitor]:
    made = await key_for(system, "auditor")
    async with visitor(system.urls["portal"], made["key"]) as signed_in:
        yield signed_in


async def told_after(who: Visitor, answer: httpx2.Response) -> str:
    """The page to which a command leads."""
    assert answer.status_code == 303, answer.text
    return unescape(await who.page(answer.headers["Location"]))


async def test_an_auditor_sees_all_and_finds_nothing_to_press(system: System, auditor: Visitor) -> None:
    for page in PAGES:
        content = await auditor.page(f"/office{page}")
        main = content[content.index("<main") : content.index("</main>")]
        assert 'method="post"' not in main, page
        assert not re.search(r'href="[^"]*/(new|revoke|discard|retry|replay)', main), page


async def test_what_an_auditor_sends_all_the_same_is_refused_and_changes_nothing(
    system: System, auditor: Visitor
) -> None:
    [item, *_] = (await system.get("workflow", "/v1/parked"))["items"]
    sent = {
        "/office/keys/new": {"name": "x", "role": "operator"},
        "/office/keys/none/revoke": {},
        f"/office/parked/workflow/{item['id']}/replay": {},
        f"/office/parked/workflow/{item['id']}/discard": {"reason": "x"},
        "/office/parked/workflow/replay": {"reason": item["reason"]},
        "/office/deliveries/none/retry": {},
        "/office/deliveries/retry": {"state": "failed"},
        "/office/communities/test/new": {"text": "{}"},
        "/office/communities/test/publish": {"text": "{}"},
        "/office/communities/test/retire": {},
        "/office/privacy": {"resident": "r-none"},
        "/office/privacy/export": {"resident": "r-none"},
        "/office/privacy/erase": {"resident": "r-none", "sure": "true"},
        "/office/partners/test/water-co/pause": {},
        "/office/partners/test/water-co/rotate": {},
        "/office/partners/test/water-co/try": {},
        "/office/partners/test/water-co/revoke": {},
        "/office/outages/new": {"community": "test", "party": "water-co", "outage": "o", "neighbourhoods": "east"},
        "/office/outages/test/water-co/o/restore": {},
    }
    for path, fields in sent.items():
        assert (await auditor.send(path, **fields)).status_code == 403, path
    asked_first = (
        *("/office/keys/new", "/office/keys/none/revoke", f"/office/parked/workflow/{item['id']}/discard"),
        *("/office/communities/test/new", "/office/communities/test/retire", "/office/privacy"),
        *("/office/partners/test/water-co/pause", "/office/outages/new"),
    )
    for path in asked_first:
        assert (await auditor.get(path)).status_code == 403, path
    assert (await system.get("workflow", "/v1/parked"))["total"] == 3


async def test_a_party_has_no_office(system: System) -> None:
    made = await key_for(system, "party", party="estate", community="test")
    async with visitor(system.urls["portal"], made["key"], "zh-CN") as party:
        for page in PAGES:
            answer = await party.get(f"/office{page}")
            assert (answer.status_code, "您没有这里的权限" in answer.text) == (403, True), page


async def test_nobody_sees_the_office_without_signing_in(anybody: Visitor) -> None:
    for page in PAGES:
        answer = await anybody.get(f"/office{page}")
        assert (answer.status_code, answer.headers["Location"][:8]) == (303, "/sign-in")


async def test_a_key_is_made_shown_once_and_revoked_with_what_was_made_with_it(
    system: System, operator: Visitor
) -> None:
    form = await operator.page("/office/keys/new")
    assert 'value="test/estate"' in form
    made = await operator.send(
        "/office/keys/new", page=form, name=HOSTILE, role="party", party="test/estate", days="5", scopes="cases:read"
    )
    assert made.headers["Location"] == "/office/keys"
    page = await operator.page("/office/keys")
    key = re.search(r'id="secret"[^>]*value="(linli_[^"]+)"', page)
    assert key
    assert HOSTILE not in page
    assert key.group(1) not in await operator.page("/office/keys"), "shown this once"
    who = await system.resident.get(f"{system.urls['workflow']}/v1/whoami", headers=bearer(key.group(1)))
    assert (who.json()["party"], who.json()["permissions"]) == ("estate", ["cases:read", "keys:whoami"])

    listed = (await system.get("workflow", "/v1/keys"))["items"]
    shown = re.findall(r"<tr>\s*<td><code>([^<]+)</code>", await operator.page("/office/keys"))
    assert shown[: len(listed)] == [each["id"] for each in listed]

    parent = await key_for(system, "operator")
    child = await system.resident.post(
        f"{system.urls['workflow']}/v1/keys", json={"name": "子", "role": "auditor"}, headers=bearer(parent["key"])
    )
    sure = await operator.page(f"/office/keys/{parent['id']}/revoke")
    assert child.json()["id"] in sure
    told = await told_after(operator, await operator.send(f"/office/keys/{parent['id']}/revoke", page=sure))
    assert f"Key {parent['id']} is revoked." in told
    assert f"Ended with it: {child.json()['id']}" in told


async def test_a_key_that_is_not_possible_is_refused_in_words(operator: Visitor) -> None:
    refused = await operator.send("/office/keys/new", name="x", role="party", days="many")
    assert (refused.status_code, "no number of days" in refused.text) == (422, True)
    refused = await operator.send("/office/keys/new", name="x", role="king")
    assert refused.status_code == 422


async def test_parked_records_are_shown_masked_replayed_and_discarded_with_the_reason(
    system: System, operator: Visitor
) -> None:
    page = await operator.page("/office/parked?service=workflow")
    items = (await system.get("workflow", "/v1/parked"))["items"]
    assert all(item["id"] in page for item in items)
    assert "138****8000" in page
    assert "13812348000" not in page
    assert "<script>alert" not in page

    one, other, _last = (item["id"] for item in items)
    told = await told_after(operator, await operator.send(f"/office/parked/workflow/{one}/replay"))
    assert f"workflow, {one}" in told
    reason = items[0]["reason"]
    sure = await operator.page(f"/office/parked/workflow/replay?reason={reason}")
    assert "3 records are tried again" in sure
    told = await told_after(operator, await operator.send("/office/parked/workflow/replay", page=sure, reason=reason))
    assert "workflow: 0 of 3 were replayed." in told

    sure = await operator.page(f"/office/parked/workflow/{other}/discard")
    assert "never applied" in sure
    answer = await operator.send(f"/office/parked/workflow/{other}/discard", page=sure, reason="测试时误发的记录")
    assert "discarded" in await told_after(operator, answer)
    kept = (await system.get("workflow", "/v1/parked", state="discarded"))["items"]
    assert [(each["id"], each["decided_why"]) for each in kept] == [(other, "测试时误发的记录")]
    assert other in await operator.page("/office/parked?service=workflow&state=discarded")


async def _failed(system: System) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await system.get("notify", "/v1/deliveries", state="undeliverable"))["items"]
    return found


async def test_deliveries_are_found_by_the_address_and_tried_again(system: System, operator: Visitor) -> None:
    await system.load(**with_party("estate", email=None))
    await system.submit(kind="report", title="楼道灯坏了", neighbourhood="east", category="facilities.lift")

    async def there() -> list[dict[str, Any]]:
        return await _failed(system)

    found = await until(there)
    page = unescape(await operator.page("/office/deliveries?state=undeliverable"))
    assert all(f"/office/deliveries/{each['id']}" in page for each in found)
    assert "/office/deliveries/retry?state=undeliverable" in page
    one = found[0]
    detail = unescape(await operator.page(f"/office/deliveries/{one['id']}"))
    assert one["event"] in detail
    answer = await operator.send(f"/office/deliveries/{one['id']}/retry")
    assert answer.status_code in {303, 409}, "a party that still has no channel is refused in words"
    sure = await operator.page("/office/deliveries/retry?state=undeliverable")
    assert "tried again" in sure
    answer = await operator.send("/office/deliveries/retry", page=sure, state="undeliverable")
    assert "still has no channel" in await told_after(operator, answer)
    assert (await operator.get("/office/deliveries?state=nonsense")).status_code == 422


async def test_the_audit_log_is_of_all_services_by_the_address_page_by_page(system: System, operator: Visitor) -> None:
    for _ in range(60):
        await system.get("workflow", "/v1/parked")
    expected: list[str] = []
    for service in SERVICES:
        expected += [
            each["id"] for each in (await system.get(service, "/v1/audit", outcome="read", limit=500))["items"]
        ]
    page = unescape(await operator.page("/office/audit?outcome=read"))
    seen = page.count("<td><time")
    while more := re.search(r'href="(/office/audit\?[^"]*cursor=[^"]*)"', page):
        page = unescape(await operator.page(more.group(1)))
        seen += page.count("<td><time")
    assert seen == len(expected) > 50
    narrow = await operator.page("/office/audit?service=notify&what=parked:read&principal=operator")
    assert "<td>workflow</td>" not in narrow
    assert (await operator.get("/office/audit?from=yesterday")).status_code == 422


async def test_retention_says_what_each_service_keeps(system: System, operator: Visitor) -> None:
    page = await operator.page("/office/retention")
    number = 0
    for service in SERVICES:
        number += len((await system.get(service, "/v1/retention"))["items"])
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    assert body.count("<tr>") == number


async def test_while_one_service_is_away_the_rest_is_shown_and_it_is_named(system: System, operator: Visitor) -> None:
    system.kill("notify")
    try:
        for page in ("parked", "audit", "retention"):
            assert "notify does not answer" in await operator.page(f"/office/{page}")
        assert "notify does not say which keys it knows" in await operator.page("/office/keys")
        assert (await operator.get("/office/deliveries")).status_code == 503
    finally:
        system.launch("notify")
        await system.ready("notify")
