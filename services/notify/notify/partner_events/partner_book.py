"""Asks workflow who the partners are, and which of them leave orders unanswered."""

from collections.abc import Mapping
from datetime import datetime

import httpx2
from pydantic import BaseModel, ConfigDict, ValidationError

from linli.web.calls import to_service


class Watched(BaseModel):
    """A partner; tolerant, for workflow may know more."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    community: str
    party: str
    unanswered: int
    oldest_due: datetime | None


class _Answer(BaseModel):
    items: list[Watched]


class PartnersUnavailable(Exception):
    """Workflow does not answer, or not as agreed."""


class PartnerBook:
    """Workflow's internal endpoint."""

    def __init__(self, workflow_url: str, service_key: str) -> None:
        self._client = to_service("workflow", workflow_url, service_key, httpx2.Timeout(5))

    async def all(self) -> Mapping[str, Watched]:
        """By `<community>/<party>`. Raises `PartnersUnavailable`."""
        try:
            answer = await self._client.get("/internal/v1/partners")
            answer.raise_for_status()
            found = _Answer.model_validate(answer.json()).items
        except (httpx2.HTTPError, ValidationError, ValueError) as error:
            raise PartnersUnavailable(type(error).__name__) from error
        return {f"{each.community}/{each.party}": each for each in found}

    async def close(self) -> None:
        await self._client.aclose()
