"""One request until it has a clear answer."""

import asyncio
from collections import Counter
from typing import Any

import httpx2

from tests.faults.affairs.staging import Stage
from tests.support.patience import ONCE

UNCLEAR = {503, 507}
"""The service says so itself: nothing was done, or nobody knows."""
IN_FLIGHT = "urn:linli:problem:request_in_flight"


class Clients:
    """Residents and staff of one stage, who try again."""

    def __init__(self, stage: Stage, statuses: Counter[int]) -> None:
        self._stage, self._statuses = stage, statuses

    async def answered(self, path: str, body: Any = None, *, staff: bool = True, **options: Any) -> httpx2.Response:
        """What was answered in the end, which is neither an outage nor the same request still under way."""
        system = self._stage.affairs.system
        client = system.operator if staff else system.resident
        while True:
            try:
                answer = await client.post(f"{self._stage.affairs.url}{path}", json=body, extensions=ONCE, **options)
            except httpx2.TransportError:
                pass
            else:
                self._statuses[answer.status_code] += 1
                in_flight = answer.status_code == 409 and answer.json().get("type") == IN_FLIGHT
                if answer.status_code not in UNCLEAR and not in_flight:
                    return answer
            await asyncio.sleep(0.1)


def expected(answer: httpx2.Response, status: int) -> httpx2.Response:
    """What no client should ever see is a fault."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    return answer
