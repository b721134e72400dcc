"""What a collector gets of requests, calls, publications and events, and what becomes of what it does not get."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest

from linli.application import telemetry
from linli.frozen import replace
from linli.messaging.outbox import outgoing
from linli.security.auth import OPEN
from linli.tracing import sending
from linli.tracing.recorder import Recorder
from linli.tracing.under import UNDER, Under, work_for
from linli.web.app import create_app, router
from linli.web.calls import Counted
from linli.web.problems import Problem
from linli.web.tracing import traceparent
from tests.support.builders import submitted
from tests.support.collector import Collector
from tests.support.gate import gate_without_limits
from tests.support.servers import free_ports
from tests.support.services import until

TRACE, OTHER, CALLER = "4b" * 16, "5c" * 16, "0f" * 8
GIVEN, QUIET = f"00-{TRACE}-{CALLER}-01", f"00-{OTHER}-{CALLER}-00"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as running:
        yield running


@pytest.fixture
async def recorder(collector: Collector) -> AsyncIterator[Recorder]:
    made = Recorder("intake", "here:1", collector.url, 1.0)
    yield made
    await made.close()


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """Nothing of one test is under way in the next."""
    before, level = UNDER.get(), logging.getLogger("opentelemetry").level
    UNDER.set(None)
    yield
    UNDER.set(before)
    logging.getLogger("opentelemetry").setLevel(level)


def dropped() -> float:
    return telemetry.SPANS_DROPPED._value.get()  # type: ignore[no-any-return]  # prometheus_client has no other way


def application(recorder: Recorder | None) -> Any:
    routes = router()

    @routes.get("/cases/{case}", dependencies=[OPEN])
    async def case(case: str, carried: str | None = None) -> dict[str, str | None]:
        if case == "none":
            raise Problem("not_found", 404, "There is none.")
        if case == "broken":
            raise RuntimeError(f"the words of {case}")
        under = UNDER.get()
        return {"under": (under and under.traceparent) or "nothing", "carried": carried}

    return create_app("t", "t", [routes], gate=gate_without_limits(), checks={}, provided={}, recorder=recorder)


def asking(recorder: Recorder | None) -> httpx2.AsyncClient:
    there = httpx2.ASGITransport(app=application(recorder), raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=there, base_url="http://t")


async def test_a_request_is_named_by_its_route_and_tells_its_status_and_nothing_that_was_asked(
    recorder: Recorder, collector: Collector
) -> None:
    async with asking(recorder) as http:
        for path in (
            "/cases/13900000101?carried=13900000101",
            "/cases/none",
            "/cases/broken",
            "/13900000101",
            "/healthz",
        ):
            await http.get(path, headers={"User-Agent": "13900000101"})
        await http.request("X13900000101", "/cases/none")
        await http.head("/cases/none")
    await recorder.close()
    about = [(span.name, span.about.get("http.response.status_code"), span.failed) for span in collector.spans]
    assert about == [
        ("GET /cases/{case}", 200, False),
        ("GET /cases/{case}", 404, False),
        ("GET /cases/{case}", 500, True),
        ("GET", 404, False),
        ("HTTP /cases/{case}", 405, False),
        ("HEAD /cases/{case}", 404, False),
    ]
    assert {span.kind for span in collector.spans} == {"server"}
    assert not [body for body in collector.bodies if b"13900000101" in body or b"the words" in body]


@pytest.mark.parametrize(
    ("sent", "trace"), [(GIVEN, TRACE), (GIVEN.replace("00-", "0-", 1), None), ("13900000101", None), (None, None)]
)
async def test_a_request_goes_on_with_the_callers_trace_or_begins_one(
    recorder: Recorder, collector: Collector, sent: str | None, trace: str | None
) -> None:
    async with asking(recorder) as http:
        answer = await http.get("/cases/1", headers={"traceparent": sent} if sent else {})
    await recorder.close()
    [span] = collector.spans
    assert answer.json()["under"] == f"00-{span.trace}-{span.id}-01", "events carry the request's own span"
    assert span.parent == (CALLER if trace else "")
    assert trace in {None, span.trace}


async def test_what_nobody_wants_to_see_is_not_sent_and_its_trace_is_handed_on(
    recorder: Recorder, collector: Collector
) -> None:
    async with asking(recorder) as http:
        answer = await http.get("/cases/1", headers={"traceparent": QUIET})
    assert answer.json()["under"] == QUIET
    recorder.processed([replace(submitted("a"), traceparent=QUIET)], "linli.workflow", 0.1)
    await recorder.close()
    assert not collector.spans


async def test_of_a_share_what_is_left_out_is_left_out_in_every_service(collector: Collector) -> None:
    none = Recorder("intake", "here:1", collector.url, 0.0)
    async with asking(none) as http:
        carried = (await http.get("/cases/1")).json()["under"]
    assert carried.endswith("-00")
    everything = Recorder("workflow", "here:2", collector.url, 1.0)
    everything.processed([replace(submitted("a"), traceparent=carried)], "linli.workflow", 0.1)
    await none.close()
    await everything.close()
    assert not collector.spans


async def test_a_stranger_s_flag_records_no_more_than_the_share(collector: Collector) -> None:
    none = Recorder("intake", "here:1", collector.url, 0.0)
    async with asking(none) as http:
        carried = (await http.get("/cases/1", headers={"traceparent": GIVEN})).json()["under"]
    assert carried == f"{GIVEN[:-2]}00", "the trace is known, and not recorded further on"
    none.processed([replace(submitted("a"), traceparent=GIVEN)], "linli.workflow", 0.1)
    await none.close()
    assert not collector.spans


async def test_without_a_recorder_a_request_has_no_span(collector: Collector) -> None:
    async with asking(None) as http:
        assert (await http.get("/cases/1", headers={"traceparent": GIVEN})).json()["under"] == "nothing"
    assert traceparent({"traceparent": GIVEN}) == GIVEN


async def test_a_call_takes_its_own_span_along(recorder: Recorder, collector: Collector) -> None:
    UNDER.set(Under(recorder, GIVEN))
    there = httpx2.ASGITransport(app=application(recorder))
    async with Counted("workflow", transport=there, base_url="http://t") as client:
        await client.get("/cases/1", headers={"traceparent": QUIET})
        await client.get("/healthz")
    await recorder.close()
    called, asked = sorted(collector.spans, key=lambda span: span.kind)
    assert (called.kind, called.name, called.parent, called.trace) == ("client", "GET workflow", CALLER, TRACE)
    assert called.about == {
        "http.request.method": "GET",
        "service.peer.name": "workflow",
        "http.response.status_code": 200,
    }
    assert (asked.kind, asked.parent, asked.trace) == ("server", called.id, TRACE)


async def test_a_call_that_fails_tells_the_kind_of_its_failure(recorder: Recorder, collector: Collector) -> None:
    UNDER.set(Under(recorder))
    [nobody] = free_ports(1)
    async with Counted("workflow", base_url=f"http://127.0.0.1:{nobody}", trust_env=False) as client:
        with pytest.raises(httpx2.ConnectError):
            await client.get("/cases/13900000101")
    await recorder.close()
    [span] = collector.spans
    assert (span.failed, span.about["error.type"], span.parent) == (True, "ConnectError", "")
    assert not [body for body in collector.bodies if b"13900000101" in body]


async def test_a_publication_lies_in_the_trace_of_its_first_event_and_is_linked_to_all(
    recorder: Recorder, collector: Collector
) -> None:
    causes = [None, QUIET, GIVEN, GIVEN, f"00-{'6d' * 16}-{CALLER}-01"]
    events = [replace(submitted(f"a{n}"), traceparent=cause) for n, cause in enumerate(causes)]
    recorder.published([outgoing(event, "linli.intake") for event in events], 4, 0.25)
    recorder.published([outgoing(events[0], "linli.intake")], 1, 0.25)
    recorder.published([], 0, 0.25)
    await recorder.close()
    span, alone = collector.spans
    assert (span.name, span.kind, span.trace, span.parent) == ("publish linli.intake", "producer", TRACE, CALLER)
    assert {*span.links} == {(TRACE, CALLER), (OTHER, CALLER), ("6d" * 16, CALLER)}
    assert span.failed, "one of them Kafka did not take"
    assert span.seconds == pytest.approx(0.25)
    assert (span.about["messaging.batch.message_count"], span.about["linli.acknowledged"]) == (5, 4)
    assert (alone.parent, alone.links, alone.failed) == ("", (), False)


async def test_each_event_of_a_batch_has_a_span_in_its_own_trace(recorder: Recorder, collector: Collector) -> None:
    events = [replace(submitted(f"a{n}"), traceparent=f"00-{n:032x}-{n:016x}-01") for n in range(1, 500)]
    recorder.processed([*events, submitted("b")], "linli.workflow", 0.5)
    await recorder.close()
    assert len(collector.spans) == 500
    assert {(span.trace, span.parent) for span in collector.spans if span.parent} == {
        (f"{n:032x}", f"{n:016x}") for n in range(1, 500)
    }
    assert {span.name for span in collector.spans} == {"process intake"}
    assert {span.about["linli.event.type"] for span in collector.spans} == {"linli.report.submitted.v1"}


async def test_what_a_batch_asks_of_others_lies_in_its_trace_if_it_has_but_one(recorder: Recorder) -> None:
    work_for([GIVEN])
    assert UNDER.get() is None, "nobody records anything"
    UNDER.set(Under(recorder))
    for causes, under in (([GIVEN, GIVEN], GIVEN), ([GIVEN, QUIET], None), ([GIVEN, None], None), ([], None)):
        work_for(causes)
        assert UNDER.get() == Under(recorder, under)


async def test_what_finds_no_room_is_dropped_and_counted_and_nobody_waits(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "WAIT_AT_MOST", 600)
    recorder = Recorder("intake", "here:1", collector.url, 1.0)
    collector.answering.clear()
    before = dropped()
    for n in range(1_000):
        with recorder.request("GET", None) as span:
            span.answered(200, f"/{n}")
    assert dropped() - before == 400
    collector.answering.set()
    await recorder.close()
    assert [span.name for span in collector.spans] == [f"GET /{n}" for n in range(600)]


async def test_a_collector_that_refuses_is_told_of_once_and_so_is_its_return(
    collector: Collector, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sending, "SENT_EVERY", 0.05)
    recorder = Recorder("intake", "here:1", collector.url, 1.0)
    before, collector.status = dropped(), 400
    for n in (1, 2, 3):
        with recorder.request("GET", None):
            pass
        await until(lambda n=n: _is(dropped() - before == n))  # type: ignore[misc]  # bound for each
    collector.status = 200

    async def arrived() -> bool:
        with recorder.request("GET", None):
            pass
        return bool(collector.spans)

    await until(arrived)
    await recorder.close()
    said = capsys.readouterr().out
    assert (said.count("collector_away"), said.count("collector_back")) == (1, 1), said


async def _is(true: bool) -> bool:
    return true


async def test_the_end_waits_a_short_time_for_a_collector_that_hangs(collector: Collector) -> None:
    recorder = Recorder("intake", "here:1", collector.url, 1.0)
    collector.answering.clear()
    before = dropped()
    with recorder.request("GET", None):
        pass
    began = time.monotonic()
    async with asyncio.timeout(20):
        await recorder.close()
    assert time.monotonic() - began >= sending.FLUSH_WITHIN
    assert dropped() - before == 1
    collector.answering.set()
