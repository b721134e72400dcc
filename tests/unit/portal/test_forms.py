"""Slow senders of photos keep nobody else from reporting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.types import Message

from linli.security.auth import Porch
from linli.security.rates import Rates
from linli.web.edge import BODY, Body
from linli.web.origin import Origins
from linli.web.problems import Problem
from portal.open311.parameters import Forms, Parameters
from portal.residents.forms import MOST_AT_ONCE, SHARE, PhotoForms, Sent
from portal.room import SMALL, Room

PLAIN, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
PHOTO = (
    b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nx\r\n'
    b'--b\r\nContent-Disposition: form-data; name="photo"; filename="1.jpg"\r\n\r\njpeg\r\n--b--\r\n'
)


class Sender:
    """Somebody whose body comes when they say so."""

    def __init__(self, app: FastAPI, address: str, kind: str, body: bytes, announced: int | None) -> None:
        self._body, self.goes_on = body, asyncio.Event()
        self.began = False
        length = [] if announced is None else [(b"content-length", str(announced).encode())]
        scope: dict[str, Any] = {
            **{"type": "http", "method": "POST", "path": "/report", "query_string": b"", "app": app},
            **{"headers": [(b"content-type", kind.encode()), *length], "client": (address, 1)},
        }
        scope[BODY] = body_of = Body(scope, self._receive)
        self.request = Request(scope, body_of.receive)

    async def ready(self, most: int = 42 * 1024 * 1024) -> "Sender":
        """What its route does before anything is read."""
        await self.request.scope[BODY].allow(most)
        return self

    async def _receive(self) -> Message:
        self.began = True
        await self.goes_on.wait()
        return {"type": "http.request", "body": self._body, "more_body": False}


class Hall:
    """The portal's forms, and who comes with one."""

    def __init__(self, forms: PhotoForms | Forms) -> None:
        self.forms, self._app = forms, FastAPI()
        self._app.state.gate = Porch(Rates(), Origins((), ""))
        self.under_way: list[asyncio.Task[Any]] = []

    async def sender(self, number: int, kind: str = PARTS, body: bytes = PHOTO, announced: int | None = None) -> Sender:
        return await Sender(self._app, f"192.0.2.{number}", kind, body, announced).ready()

    async def read(self, sender: Sender) -> Sent | Parameters:
        async with self.forms.read(sender.request) as sent:
            return sent

    async def slow(self, number: int, **said: Any) -> Sender:
        """One that has begun to send as far as it is let, and does not go on."""
        sender = await self.sender(number, **said)
        self.under_way.append(asyncio.create_task(self.read(sender)))
        for _ in range(5):
            await asyncio.sleep(0)
        return sender


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    found = Hall(PhotoForms())
    yield found
    for task in found.under_way:
        task.cancel()
    await asyncio.gather(*found.under_way, return_exceptions=True)


def patient(hall: Hall, seconds: float) -> None:
    hall.forms._room._patience = seconds


async def test_slow_photos_keep_no_form_of_words_waiting(hall: Hall) -> None:
    for number in range(MOST_AT_ONCE + 2):
        await hall.slow(number)
    for kind, body, announced in ((PLAIN, b"title=x", None), (PARTS, PHOTO, len(PHOTO)), (PARTS, PHOTO, SMALL)):
        sender = await hall.sender(100, kind, body, announced)
        sender.goes_on.set()
        sent = await hall.read(sender)
        assert sent.get("title") == "x"


async def test_slow_forms_of_words_hold_no_room(hall: Hall) -> None:
    for number in range(MOST_AT_ONCE):
        await hall.slow(number, kind=PLAIN, body=b"title=x")
        await hall.slow(number, announced=SMALL)
    sender = await hall.sender(100)
    sender.goes_on.set()
    sent = await hall.read(sender)
    assert len(sent.files) == 1


async def test_one_address_has_no_more_than_its_share(hall: Hall) -> None:
    patient(hall, 0)
    slow = [await hall.slow(1) for _ in range(MOST_AT_ONCE)]
    assert [each.began for each in slow] == [True] * SHARE + [False] * (MOST_AT_ONCE - SHARE)
    another = await hall.sender(2, announced=SMALL + 1)
    another.goes_on.set()
    await hall.read(another)
    with pytest.raises(Problem) as full:
        await hall.read(await hall.sender(1))
    assert full.value.status == 503


async def test_who_comes_when_all_is_taken_waits_for_a_moment(hall: Hall) -> None:
    slow = [await hall.slow(number) for number in range(MOST_AT_ONCE)]
    late = await hall.slow(100)
    late.goes_on.set()
    assert not late.began
    slow[0].goes_on.set()
    sent = await hall.under_way[-1]
    assert len(sent.files) == 1


@pytest.mark.parametrize("forms", [PhotoForms, Forms])
async def test_room_is_free_again_before_the_services_are_asked(forms: type[PhotoForms] | type[Forms]) -> None:
    hall = Hall(forms())
    patient(hall, 0)
    async with AsyncExitStack() as asking:
        for _ in range(MOST_AT_ONCE * 2):
            sender = await hall.sender(1)
            sender.goes_on.set()
            sent = await asking.enter_async_context(hall.forms.read(sender.request))
            assert await sent.files[0].read() == b"jpeg"
    assert sent.files[0].file.closed


async def test_whoever_goes_away_leaves_room(hall: Hall) -> None:
    for number in range(MOST_AT_ONCE):
        await hall.slow(number)
    for task in hall.under_way:
        task.cancel()
    await asyncio.gather(*hall.under_way, return_exceptions=True)
    sender = await hall.sender(1)
    sender.goes_on.set()
    await hall.read(sender)
    assert not hall.forms._room._held, "nobody is remembered"


async def test_a_form_of_words_is_no_larger_than_words(hall: Hall) -> None:
    for announced in (300_000, None):
        sender = await hall.sender(1, PLAIN, b"title=" + b"x" * 300_000, announced)
        sender.goes_on.set()
        with pytest.raises(Problem) as large:
            await hall.read(sender)
        assert large.value.status == 413
    little = await hall.sender(1, PLAIN, b"title=" + b"x" * 70_000)
    await little.ready(64 * 1024)
    little.goes_on.set()
    with pytest.raises(Problem) as large:
        await hall.read(little)
    assert large.value.status == 413, "its route takes less"


@pytest.mark.parametrize("forms", [PhotoForms, Forms])
async def test_a_report_gets_in_though_slow_senders_from_several_addresses_have_taken_all_places(
    forms: type[PhotoForms] | type[Forms], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.room.UNHURRIED", 0.2)
    monkeypatch.setattr("portal.room.LOOKED_EVERY", 0.05)
    hall = Hall(forms())
    patient(hall, 60)
    for number in range(3):
        for _ in range(12):  # more than its share, again and again
            await hall.slow(number)
    steady = hall.under_way[0]
    honest = await hall.sender(100)
    honest.goes_on.set()
    sent = await hall.read(honest)
    assert len(sent.files) == 1
    assert not steady.done() or steady.exception()
    ended = [each.exception() for each in hall.under_way if each.done() and not each.cancelled()]
    assert {each.status for each in ended if isinstance(each, Problem)} <= {408, 503}
    assert 408 in {each.status for each in ended if isinstance(each, Problem)}
    for task in hall.under_way:
        task.cancel()
    await asyncio.gather(*hall.under_way, return_exceptions=True)
    room = hall.forms._room
    assert (room._held.total(), room._waiting.total(), len(room._places)) == (0, 0, 0)


async def test_who_sends_at_a_good_pace_keeps_the_place_though_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.room.UNHURRIED", 0.0)
    monkeypatch.setattr("portal.room.LOOKED_EVERY", 0.01)
    monkeypatch.setattr("portal.room.HURRIED", 0)
    hall = Hall(PhotoForms())
    patient(hall, 0.2)
    slow = [await hall.slow(number) for number in range(MOST_AT_ONCE)]
    with pytest.raises(Problem) as full:
        await hall.read(await hall.sender(100))
    assert full.value.status == 503
    for each in slow:
        each.goes_on.set()
    assert all(len(sent.files) == 1 for sent in await asyncio.gather(*hall.under_way))


async def test_room_that_does_not_come_free_is_refused_in_time() -> None:
    room = Room(1, 1, patience=0)
    hall = Hall(PhotoForms())
    first, second = await hall.sender(1), await hall.sender(2)
    async with room.held(first.request):
        with pytest.raises(Problem):
            async with room.held(second.request):
                pass
    async with room.held(second.request):
        pass
