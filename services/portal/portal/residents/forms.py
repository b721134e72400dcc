"""Forms with photos, as a browser sends them without any script of ours."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from linli.web.edge import BODY, Body
from portal.room import Room

MOST_BYTES = 42 * 1024 * 1024
"""As many as intake takes of photos at once."""
MOST_WORDS = 256 * 1024
"""Bytes of a form without photos, which is held in memory whole."""
MOST_AT_ONCE = 6
"""Forms with photos that are read at the same time: each may hold as much as one request may."""
SHARE = 2
"""Of these, from one address."""
FIELDS = 60
_LIMITS: Any = {"max_files": 10, "max_part_size": 128 * 1024}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form said. Of what it says twice the last that is not empty counts: a button after the field."""

    fields: Mapping[str, str]
    files: tuple[UploadFile, ...]

    @classmethod
    def of(cls, form: FormData) -> "Sent":
        items = form.multi_items()
        files = tuple(value for _, value in items if isinstance(value, UploadFile) and value.size)
        # A page counts a line break as one character and sends two.
        texts = ((name, value) for name, value in items if isinstance(value, str))
        said = ((name, value.replace("\r\n", "\n").strip()) for name, value in texts)
        return cls({name: value for name, value in said if value}, files)

    def get(self, name: str) -> str | None:
        """A field without white space around it; None where it is empty or not there."""
        return self.fields.get(name) or None


class PhotoForms:
    """Reads them; of those with photos no more at once than there is room for."""

    def __init__(self) -> None:
        self._room = Room(MOST_AT_ONCE, SHARE)

    @asynccontextmanager
    async def read(self, request: Request, fields: int = FIELDS) -> AsyncIterator[Sent]:
        """Raises 503 when too many come in, 413 for more than a form without photos may have."""
        form = await self._form(request, fields)
        try:
            yield Sent.of(form)
        finally:
            await form.close()

    async def _form(self, request: Request, fields: int) -> FormData:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
            body: Body = request.scope[BODY]
            await body.allow(MOST_WORDS)
            return await request.form(max_fields=fields, **_LIMITS)
        async with self._room.held(request):
            return await request.form(max_fields=fields, **_LIMITS)
