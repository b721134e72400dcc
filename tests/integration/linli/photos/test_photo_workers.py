"""Each photo is developed in a process of its own: what a crafted one does ends there."""

import asyncio
import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from linli.photos.workers import PhotoWorkers
from linli.web.problems import Problem
from tests.support.photos import corners, jpeg, many_scans
from tests.support.services import until


def slow() -> bytes:
    """Within all limits but that of time: two seconds of a quick processor for a few hundred kilobytes."""
    return many_scans(90, picture=Image.new("RGB", (8_000, 6_000), "teal"))


Children = Callable[[], set[str]]


@pytest.fixture
def children() -> Children:
    """The processes that this one has begun since, dead ones that nobody waited for included."""

    def now() -> set[str]:
        return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split())

    before = now()  # servers of other tests
    return lambda: now() - before


async def test_a_photo_is_developed_and_its_process_is_gone(children: Children) -> None:
    photo = await PhotoWorkers().develop(BytesIO(jpeg(corners())), "somebody")
    assert Image.open(BytesIO(photo.jpeg)).size == (photo.width, photo.height) == (64, 48)
    assert not children()


async def test_a_photo_that_takes_too_long_dies_alone_and_others_do_not_wait_for_it(children: Children) -> None:
    photo_workers, hostile = PhotoWorkers(seconds=1), slow()
    dying = [asyncio.create_task(photo_workers.develop(BytesIO(hostile), "hostile")) for _ in range(3)]
    await asyncio.sleep(0)
    for number in range(3):
        photo = await photo_workers.develop(BytesIO(jpeg(corners())), f"good {number}")
        assert photo.width == 64
    assert not dying[2].done()
    for outcome in await asyncio.gather(*dying, return_exceptions=True):
        assert isinstance(outcome, Problem)
        assert (outcome.status, outcome.slug) == (415, "not_a_photo")
    assert not children()


async def test_who_goes_takes_the_process_along(children: Children) -> None:
    going = asyncio.create_task(PhotoWorkers().develop(BytesIO(slow()), "somebody"))

    async def begun() -> bool:
        return bool(children())

    await until(begun)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert not children()


async def test_the_memory_of_a_photo_is_given_back() -> None:
    async def developed(photo_workers: PhotoWorkers, write: Callable[[BytesIO], None]) -> None:
        file = BytesIO()
        write(file)
        await photo_workers.develop(file, "somebody")

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")

    photo_workers = PhotoWorkers()
    large = Image.new("RGBA", (3_500, 3_500))
    await developed(photo_workers, lambda file: large.save(file, "WEBP", lossless=True, quality=0, method=0))
    before = resident()
    for _ in range(3):
        await developed(photo_workers, lambda file: large.save(file, "WEBP", lossless=True, quality=0, method=0))
    assert resident() < before + 60_000_000
