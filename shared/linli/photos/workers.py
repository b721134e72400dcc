"""Photos from outside: each is re-encoded in a process of its own, so that a crash affects nothing else."""

import asyncio
import hashlib
from dataclasses import dataclass
from typing import IO, Any

import orjson
import structlog
from prometheus_client import Counter

from linli.confined.calling import Bounds, Died, NotBegun, answer
from linli.photos.limits import LARGE, MAX_BYTES, MB, SMALL, too_heavy
from linli.web.localized import Localized
from linli.web.problems import Problem
from linli.web.turns import Turns

log = structlog.get_logger()

DIED = Counter("linli_photos_died_total", "Photos whose process was ended at a limit, or ended itself", ["how"])

CPU_SECONDS, WALL_SECONDS = 10, 30.0
"""For one photo. The largest that are taken need two or three seconds of a processor."""
MEMORY = 300 * MB
"""For all that are developed at a time in this process's care: two small ones, or a large one."""
MOST_WAITING = 64
_MOST_OUT = 16 * MB


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept."""

    id: str
    """From the bytes that came in: the same photo sent twice has the same id."""
    jpeg: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """Of the JPEG as it is kept, in hex."""
        return hashlib.sha256(self.jpeg).hexdigest()


class PhotoWorkers:
    """Develops photos, few at a time; who sends many does not keep others waiting."""

    def __init__(self, seconds: int = CPU_SECONDS) -> None:
        """`seconds` of a processor are what a photo gets."""
        self._turns, self._seconds = Turns(MEMORY), seconds

    async def develop(self, source: IO[bytes], owner: str) -> Photo:
        """The photo in the file; `owner` names who sends it. Raises `Problem` 413, 415, 503."""
        if self._turns.waiting >= MOST_WAITING:
            raise _busy()
        photo_id, original = await asyncio.to_thread(_identified, source)
        said, jpeg = await self._run(original, owner, SMALL)
        if said.get("needs"):
            said, jpeg = await self._run(original, owner, LARGE)
        if refusal := said.get("problem"):
            detail = Localized(refusal["detail"], refusal["chinese"])
            raise Problem(refusal["slug"], refusal["status"], detail, **refusal["extra"])
        if not jpeg:  # it needs more than a large one has, though its header did not say so
            much = "The photo takes too much memory to open. Send it smaller, as JPEG."
            raise Problem("photo_too_large", 413, Localized(much, "打开这张照片需要的内存太多，请缩小并用 JPEG 发送。"))
        return Photo(photo_id, jpeg, said["width"], said["height"])

    async def preview(self, jpeg: bytes, owner: str) -> bytes:
        """A small, blurred picture of a photo that is kept. Raises `Problem` 503."""
        _, small = await self._run(jpeg, owner, SMALL, "preview")
        return small

    async def _run(self, original: bytes, owner: str, allowance: int, *how: str) -> tuple[dict[str, Any], bytes]:
        bounds = Bounds(allowance, self._seconds, WALL_SECONDS, _MOST_OUT)
        async with self._turns.of(owner, allowance):
            try:
                out = await answer("linli.photos.developing", original, bounds, how)
            except NotBegun as error:
                raise _busy() from error
            except Died as died:
                raise _died(died.how) from None
        head, _, jpeg = out.partition(b"\n")
        said: dict[str, Any] = orjson.loads(head)
        return said, jpeg


def _died(how: str) -> Problem:
    DIED.labels(how).inc()
    log.warning("photo_died", how=how)
    detail = "The file could not be opened as a photo in the time and memory that there is for one. Send another one."
    return Problem("not_a_photo", 415, Localized(detail, "在规定的时间和内存内打不开这个文件，请换一张照片。"))


def _busy() -> Problem:
    DIED.labels("too busy").inc()
    return Problem("photos_busy", 503, "Too many photos are being looked at. Send it again soon.", retry_after=10)


def identify(source: IO[bytes]) -> str:
    """The id of the photo in a file. Raises `Problem` 413."""
    return _identified(source)[0]


def _identified(source: IO[bytes]) -> tuple[str, bytes]:
    source.seek(0)
    original = source.read(MAX_BYTES + 1)
    if len(original) > MAX_BYTES:
        raise too_heavy()
    return hashlib.sha256(original).hexdigest()[:32], original
