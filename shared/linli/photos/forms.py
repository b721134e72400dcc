"""Photos over HTTP: the form that they come in, and the answer that shows one."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Path, Request, Response
from starlette.datastructures import UploadFile
from starlette.types import Message, Receive

from linli.photos.workers import Photo, PhotoWorkers
from linli.security.auth import Gate
from linli.security.permissions import Role
from linli.security.principals import ANYBODY, Principal
from linli.storage.disk import Disk
from linli.web.localized import Localized
from linli.web.problems import Problem

Sha = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
"""A photo's SHA-256 in an address."""
MOST = 10
"""Photos in one form, and the fields beside them."""
MOST_BYTES = 42 * 1024 * 1024
"""Of one request: four photos of the largest size, or ten of the usual one."""
HELD = 2 * MOST_BYTES
"""Bytes of all forms that are being read or developed: in a container without a disk of its own they lie in memory."""
SHOWN_SAFELY = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def form_body(texts: Collection[str] = ()) -> dict[str, Any]:
    """The form for OpenAPI: files in `photo`, and the texts that may come with them."""
    photos = {"type": "array", "items": {"type": "string", "format": "binary"}}
    schema = {
        "type": "object",
        "required": ["photo"],
        "properties": {"photo": photos} | {name: {"type": "string"} for name in texts},
    }
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


class FormRoom:
    """Holds forms until their photos are developed, not more of them than there is room for."""

    def __init__(self, disk: Disk) -> None:
        self.photo_workers, self._disk = PhotoWorkers(), disk
        self._held: Counter[str] = Counter()

    async def received(
        self, request: Request, texts: Collection[str] = (), allowed: Callable[[int], Awaitable[None]] | None = None
    ) -> tuple[list[Photo], dict[str, str]]:
        """The developed photos of a form, and its texts. Raises `Problem` 413, 415, 422, 503, 507.

        Ask whether the caller may add any before this: it reads the body. `allowed` is asked once more, when it is
        known how many they are, and before the first one is developed.
        """
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise Problem("not_multipart", 415, "Photos come as multipart/form-data, in the field 'photo'.")
        await self._disk.has_room()
        owner = sender(request)
        with self._holding(owner) as hold:
            counted = Request(request.scope, _counted(request.receive, hold))
            async with counted.form(max_files=MOST, max_fields=MOST, max_part_size=16 * 1024) as form:
                uploads, fields = _parts(form.multi_items(), texts)
                if allowed is not None:
                    await allowed(len(uploads))
                return [await self.photo_workers.develop(upload.file, owner) for upload in uploads], fields

    @contextmanager
    def _holding(self, owner: str) -> Iterator[Callable[[int], None]]:
        mine = 0

        def hold(size: int) -> None:
            nonlocal mine
            if self._held.total() + size > HELD or self._held[owner] + size > MOST_BYTES:
                detail = "Too many photos are coming in at this moment. Send them again soon."
                raise Problem("photos_busy", 503, detail, retry_after=10, headers={"Connection": "close"})
            self._held[owner] += size
            mine += size

        try:
            yield hold
        finally:
            self._held[owner] -= mine
            if not self._held[owner]:
                del self._held[owner]


def sender(request: Request) -> str:
    """Who sends photos, for turns and allowances: a principal, or where a resident's request comes from."""
    gate: Gate = request.app.state.gate
    who: Principal = getattr(request.state, "principal", ANYBODY)
    return gate.origins.pseudonym(gate.origins.of(request)) if who.role is Role.RESIDENT else who.id


def _counted(receive: Receive, hold: Callable[[int], None]) -> Receive:
    async def counted() -> Message:
        message = await receive()
        hold(len(message.get("body", b"")))
        return message

    return counted


def _parts(
    items: list[tuple[str, UploadFile | str]], texts: Collection[str]
) -> tuple[list[UploadFile], dict[str, str]]:
    uploads = [field for name, field in items if name == "photo" and isinstance(field, UploadFile)]
    given = {name: field for name, field in items if name in texts and isinstance(field, str)}
    if not uploads or len(uploads) + len(given) != len(items):
        beside = Localized("and nothing else", "不要有别的内容")
        if texts:
            fields = ", ".join(texts)
            beside = Localized("and nothing beside them but {fields}", "此外只能有：{fields}", fields=fields)
        form = "There must be files in the field 'photo', {beside}."
        raise Problem("invalid", 422, Localized(form, "请在“photo”一栏放照片文件，{beside}。", beside=beside))
    return uploads, given


def shown(id: str, jpeg: bytes) -> Response:
    """A photo as an answer that a browser takes for nothing but a picture."""
    headers = SHOWN_SAFELY | {"Content-Disposition": f'inline; filename="{id}.jpg"'}
    return Response(jpeg, media_type="image/jpeg", headers=headers)


SHOWN: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}, "description": "The photo"}}
"""The answer for OpenAPI."""
