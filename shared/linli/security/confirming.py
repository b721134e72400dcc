"""Asks workflow whether an API key still counts, before personal data are given out.

Intake and notify know keys from a copy through Kafka: good enough to accept a submission while workflow is away, but
not to give somebody's number to a key that was just revoked or forged.
"""

import time

import httpx2
from pydantic import ValidationError

from linli.contracts.workflow.key import KeyPublished
from linli.web.calls import to_service
from linli.web.problems import Problem

GOOD_FOR = 1.0
"""Seconds that an answer counts: a page of photos asks once."""
NOT_FOUND = 404
MOST = 1_000


class Confirming:
    """Workflow's internal endpoint."""

    def __init__(self, workflow_url: str, service_key: str) -> None:
        self._client = to_service("workflow", workflow_url, service_key, httpx2.Timeout(5))
        self._known: dict[str, tuple[float, KeyPublished | None]] = {}

    async def find(self, id: str) -> KeyPublished | None:
        """The key as workflow has it now, None when it has none. Raises 503 when workflow does not say."""
        asked_at, known = self._known.get(id, (-GOOD_FOR, None))
        if time.monotonic() - asked_at < GOOD_FOR:
            return known
        found = await self._ask(id)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[id] = time.monotonic(), found
        return found

    async def _ask(self, id: str) -> KeyPublished | None:
        try:
            answer = await self._client.get(f"/internal/v1/keys/{id}")
            if answer.status_code == NOT_FOUND:
                return None
            answer.raise_for_status()
            return KeyPublished.model_validate_json(answer.content)
        except (httpx2.HTTPError, ValidationError) as error:
            detail = "Whether this key still counts only workflow can say, and it does not answer. Try again."
            raise Problem("key_not_confirmed", 503, detail, retry_after=5) from error

    async def close(self) -> None:
        await self._client.aclose()
