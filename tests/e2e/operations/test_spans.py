"""Where a collector is named, one trace holds what a report has caused in all services, and nobody's words."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.collector import Collector, Seen
from tests.support.hostile_words import HOSTILE
from tests.support.portal import portal_beside
from tests.support.servers import Servers, free_ports
from tests.support.services import until
from tests.support.system import SERVICES, System, system_on

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PHONE, NAME = "13900000101", "王桂兰"
REPORT = {
    "kind": "report",
    "title": HOSTILE["out of an attribute"] + f" 请打{PHONE}",
    "text": "或写信到 wang@residents.example",
    "neighbourhood": "east",
    "category": "facilities.lift",
    "reporter": {"name": NAME, "phone": PHONE, "email": "wang@residents.example"},
}


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with Collector() as running:
        yield running


@pytest.fixture(scope="module")
async def system(
    stack: Servers, collector: Collector, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    logs = Path(tmp_path_factory.mktemp("logs"))
    # FastAPI would send spans of its own, with queries and addresses.
    others = {"FASTAPI_OTEL_AUTO_CONFIGURE": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
    async with system_on(stack, logs, LINLI_OTLP_URL=collector.url, **others) as running, portal_beside(running):
        yield running


PARTS = {
    ("intake", "server"),
    ("intake", "producer"),
    ("workflow", "consumer"),
    ("workflow", "producer"),
    ("notify", "consumer"),
}
"""Of a report's trace: who, and what it does."""


async def whole(collector: Collector, trace: str, parts: set[tuple[str, str]] = PARTS) -> list[Seen]:
    """What has come of a report's trace, when all its parts have: each service sends its own, once a second."""

    async def there() -> list[Seen]:
        spans = collector.of(trace)
        return spans if parts <= {(span.service, span.kind) for span in spans} else []

    return await until(there)


def only(spans: list[Seen], service: str, name: str) -> Seen:
    [found] = [span for span in spans if (span.service, span.name) == (service, name)]
    return found


async def test_one_trace_holds_the_whole_way_of_a_report(system: System, collector: Collector) -> None:
    answer = await system.resident.post(
        f"{system.urls['intake']}/v1/submissions", json=REPORT, headers={"traceparent": f"00-{TRACE}-{CALLER}-01"}
    )
    assert answer.status_code == 201, answer.text
    spans = await whole(collector, TRACE)
    asked = only(spans, "intake", "POST /v1/submissions")
    assert (asked.kind, asked.parent) == ("server", CALLER), "it goes on with the caller's trace"
    assert asked.about == {
        "http.request.method": "POST",
        "http.route": "/v1/submissions",
        "http.response.status_code": 201,
    }
    for service, topic in (("workflow", "intake"), ("notify", "cases")):
        handled = [span for span in spans if (span.service, span.name) == (service, f"process {topic}")]
        assert handled, [(span.service, span.name) for span in spans]
        assert {(span.kind, span.parent) for span in handled} == {("consumer", asked.id)}
    opened = {span.about.get("linli.event.type") for span in spans if span.service == "notify"}
    assert "linli.case.opened.v1" in opened
    way = await system.get("portal", f"/v1/trace/{answer.json()['id']}")
    assert {step["trace"] for step in way["steps"] if step["service"] != "notify"} == {TRACE}, "linli trace names it"
    for service in ("intake", "workflow"):
        published = [span for span in spans if span.service == service and span.kind == "producer"]
        assert published
        for span in published:
            assert span.parent == asked.id
            assert (TRACE, asked.id) in span.links
            assert not span.failed


async def test_what_comes_through_the_portal_begins_there(system: System, collector: Collector) -> None:
    answer = await system.resident.post(
        f"{system.urls['portal']}/v1/submissions?title={PHONE}", json=REPORT | {"title": "路灯坏了"}
    )
    assert answer.status_code == 201, answer.text

    async def traces() -> list[str]:
        came = [span for span in tuple(collector.spans) if (span.service, span.kind) == ("portal", "server")]
        return [span.trace for span in came if span.name == "POST /v1/submissions"]

    [trace] = await until(traces)
    spans = await whole(collector, trace, PARTS | {("portal", "client")})
    [first] = [span for span in spans if span.service == "portal" and span.kind == "server"]
    call, asked = only(spans, "portal", "POST intake"), only(spans, "intake", "POST /v1/submissions")
    assert (first.parent, call.kind) == ("", "client")
    assert (call.parent, asked.parent) == (first.id, call.id)
    assert {span.parent for span in spans if span.kind == "consumer"} == {asked.id}


async def test_a_caller_who_does_not_want_a_trace_has_none(system: System, collector: Collector) -> None:
    quiet, loud = "a" * 32, "b" * 32
    for trace, flag in ((quiet, "00"), (loud, "01")):
        headers = {"traceparent": f"00-{trace}-{CALLER}-{flag}"}
        answer = await system.resident.post(
            f"{system.urls['intake']}/v1/submissions", json=REPORT | {"title": f"门禁坏了 {flag}"}, headers=headers
        )
        assert answer.status_code == 201
    await whole(collector, loud)
    assert not collector.of(quiet)


async def test_no_span_holds_anybodys_words_address_or_id(system: System, collector: Collector) -> None:
    answer = await system.submit(**REPORT | {"title": f"垃圾没人收 {PHONE}"})
    receipt = answer.json()
    asked: list[tuple[str, str]] = [
        ("intake", f"/v1/submissions/{receipt['id']}"),
        ("workflow", f"/v1/track/{receipt['tracking_code']}"),
        ("workflow", f"/v1/cases?q={PHONE}"),
        ("workflow", f"/{PHONE}/nowhere"),
        ("intake", f"/v1/submissions?title={PHONE}"),
    ]
    for service, path in asked:
        await system.resident.get(f"{system.urls[service]}{path}", headers={"User-Agent": f"agent {PHONE}"})

    async def shown() -> bool:
        names = {span.name for span in tuple(collector.spans)}
        return {"GET /v1/track/{code}", "GET /v1/cases"} <= names

    await until(shown)
    seen = b"".join(collector.bodies).decode(errors="replace")
    secrets = [PHONE, NAME, "wang@", "电梯", "垃圾", receipt["id"], receipt["tracking_code"], "agent"]
    assert not [each for each in secrets if each in seen]
    assert not re.search(r"1[3-9]\d{9}", "".join(str(span.about) + span.name for span in collector.spans))


async def test_a_collector_that_is_away_hinders_nothing_and_is_told_of_once(stack: Servers, tmp_path: Path) -> None:
    [nobody] = free_ports(1)
    async with system_on(stack, tmp_path, LINLI_OTLP_URL=f"http://127.0.0.1:{nobody}") as system:
        await system.load()
        ids = [(await system.submit(**REPORT | {"title": f"楼道灯坏了 {n}"})).json()["id"] for n in range(20)]
        for id in ids:
            await until(lambda id=id: system.case(id))  # type: ignore[misc]  # bound for each

        async def told_of() -> bool:
            found: list[Any] = (await system.get("notify", "/v1/deliveries"))["items"]
            return bool(found)

        await until(told_of)
        for service in SERVICES:
            await until(lambda service=service: dropped(system, service))  # type: ignore[misc]
            await until(lambda service=service: says_so(system, service))  # type: ignore[misc]
        logs = {service: system.log(service) for service in SERVICES}
    for service, log in logs.items():
        assert log.count("collector_away") == 1, f"{service}: {log[-3000:]}"
        assert "opentelemetry" not in log


async def says_so(system: System, service: str) -> bool:
    """The thread that sends counts first, and writes then."""
    return "collector_away" in system.log(service)


async def dropped(system: System, service: str) -> float:
    shown = (await system.resident.get(f"{system.urls[service]}/metrics")).text
    [figure] = re.findall(r"^linli_spans_dropped_total (\S+)$", shown, re.MULTILINE)
    return float(figure)
