"""A company is posted its events: signed, in order, again when it was away; what it fetches is the same."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.support.company_endpoint import Endpoint
from tests.support.databases import databases_of
from tests.support.keys import party_key
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on


@pytest.fixture
def hook() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    yield endpoint
    endpoint.close()


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    settings = {"LINLI_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}
    async with system_on(stack, tmp_path_factory.mktemp("logs"), **settings) as running:
        await running.load()
        body = {"community": "test", "party": "water-co"}
        await running.operator.post(f"{running.urls['workflow']}/v1/partners", json=body)
        yield running


def path(system: System, rest: str = "") -> str:
    return f"{system.urls['notify']}/v1/endpoints/test/water-co{rest}"


async def put(system: System, url: str, **body: Any) -> dict[str, Any]:
    answer = await system.operator.put(path(system), json={"url": url} | body)
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    return view


async def reported(system: System) -> str:
    return str((await system.submit(kind="report", title="停水了", neighbourhood="east")).json()["id"])


def subjects(hook: Endpoint) -> list[str]:
    return [event["data"]["case_id"] for event in hook.got if event["type"] == "linli.order.issued.v1"]


async def test_what_is_posted_is_signed_and_the_same_as_what_is_fetched(system: System, hook: Endpoint) -> None:
    view = await put(system, hook.url)
    assert [ping["type"] for ping in hook.pings] == ["linli.endpoint.ping.v1"]
    ids = [await reported(system) for _ in range(3)]

    async def posted() -> bool:
        return sorted(subjects(hook)) == sorted(ids)

    await until(posted)
    secret = await system.get("notify", "/v1/endpoints/test/water-co/secret")
    for body, headers in zip(hook.bodies, hook.headers, strict=True):
        assert Webhook(secret["secret"]).verify(body.decode(), headers)
        assert headers["content-type"] == "application/cloudevents+json"
    water = await party_key(system, "water-co")

    async def fetched() -> list[dict[str, Any]]:
        url = f"{system.urls['notify']}/v1/events"
        answer = await system.resident.get(url, params={"cursor": view["cursor"]}, headers=water)
        return answer.json()["data"] if answer.status_code == 200 else []

    async def the_same() -> bool:
        return sorted(map(str, await fetched())) == sorted(map(str, hook.got))

    await until(the_same)
    own = await system.resident.get(f"{system.urls['notify']}/v1/endpoint/tries", headers=water)
    assert [(each["taken"], each["answer"]) for each in own.json()["items"]][:3] == [(True, "thanks")] * 3


async def test_one_that_is_away_gets_each_event_once_when_it_is_back_and_an_order_s_in_order(
    system: System, hook: Endpoint
) -> None:
    await put(system, hook.url)
    hook.status = 503
    id = await reported(system)

    async def tried() -> bool:
        return bool((await system.operator.get(path(system))).json()["failing_since"])

    await until(tried)
    await system.act(id, "reassign", party="estate")
    await system.act(id, "reassign", party="water-co")
    hook.status = 200

    def types() -> list[str]:
        return [event["type"].split(".")[2] for event in hook.got if event["data"]["case_id"] == id]

    async def back() -> bool:
        return types() == ["issued", "cancelled", "issued"]

    await until(back)

    async def well() -> bool:
        view = (await system.operator.get(path(system))).json()
        return (view["failing_since"], view["off"], view["behind"]) == (None, None, 0)

    await until(well)
    assert len({event["id"] for event in hook.got}) == len(hook.got)


async def test_one_that_says_that_it_is_gone_is_asked_no_more_until_it_is_switched_on(
    system: System, hook: Endpoint
) -> None:
    await put(system, hook.url)
    hook.status = 410
    id = await reported(system)

    async def off() -> bool:
        return bool((await system.operator.get(path(system))).json()["off"] == "http_410")

    await until(off)
    hook.status = 200
    await put(system, hook.url)

    async def posted() -> bool:
        return id in subjects(hook)

    await until(posted)


async def test_people_are_warned_after_two_days_of_failure_and_told_when_it_is_off_and_nothing_is_lost(
    system: System, hook: Endpoint
) -> None:
    await put(system, hook.url)
    hook.status = 500
    id = await reported(system)

    async def tried() -> bool:
        return bool((await system.operator.get(path(system))).json()["failing_since"])

    await until(tried)
    since = len(await told_of_endpoints(system))

    async def later(days: float) -> None:
        """As if it had failed for so long: its clock is the database's, which no test moves."""
        now = datetime.now(UTC)
        past = {"$set": {"failing_since": now - timedelta(days=days), "due_at": now}, "$inc": {"version": 1}}
        async with databases_of(system) as database:
            await database("notify").partner_endpoints.update_one({}, past)

    await later(1.9)
    calls = len((await system.operator.get(path(system, "/tries"))).json()["items"])

    async def tried_again() -> bool:
        return len((await system.operator.get(path(system, "/tries"))).json()["items"]) > calls

    await until(tried_again)
    assert await told_of_endpoints(system, since) == []
    await later(2.1)

    async def warned() -> bool:
        return bool(await told_of_endpoints(system, since))

    await until(warned)
    both = ["party:street", "party:water-co"]
    assert await told_of_endpoints(system, since) == [("partner_endpoint_failing", to) for to in both]
    await later(4)
    view = (await system.operator.get(path(system))).json()
    assert view["off"] is None
    await later(5)

    async def off() -> bool:
        return bool((await system.operator.get(path(system))).json()["off"] == "http_500")

    await until(off)
    kinds = ("partner_endpoint_failing", "partner_endpoint_off")
    assert await told_of_endpoints(system, since) == [(kind, to) for kind in kinds for to in both]
    standing = await system.get("notify", "/v1/partners/test/water-co/standing")
    endpoints = [way for way in standing["ways"] if way["way"] == "endpoint"]
    assert [(way["state"], way["off"]) for way in endpoints] == [("off", "http_500")]
    hook.status = 200
    await put(system, hook.url)

    async def posted() -> bool:
        return id in subjects(hook)

    await until(posted)


async def told_of_endpoints(system: System, since: int = 0) -> list[tuple[str, str]]:
    """What people were told, by kind, and who; without the first so many."""
    page = await system.get("notify", "/v1/deliveries", limit=500)
    told = [(each["kind"], each["recipient"]) for each in page["items"] if each["kind"].startswith("partner_endpoint")]
    return sorted(told[: len(told) - since])


async def all_noted(system: System) -> None:
    """Wait until it is written down what was taken: what is posted and not yet noted comes once more by a change."""

    async def so() -> bool:
        return bool((await system.operator.get(path(system))).json()["behind"] == 0)

    await until(so)


async def test_events_are_posted_again_by_id_and_from_a_time_on(system: System, hook: Endpoint) -> None:
    await put(system, hook.url)
    begun = datetime.now(UTC) - timedelta(seconds=1)
    ids = [await reported(system) for _ in range(2)]

    async def posted() -> bool:
        return set(ids) <= set(subjects(hook))

    await until(posted)
    await all_noted(system)
    first = next(event for event in hook.got if event["data"].get("case_id") == ids[0])
    answer = await system.operator.post(path(system, "/replay"), json={"event": first["id"]})
    assert answer.status_code == 200, answer.text

    async def again() -> bool:
        return [event["id"] for event in hook.got].count(first["id"]) == 2

    await until(again)
    answer = await system.operator.post(path(system, "/replay"), json={"since": begun.isoformat()})
    assert answer.status_code == 200, answer.text

    async def all_again() -> bool:
        return subjects(hook).count(ids[1]) >= 2 and subjects(hook).count(ids[0]) >= 3  # it may come once more

    await until(all_again)
    assert (await system.operator.post(path(system, "/replay"), json={"event": "none:1"})).status_code == 404
    assert (await system.operator.post(path(system, "/replay"), json={})).status_code == 422


async def test_those_of_a_time_are_posted_again_and_none_before_or_after(system: System, hook: Endpoint) -> None:
    await put(system, hook.url)
    times, ids = [], []
    for n in range(3):
        times.append(datetime.now(UTC))
        ids.append(await reported(system))

        async def posted(so_far: int = n + 1) -> bool:
            return len(subjects(hook)) == so_far

        await until(posted)
    await all_noted(system)
    between = {"since": times[1].isoformat(), "until": times[2].isoformat()}
    answer = await system.operator.post(path(system, "/replay"), json=between)
    assert answer.status_code == 200, answer.text

    async def again() -> bool:
        return subjects(hook).count(ids[1]) == 2

    await until(again)
    assert (subjects(hook).count(ids[0]), subjects(hook).count(ids[2])) == (1, 1)
    nothing = {"since": "2020-01-01T00:00:00Z", "until": "2020-01-02T00:00:00Z"}
    assert (await system.operator.post(path(system, "/replay"), json=nothing)).status_code == 200
    for wrong in ({"until": times[1].isoformat()}, {"since": times[2].isoformat(), "until": times[1].isoformat()}):
        assert (await system.operator.post(path(system, "/replay"), json=wrong)).status_code == 422


@pytest.mark.parametrize(
    ("ordered", "meanwhile", "at_last"),
    [(True, [], ["issued", "cancelled"]), (False, ["cancelled"], ["cancelled", "issued"])],
)
async def test_what_of_an_order_comes_later_waits_for_the_earlier_where_order_is_wanted(
    system: System, hook: Endpoint, ordered: bool, meanwhile: list[str], at_last: list[str]
) -> None:
    assert (await put(system, hook.url, ordered=ordered))["ordered"] is ordered
    hook.refuses = "linli.order.issued.v1"
    id = await reported(system)

    async def first_tried() -> bool:
        return bool((await system.operator.get(path(system))).json()["failing_since"])

    await until(first_tried)
    await system.act(id, "reassign", party="estate")

    def types() -> list[str]:
        return [event["type"].split(".")[2] for event in hook.got if event["data"].get("case_id") == id]

    async def tried_again() -> bool:
        tries = (await system.operator.get(path(system, "/tries"))).json()["items"]
        return len([each for each in tries if each["event"] == f"{id}~water-co:1"]) >= 3

    await until(tried_again)
    assert types() == meanwhile
    hook.refuses = None
    await put(system, hook.url, ordered=ordered)  # at once, and not when it is due

    async def both() -> bool:
        return len(types()) == 2

    await until(both)
    assert types() == at_last


async def test_a_secret_that_is_changed_signs_beside_the_one_before_for_a_day(system: System, hook: Endpoint) -> None:
    await put(system, hook.url)
    of_webhook = (await system.get("notify", "/v1/parties/test/water-co/webhook-secret"))["secret"]
    before = (await system.get("notify", "/v1/endpoints/test/water-co/secret"))["secret"]
    assert before != of_webhook
    key = {"Idempotency-Key": "rotate-endpoint-1"}
    answers = [await system.operator.post(path(system, "/secret:rotate"), headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    assert answers[0].json() == answers[1].json()
    after = await system.get("notify", "/v1/endpoints/test/water-co/secret")
    assert after["secret"] != before
    assert after["both_until"] == answers[0].json()["both_until"]

    async def next_signed() -> tuple[str, dict[str, str]]:
        known = len(hook.bodies)
        await reported(system)

        async def posted() -> bool:
            return len(hook.bodies) > known

        await until(posted)
        return hook.bodies[-1].decode(), hook.headers[-1]

    body, headers = await next_signed()
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (before, after["secret"]):
        Webhook(secret).verify(body, headers)
    async with databases_of(system) as database:
        changed = {"$set": {"at": datetime.now(UTC) - timedelta(days=1, minutes=1)}}
        await database("notify").webhook_secrets.update_one({"_id": "endpoint:test/water-co"}, changed)
    body, headers = await next_signed()
    assert len(headers["webhook-signature"].split()) == 1
    Webhook(after["secret"]).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(before).verify(body, headers)
    nobody = f"{system.urls['notify']}/v1/endpoints/test/nobody/secret"
    assert (await system.operator.get(nobody)).status_code == 404
    assert (await system.operator.post(f"{nobody}:rotate")).status_code == 404


async def test_only_the_types_that_it_wants(system: System, hook: Endpoint) -> None:
    await put(system, hook.url, types=["linli.order.cancelled.v1"])
    id = await reported(system)

    async def dispatched() -> bool:
        case = await system.case(id)
        return case is not None and case["state"] == "dispatched"

    await until(dispatched)
    await system.act(id, "reassign", party="estate")

    async def cancelled() -> bool:
        return [event["type"] for event in hook.got if event["data"]["case_id"] == id] == ["linli.order.cancelled.v1"]

    await until(cancelled)

    async def all_passed_over() -> bool:
        return bool((await system.operator.get(path(system))).json()["behind"] == 0)

    await until(all_passed_over)


async def test_an_endpoint_that_proves_nothing_is_not_taken(system: System, hook: Endpoint) -> None:
    hook.proves = False
    answer = await system.operator.put(path(system), json={"url": hook.url})
    assert (answer.status_code, answer.json()["reason"]) == (422, "challenge_not_answered")
    answer = await system.operator.put(path(system), json={"url": "https://127.0.0.1:1/"})
    assert (answer.status_code, answer.json()["reason"]) == (422, "unreachable")
    for url in ("ftp://127.0.0.1/", "http://[::1", "http://h:99999/", "水", ""):
        answer = await system.operator.put(path(system), json={"url": url})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "url"), url
    nobody = path(system).replace("water-co", "nobody")
    assert (await system.operator.put(nobody, json={"url": hook.url})).status_code == 404


async def test_one_that_is_removed_is_there_no_more(system: System, hook: Endpoint) -> None:
    await put(system, hook.url)
    assert (await system.operator.delete(path(system))).status_code == 204
    assert (await system.operator.get(path(system))).status_code == 404
    assert (await system.operator.delete(path(system))).status_code == 404


async def test_orders_for_trying_are_posted_and_say_so(system: System, hook: Endpoint) -> None:
    await put(system, hook.url)
    answer = await system.operator.post(f"{system.urls['workflow']}/v1/partners/test/water-co:try")
    assert answer.status_code == 200, answer.text
    first, withdrawn = answer.json()["orders"]

    async def posted() -> bool:
        theirs = [(each["data"]["order_id"], each["type"]) for each in hook.got if each["data"].get("sandbox")]
        issued, cancelled = "linli.order.issued.v1", "linli.order.cancelled.v1"
        return sorted(theirs) == sorted([(first, issued), (withdrawn, issued), (withdrawn, cancelled)])

    await until(posted)
    water = await party_key(system, "water-co")
    for did, said in (("accepted", {}), ("done", {"message": "好了"})):
        body = {"update_id": f"try-{did}", "order_id": first, "dispatch_no": 1, "did": did, **said}
        body |= {"occurred_at": datetime.now(UTC).isoformat()}
        sent = await system.resident.post(f"{system.urls['workflow']}/v1/updates", json=body, headers=water)
        assert sent.json()["outcome"] == "applied", sent.text
    [tried] = (await system.get("workflow", "/v1/partners/test/water-co/trials", orders=first))["items"]
    assert (tried["case_state"], [each["outcome"] for each in tried["updates"]]) == ("resolved", ["applied"] * 2)

    async def answered() -> bool:
        return [each["data"]["update_id"] for each in hook.got if each["type"] == "linli.update.received.v1"] == [
            *("try-accepted", "try-done")
        ]

    await until(answered)
