"""The live stream, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import orjson
import pytest

from linli.contracts.workflow import case
from linli.privacy.tracking import tracking_hash
from tests.support.cases import CODE, said
from tests.support.notify import mail_server, notify_running
from tests.support.services import until

STORY = [case.CaseOpened, case.CaseDispatched, case.CaseNoted, case.CaseProgressed, case.CaseResolved]
PATIENCE = 60.0
"""Seconds until a test is told that nothing comes."""


@pytest.fixture(scope="module")
def mailbox():
    with mail_server() as mailbox:
        yield mailbox


class Reader:
    """Reads a stream as a browser does."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def event(self) -> dict:
        """The next event; comments and what has no data are passed over."""
        found: dict = {}
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if not line and "data" in found:
                    return found
                name, _, value = line.partition(": ")
                if name in ("id", "event", "data"):
                    found[name] = orjson.loads(value) if name == "data" else value
        raise AssertionError("the stream has ended")

    async def end(self) -> None:
        """Waits until the stream ends; what comes until then is passed over."""
        async with asyncio.timeout(PATIENCE):
            async for _ in self._lines:
                pass

    async def line(self) -> str:
        async with asyncio.timeout(PATIENCE):
            return await anext(self._lines)


@asynccontextmanager
async def stream(here, code=CODE, last=None):
    headers = {"Last-Event-ID": str(last)} if last is not None else {}
    async with here.http.stream("GET", "/v1/stream", params={"track": code}, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Reader(answer.aiter_lines())


def story(first, last):
    return [said(STORY[sequence - 1], sequence=sequence) for sequence in range(first, last + 1)]


async def test_a_resident_sees_what_was_and_hears_what_comes(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        await here.publish(*story(1, 2))
        await here.ended(2)
        async with stream(here, CODE.lower().replace("-", " ")) as reader:
            opened, dispatched = await reader.event(), await reader.event()
            assert (opened["id"], opened["event"]) == ("1", "linli.case.opened.v1")
            assert dispatched["data"]["party"] == "物业公司"
            await here.publish(*story(3, 4))
            progressed = await reader.event()
            assert progressed["id"] == "4"  # the note between them is not for residents
            assert progressed["data"]["message"] == "已联系厂家"
        async with stream(here, last=2) as reader:
            assert (await reader.event())["id"] == "4"
            await here.publish(*story(5, 5))
            assert (await reader.event())["id"] == "5"
        async with stream(here, last="nonsense") as reader:
            assert (await reader.event())["id"] == "1"


async def test_many_listeners_hear_the_same(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        await here.publish(*story(1, 2))
        await here.ended(2)

        async def hear():
            async with stream(here, last=2) as reader:
                return (await reader.event())["id"]

        listening = [asyncio.create_task(hear()) for _ in range(20)]

        async def all_listening():
            return "linli_notify_streams 20.0" in (await here.http.get("/metrics")).text

        await until(all_listening)
        await here.publish(*story(3, 4))
        assert await asyncio.gather(*listening) == ["4"] * 20


async def test_a_stream_ends_when_its_case_is_erased_and_no_other_does(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        other = tracking_hash("0000-1111-2222")
        await here.publish(*story(1, 2), said(case.CaseOpened, "case-2", 1, tracking_hash=other))
        await here.ended(2)
        async with stream(here, last=1) as erased, stream(here, "0000-1111-2222") as goes_on:
            assert (await erased.event())["id"] == "2"
            assert (await goes_on.event())["id"] == "1"
            await here.publish(said(case.CaseErased, sequence=3))
            await erased.end()
            answer = await here.http.get("/v1/stream", params={"track": CODE})
            assert answer.status_code == 404
            await here.publish(said(case.CaseProgressed, "case-2", 2))
            assert (await goes_on.event())["id"] == "2"


async def test_a_wrong_code_is_not_known(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        for code in ("0000-0000-0000", "no code at all", tracking_hash(CODE)):
            answer = await here.http.get("/v1/stream", params={"track": code})
            assert answer.status_code == 404
            assert answer.json()["type"] == "urn:linli:problem:unknown_tracking_code"


async def test_more_streams_than_allowed_are_turned_away_until_one_ends(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox, stream_connections=1, stream_ping=0.1) as here:
        await here.tell_community()
        await here.publish(*story(1, 2))
        await here.ended(2)
        async with stream(here) as reader:
            await reader.event()
            answer = await here.http.get("/v1/stream", params={"track": CODE})
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            pings = [await reader.line() for _ in range(6)]
            assert ": ping" in pings

        async def none_open():
            return "linli_notify_streams 0.0" in (await here.http.get("/metrics")).text

        await until(none_open)
        async with stream(here) as reader:
            await reader.event()


async def test_an_address_has_its_share_of_the_streams_and_others_theirs(settings_for, httpserver, mailbox):
    proxied = {"stream_connections_per_address": 1, "trusted_proxies": "127.0.0.0/8"}
    async with notify_running(settings_for, httpserver, mailbox, **proxied) as here:
        await here.tell_community()
        await here.publish(*story(1, 2))
        await here.ended(2)

        def asking(address):
            return here.http.get("/v1/stream", params={"track": CODE}, headers={"X-Forwarded-For": address})

        async with stream(here) as reader:
            await reader.event()
            second = await asking("127.0.0.1")
            assert (second.status_code, second.json()["type"]) == (429, "urn:linli:problem:too_many_streams")
            assert second.headers["Retry-After"]
            elsewhere = {"X-Forwarded-For": "203.0.113.7"}
            assert (await here.http.head("/v1/stream", params={"track": CODE}, headers=elsewhere)).status_code == 200


async def test_many_who_come_at_once_get_no_more_places_than_there_are(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox, stream_connections=5) as here:
        await here.tell_community()
        await here.publish(*story(1, 2))
        await here.ended(2)

        def come():
            return here.http.send(here.http.build_request("GET", "/v1/stream", params={"track": CODE}), stream=True)

        answers = await asyncio.gather(*(come() for _ in range(30)))
        assert sorted(answer.status_code for answer in answers) == [200] * 5 + [503] * 25
        for answer in answers:
            await answer.aclose()


async def test_a_stream_ends_when_its_time_is_over_and_goes_on_where_it_was(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox, stream_seconds=0.5) as here:
        await here.tell_community()
        await here.publish(*story(1, 2))
        await here.ended(2)
        async with stream(here) as reader:
            assert [(await reader.event())["id"] for _ in range(2)] == ["1", "2"]
            await reader.end()
        await here.publish(*story(3, 4))
        async with stream(here, last=2) as reader:
            assert (await reader.event())["id"] == "4"


async def test_an_open_stream_does_not_hold_up_a_stop(settings_for, httpserver, mailbox):
    async with notify_running(settings_for, httpserver, mailbox) as here:
        await here.tell_community()
        await here.publish(*story(1, 2))
        await here.ended(2)
        answer = await here.http.send(here.http.build_request("GET", "/v1/stream", params={"track": CODE}), stream=True)
        asked = datetime.now(UTC)
    await answer.aclose()
    assert (datetime.now(UTC) - asked).total_seconds() < 6
