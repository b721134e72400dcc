"""Photos that die: bombs, endless scans, files that end too soon, and good ones whose process is killed under them."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from io import BytesIO

import httpx2
from PIL import Image

from tests.faults.arena import Arena
from tests.faults.hurt import Hurt
from tests.faults.ledger import Entry
from tests.support.photos import jpeg, many_scans, scene

HOSTILE: tuple[Callable[[], bytes], ...] = (
    lambda: many_scans(2_000),
    lambda: many_scans(2_000, two_pictures=True),
    lambda: bomb(30_000, 30_000),
    lambda: jpeg()[:900],
    lambda: jpeg()[:2] + os.urandom(20_000),
    lambda: b"\x89PNG\r\n\x1a\n" + bytes(64),
)
REFUSED = {413, 415}
ALLOWED = {201, 503, *REFUSED}
"""What a client may see of it."""
SUBMISSIONS, EACH = 3, 2


def slow() -> bytes:
    """Within all limits but perhaps that of time: a fast machine keeps it, a slow one refuses it."""
    return many_scans(90, picture=Image.new("RGB", (6_000, 4_000), "teal"))


def bomb(width: int, height: int) -> bytes:
    """A small file of a large picture."""
    out = BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


async def dying_photos(arena: Arena) -> Hurt:
    """Good photos and hostile ones at once, while processes that develop them are killed by chance.

    A good one is sent until it is kept. Nothing of the service may end, and nothing may be left behind.
    """
    stories = [next(iter((await _accepted(arena)).ids)) for _ in range(SUBMISSIONS)]
    bombs = await asyncio.to_thread(lambda: [make() for make in HOSTILE])
    endless = await asyncio.to_thread(slow)
    ended_before = arena.ended_by_themselves
    killing = asyncio.create_task(_kill_by_chance(arena))
    try:
        await asyncio.gather(
            *(_keep(arena, story, _good(arena.rng.randrange(2**31))) for story in stories for _ in range(EACH)),
            _keep(arena, arena.rng.choice(stories), endless, or_refused=True),
            *(_refused(arena, arena.rng.choice(stories), hostile) for hostile in bombs),
        )
    finally:
        killing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await killing
    back = time.monotonic()
    assert arena.ended_by_themselves == ended_before, "a photo has ended a service"
    while (left := arena.system.children("intake")) and time.monotonic() < back + 30:
        await asyncio.sleep(0.2)
    assert not left, "processes of photos are left behind"
    return Hurt(back, restarted=False)


async def _accepted(arena: Arena) -> Entry:
    entry = arena.ledger.ask(mail=False)
    while not await arena.load.tried(entry):
        await asyncio.sleep(0.1)
    return entry


async def _kill_by_chance(arena: Arena) -> None:
    while True:
        await asyncio.sleep(0.3)
        for process in arena.system.children("intake"):
            if arena.rng.random() < 0.3:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)


def _good(colour: int) -> bytes:
    picture = scene(400, 300)
    picture.putpixel((1, 1), (colour & 255, colour >> 8 & 255, colour >> 16 & 255))
    return jpeg(picture, quality=95)


async def _keep(arena: Arena, story: str, photo: bytes, or_refused: bool = False) -> None:
    while True:
        answer = await _sent(arena, story, photo)
        if answer is not None and answer.status_code == 201:
            (kept,) = answer.json()["items"]
            arena.ledger.photos.add((story, kept["id"]))
            return
        if or_refused and answer is not None and answer.status_code in REFUSED:
            return
        await asyncio.sleep(0.2)


async def _refused(arena: Arena, story: str, hostile: bytes) -> None:
    """Refused for good, and not only since there was no room."""
    while True:
        answer = await _sent(arena, story, hostile)
        if answer is not None and answer.status_code in REFUSED:
            return
        assert answer is None or answer.status_code == 503, f"a hostile photo was answered with {answer.status_code}"
        await asyncio.sleep(0.5)


async def _sent(arena: Arena, story: str, photo: bytes) -> httpx2.Response | None:
    url = f"{arena.system.urls['intake']}/v1/submissions/{story}/attachments"
    try:
        answer = await arena.system.operator.post(url, files={"photo": photo}, timeout=60)
    except httpx2.TransportError:
        return None
    arena.ledger.statuses[answer.status_code] += 1
    assert answer.status_code in ALLOWED, answer.text
    return answer
