"""Asks workflow which cases have ended, and when: only it knows, and nothing of an open one may go."""

from collections.abc import Sequence
from datetime import datetime

import httpx2
from pydantic import TypeAdapter, ValidationError

from linli.privacy.retention import Unanswered
from linli.web.calls import to_service

_MOMENTS = TypeAdapter(dict[str, datetime])


class EndedCases:
    """Workflow's internal endpoint."""

    def __init__(self, workflow_url: str, service_key: str) -> None:
        self._client = to_service("workflow", workflow_url, service_key, httpx2.Timeout(10))

    async def of(self, submissions: Sequence[str]) -> dict[str, datetime]:
        """Submission id → when its case ended. Raises `Unanswered` when workflow does not say."""
        try:
            answer = await self._client.post("/internal/v1/cases:ended", json={"ids": list(submissions)})
            answer.raise_for_status()
            return _MOMENTS.validate_python(answer.json()["ended"])
        except (httpx2.HTTPError, ValidationError, ValueError, KeyError) as error:
            raise Unanswered(f"workflow_away: {type(error).__name__}") from error

    async def close(self) -> None:
        await self._client.aclose()
