"""What comes in: parameters of the address, of a form, and files; clients use all three, and mix them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import UploadFile

from portal.open311 import times
from portal.open311.errors import bad, missing
from portal.room import Room

MOST_FIELDS = 200
MOST_FILES = 10
MOST_OF_A_FIELD = 128 * 1024
"""Bytes as they come in: a letter may take twelve."""
MOST_FORMS = 4
"""With files, at the same time: each may hold as much as one request may."""
SHARE = 3
"""Of these, from one address: a program that sends for many has one."""
MOST_OF_A_FORM = 1024 * 1024
"""Bytes, where it has no files."""
_LIMITS: Any = {"max_files": MOST_FILES, "max_fields": MOST_FIELDS, "max_part_size": MOST_OF_A_FIELD}
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,100})\](?:\[\w*\])?")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a request says. Of what is said twice, the first that is not empty counts, where one is wanted."""

    pairs: tuple[tuple[str, str], ...]
    files: tuple[UploadFile, ...] = ()

    def get(self, name: str) -> str | None:
        """A parameter without white space around it; None where it is empty or not there."""
        return next((text for key, value in self.pairs if key == name and (text := value.strip())), None)

    def needed(self, name: str) -> str:
        """The same. Raises 400 where it is not there."""
        if (value := self.get(name)) is None:
            raise missing(name)
        return value

    def all(self, name: str) -> list[str]:
        """Every value of a parameter, also of `name[]`."""
        return [text for key, value in self.pairs if key in {name, f"{name}[]"} and (text := value.strip())]

    def listed(self, name: str) -> list[str]:
        """The values of a parameter that has commas between them."""
        return [part for value in self.all(name) for each in value.split(",") if (part := each.strip())]

    def attributes(self) -> dict[str, list[str]]:
        """`attribute[code]`, repeated or as `attribute[code][]`: code → values."""
        found: dict[str, list[str]] = {}
        for key, value in self.pairs:
            if (match := _ATTRIBUTE.fullmatch(key)) and (text := value.strip()):
                found.setdefault(match[1], []).append(text)
        return found

    def time(self, name: str) -> datetime | None:
        """Raises 400 for what is none."""
        if (text := self.get(name)) is None:
            return None
        try:
            return times.read(text)
        except ValueError:
            raise bad(
                "{name} is no time like 2026-11-29T08:00:00Z.",
                "{name} 不是 2026-11-29T08:00:00Z 这样的时间。",
                name=name,
            ) from None

    def degrees(self, name: str, most: float) -> float | None:
        """Raises 400 for what is none."""
        if (text := self.get(name)) is None:
            return None
        try:
            value = float(text)
        except ValueError:
            value = most + 1
        if not -most <= value <= most:
            raise bad("{name} is no number of degrees.", "{name} 不是经纬度。", name=name)
        return value

    def count(self, name: str, otherwise: int, most: int) -> int:
        """A whole number from 1; more than the most is the most. Raises 400 for what is none."""
        if (text := self.get(name)) is None:
            return otherwise
        if not text.isdecimal() or len(text) > 9 or int(text) < 1:
            raise bad("{name} is no number from 1.", "{name} 不是从 1 开始的数字。", name=name)
        return min(int(text), most)


def of_address(request: Request) -> Parameters:
    """Of a request without a body."""
    return Parameters(tuple(request.query_params.multi_items()))


class Forms:
    """Reads forms; of those with files no more at once than there is room for."""

    def __init__(self) -> None:
        self._room = Room(MOST_FORMS, SHARE)

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncIterator[Parameters]:
        """The parameters of a form and of its address. Raises 400 for another body, 503 when too many come in."""
        asked = request.query_params.multi_items()
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _FORMS:
            async for chunk in request.stream():
                if chunk:
                    raise bad("The body is no form.", "请求内容不是表单。")
            yield Parameters(tuple(asked))
            return
        if kind == _FORMS[0]:
            yield Parameters((*await _plain(request), *asked))
            return
        async with self._room.held(request):
            form = await request.form(**_LIMITS)
        try:
            items = form.multi_items()
            files = tuple(value for _, value in items if isinstance(value, UploadFile) and value.size)
            texts = [(name, value) for name, value in items if isinstance(value, str)]
            yield Parameters((*texts, *asked), files)
        finally:
            await form.close()


async def _plain(request: Request) -> list[tuple[str, str]]:
    """The fields of a form without files, also where its letters came as they are and not as `%E7…`. Raises 400."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_OF_A_FORM:
            raise bad("The form is too large.", "表单内容太多。")
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:  # too many fields, or no UTF-8
        raise bad("The form cannot be read.", "表单无法读取。") from None
