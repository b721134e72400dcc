"""The portal beside a running system, and what programs ask of it."""

import io
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.support.builders import community
from tests.support.keys import key_for
from tests.support.servers import Servers
from tests.support.services import PATIENCE, until
from tests.support.system import PORTAL, System, system_on

LIFT = "facilities.lift"
WATER = "water"
HERE = {"lat": "36.105123", "long": "120.405123"}
"""In the east court of the small community."""
CATEGORIES = [
    {"id": "facilities", "name": "设施", "name_en": "Facilities"},
    {"id": LIFT, "name": "电梯", "name_en": "Lifts", "kinds": ["demand", "report"]},
    {"id": WATER, "name": "供水", "name_en": "Water"},
    {"id": "quarrel", "name": "邻里纠纷", "kinds": ["dispute"]},
]
RULE = {
    "id": "trapped",
    "name": "困人",
    "when": {"category": [LIFT], "attributes": {"trapped": True}},
    "role": "property",
    "accept_within": "30m",
    "resolve_within": "2h",
}


class Open311:
    """A program with its key, as it speaks to the portal."""

    def __init__(self, system: System, key: str) -> None:
        self.system, self.key = system, key
        self.url = f"{system.urls[PORTAL]}/open311/v2"
        self._http = httpx2.AsyncClient(timeout=PATIENCE)

    async def get(self, path: str, headers: dict[str, str] | None = None, **params: Any) -> httpx2.Response:
        """With the key, unless another is given; `api_key=None`: with none."""
        asked = {name: value for name, value in ({"api_key": self.key} | params).items() if value is not None}
        return await self._http.get(f"{self.url}/{path}", params=asked, headers=headers)

    async def read(self, path: str, **params: Any) -> Any:
        """What is in a JSON answer."""
        answer = await self.get(f"{path}.json", **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(
        self, path: str, form: dict[str, Any], files: Any = None, params: dict[str, Any] | None = None
    ) -> httpx2.Response:
        given = {name: value for name, value in ({"api_key": self.key} | form).items() if value is not None}
        return await self._http.post(f"{self.url}/{path}", data=given, files=files, params=params)

    async def send(self, path: str, body: bytes) -> httpx2.Response:
        """A form as somebody wrote it."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self._http.post(f"{self.url}/{path}", content=body, headers=headers)

    async def report(self, description: str = "电梯坏了，三天了", files: Any = None, **form: Any) -> str:
        """The id of a new request, once it is a case."""
        given = {"service_code": LIFT, "description": description, **HERE} | form
        answer = await self.post("requests.json", given, files)
        assert answer.status_code == 201, answer.text
        id: str = answer.json()[0]["service_request_id"]
        await self.dispatched(id)
        return id

    async def dispatched(self, id: str) -> dict[str, Any]:
        async def there() -> dict[str, Any] | None:
            case = await self.system.case(id)
            return case if case and case["state"] != "open" else None

        found: dict[str, Any] = await until(there)  # type: ignore[assignment]
        return found

    async def resolve(self, id: str, answer: str = "修好了") -> None:
        await self.system.act(id, "accept")
        await self.system.act(id, "resolve", message=answer)

    async def close(self) -> None:
        await self._http.aclose()


@asynccontextmanager
async def open311_on(servers: Servers, logs: Path, **environment: str) -> AsyncIterator[Open311]:
    """A system with the small community, its portal, and a program that submits for it."""
    async with system_on(servers, logs, **environment) as system:
        await system.load(categories=CATEGORIES, rules=[RULE, *rules()])
        system.launch(PORTAL)
        await system.ready(PORTAL)
        program = Open311(system, await program_key(system))
        try:
            yield program
        finally:
            await program.close()


def rules() -> list[dict[str, Any]]:
    """Those of the small community."""
    return [rule.model_dump(mode="json", exclude_defaults=True) for rule in community().rules]


async def program_key(system: System, **wanted: Any) -> str:
    """A key for a program of the small community, once intake knows it."""
    bound = {"channels": ["open311"], "communities": ["test"]} | wanted
    key: str = (await key_for(system, "service", **bound))["key"]
    headers = {"Authorization": f"Bearer {key}"}

    async def known() -> bool:
        answer = await system.resident.get(f"{system.urls['intake']}/v1/submissions/none-such", headers=headers)
        return answer.status_code != 401

    await until(known)
    return key


def tree(answer: httpx2.Response) -> ET.Element:
    """An XML answer."""
    return ET.fromstring(answer.text)  # noqa: S314 - our own


def texts(element: ET.Element, *path: str) -> Sequence[str]:
    """The texts of all elements at the end of a path."""
    return [each.text or "" for each in element.findall("/".join(path))]


def errors(answer: httpx2.Response) -> tuple[int, list[dict[str, Any]]]:
    return answer.status_code, answer.json()


def png() -> bytes:
    from PIL import Image  # noqa: PLC0415

    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(picture, "PNG")
    return picture.getvalue()
