"""A running intake that knows the small community, seen by a resident and by an operator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

import httpx2
from PIL import Image

from intake.main import build, migrate
from intake.settings import IntakeSettings
from linli.application.service import Service
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.workflow.community import Community, CommunityPublished
from linli.storage import mongo
from tests.support.builders import NOON, community
from tests.support.services import running, until
from tests.support.topics import events_on, publish


@dataclass
class Reception:
    """`http` carries no key: it is a resident's."""

    http: httpx2.AsyncClient
    settings: IntakeSettings
    service: Service

    @property
    def operator(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings.secret('operator.key')}"}

    @property
    def service_key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings.secret('service.key')}"}

    async def submit(self, *, key: str | None = None, by: dict[str, str] | None = None, **said: Any) -> httpx2.Response:
        headers = {**(by or {}), **({"Idempotency-Key": key} if key else {})}
        return await self.http.post("/v1/submissions", json=report(**said), headers=headers)

    async def batch(self, *items: Any, key: str | None = None, by: dict[str, str] | None = None) -> httpx2.Response:
        headers = (by or self.operator) | ({"Idempotency-Key": key} if key else {})
        return await self.http.post("/v1/submissions:batch", json={"items": items}, headers=headers)

    async def accepted(self, **said: Any) -> dict[str, Any]:
        answer = await self.submit(**said)
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    async def stored(self) -> int:
        """How many submissions are on disk."""
        client = mongo.connect(self.settings)
        try:
            return await client[self.settings.database("intake")].submissions.count_documents({})
        finally:
            client.close()

    async def published(self) -> list[Envelope[Event]]:
        return list(await events_on(self.settings.kafka, self.settings.topic("intake")))

    async def load(self, loaded: Community, version: int = 1) -> None:
        """Publish a community's data, and wait until it is known here."""
        event = CommunityPublished(version=version, community=loaded)
        envelope: Envelope[Event] = Envelope("linli/workflow", loaded.id, version, NOON, loaded.id, event)
        await publish(self.settings.kafka, self.settings.topic("community"), envelope)

        async def known() -> bool:
            answer = await self.submit(community=loaded.id, neighbourhood="none-such")
            return slug(answer) in {"unknown_neighbourhood", "community_retired"}

        await until(known)


def report(**said: Any) -> dict[str, Any]:
    """The body of a submission."""
    return {"kind": "report", "title": "楼道灯坏了", **said}


def slug(answer: httpx2.Response) -> str:
    """What is wrong, from a problem document."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return str(answer.json()["type"]).removeprefix("urn:linli:problem:")


def picture(format: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """An image file."""
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, format, **options)
    return out.getvalue()


@asynccontextmanager
async def reception(settings: IntakeSettings, loaded: Community | None = None) -> AsyncIterator[Reception]:
    """Serve, with a community loaded."""
    service = build(settings)
    async with running(service, partial(migrate, settings)) as http:
        desk = Reception(http, settings, service)
        await desk.load(loaded or community())
        yield desk
