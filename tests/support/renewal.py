"""The story of a renewal, played on a system of the tests."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx2

from tests.support.site import a_photo
from tests.support.system import System


class Speaking:
    """Asks a system's services (`linli_cli.demo.renewal.stage.Speaker`)."""

    def __init__(self, system: System) -> None:
        self._system = system

    async def get(self, service: Any, path: str, *, operator: bool = True, **params: Any) -> Any:
        given = {name: value for name, value in params.items() if value is not None}
        return _json(await self._client(operator).get(self._url(service, path), params=given))

    async def knows(self, service: Any, headers: Mapping[str, str]) -> bool:
        answer = await self._system.resident.get(self._url(service, "/v1/whoami"), headers=headers)
        return bool(answer.status_code == 200)

    async def post(
        self,
        service: Any,
        path: str,
        body: Any = None,
        *,
        operator: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        client = self._client(operator and headers is None)
        return _json(await client.post(self._url(service, path), json=body, headers=headers))

    async def refused(
        self,
        service: Any,
        path: str,
        body: Any = None,
        *,
        operator: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        client = self._client(operator and headers is None)
        answer = await client.post(self._url(service, path), json=body, headers=headers)
        assert answer.status_code in {409, 422}, f"{path}: {answer.status_code} {answer.text}"
        return str(answer.json()["reason"])

    async def photo(self, service: Any, path: str, taken_at: datetime, headers: Mapping[str, str]) -> str:
        sent = await self._system.resident.post(
            self._url(service, path),
            files=[("photo", ("IMG_1.jpg", a_photo(), "image/jpeg"))],
            data={"taken_at": taken_at.isoformat(), "lon": "120.404", "lat": "36.132"},
            headers=headers,
        )
        [kept] = _json(sent)["photos"]
        return str(kept["sha256"])

    def _client(self, operator: bool) -> httpx2.AsyncClient:
        return self._system.operator if operator else self._system.resident

    def _url(self, service: str, path: str) -> str:
        return self._system.urls[service] + path


def _json(answer: httpx2.Response) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json()
