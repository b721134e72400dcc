"""Asks a running system's services, as the story wants them asked."""

import io
import random
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx2

from linli_cli.connection.client import ApiError, Client

REFUSED = frozenset({409, 422})


class Speaking:
    """The command line's client, as the story asks."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def get(self, service: Any, path: str, *, operator: bool = True, **params: Any) -> Any:
        return await self._client.get(service, path, operator=operator, **params)

    async def knows(self, service: Any, headers: Mapping[str, str]) -> bool:
        try:
            await self._client.send(service, "GET", "/v1/whoami", operator=False, headers=dict(headers))
        except ApiError:
            return False
        return True

    async def post(
        self,
        service: Any,
        path: str,
        body: Any = None,
        *,
        operator: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        return await self._client.post(service, path, body, operator=operator and headers is None, headers=headers)

    async def refused(
        self,
        service: Any,
        path: str,
        body: Any = None,
        *,
        operator: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        try:
            await self.post(service, path, body, operator=operator, headers=headers)
        except ApiError as error:
            if error.status in REFUSED:
                return str(error.document.get("reason"))
            raise
        return "taken"

    async def photo(self, service: Any, path: str, taken_at: datetime, headers: Mapping[str, str]) -> str:
        sent: httpx2.Response = await self._client.send(
            service,
            "POST",
            path,
            operator=False,
            headers=dict(headers),
            files=[("photo", ("site.jpg", _picture(), "image/jpeg"))],
            data={"taken_at": taken_at.isoformat(), "lon": "120.404", "lat": "36.132"},
        )
        [kept] = sent.json()["photos"]
        return str(kept["sha256"])


def _picture() -> bytes:
    """A picture of its own: coloured squares, as no two are alike."""
    from PIL import Image  # noqa: PLC0415 - with the embedded stack, whose intake has it

    shades = random.Random()  # noqa: S311 - no secret
    picture = Image.new("RGB", (64, 48))
    for left in range(0, 64, 16):
        for top in range(0, 48, 16):
            picture.paste(tuple(shades.randrange(256) for _ in range(3)), (left, top, left + 16, top + 16))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()
