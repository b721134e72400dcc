"""Calls to intake and workflow, with the key of whoever asks the portal."""

from typing import Any

import httpx2

from linli.web.calls import trusted
from portal.settings import PortalSettings

PATIENCE = httpx2.Timeout(15.0, connect=3.0)
"""Longer than intake waits for its database, so that its own 503 arrives."""
LOOK = httpx2.Timeout(2.0)


class Services:
    """The two services that are asked. Whoever gets it closes it."""

    def __init__(self, intake_url: str, workflow_url: str) -> None:
        self._intake, self._workflow = _client(intake_url), _client(workflow_url)

    @classmethod
    def from_settings(cls, settings: PortalSettings) -> "Services":
        return cls(settings.intake_url, settings.workflow_url)

    async def close(self) -> None:
        await self._intake.aclose()
        await self._workflow.aclose()

    async def intake_away(self) -> str | None:
        return await _away(self._intake, "intake")

    async def workflow_away(self) -> str | None:
        return await _away(self._workflow, "workflow")


def _client(url: str) -> httpx2.AsyncClient:
    limits: Any = httpx2.Limits(max_connections=200, max_keepalive_connections=40)
    return httpx2.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits, trust_env=False, verify=trusted())


async def _away(client: httpx2.AsyncClient, name: str) -> str | None:
    """Why a service cannot be asked, in words; its own troubles are its own to tell."""
    try:
        answer = await client.get("/healthz", timeout=LOOK)
    except httpx2.HTTPError as error:
        return f"{name} does not answer: {type(error).__name__}"
    return None if answer.status_code == 200 else f"{name} answers {answer.status_code}"
