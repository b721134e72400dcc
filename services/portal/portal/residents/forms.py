"""Forms with photos, as a browser sends them without any script of ours."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile

from portal.services import unavailable

MOST_BYTES = 42 * 1024 * 1024
"""As many as intake takes of photos at once."""
MOST_AT_ONCE = 6
"""Forms with files that are read at the same time: each may hold as much as one request may."""
_LIMITS: Any = {"max_files": 10, "max_fields": 60, "max_part_size": 128 * 1024}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form said. Of what it says twice the last that is not empty counts: a button after the field."""

    fields: Mapping[str, str]
    files: tuple[UploadFile, ...]

    def get(self, name: str) -> str | None:
        """A field without white space around it; None where it is empty or not there."""
        return self.fields.get(name) or None


class PhotoForms:
    """Reads them, no more at once than there is room for."""

    def __init__(self) -> None:
        self._open = 0

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncIterator[Sent]:
        """Raises 503 when too many come in."""
        if self._open >= MOST_AT_ONCE:
            raise unavailable()
        self._open += 1
        try:
            async with request.form(**_LIMITS) as form:
                items = form.multi_items()
                files = tuple(value for _, value in items if isinstance(value, UploadFile) and value.size)
                # A page counts a line break as one character and sends two.
                texts = ((name, value) for name, value in items if isinstance(value, str))
                said = ((name, value.replace("\r\n", "\n").strip()) for name, value in texts)
                yield Sent({name: value for name, value in said if value}, files)
        finally:
            self._open -= 1
