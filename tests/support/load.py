"""Residents who keep submitting while something fails, a ledger of the answers, and what must hold after."""

import asyncio
from uuid import uuid4

import httpx2

from tests.support.patience import ONCE
from tests.support.services import until
from tests.support.system import System


class Load:
    """Residents who keep submitting, each with a key, and repeat what got no clear answer, as a client would."""

    def __init__(self, system: System, residents: int = 8) -> None:
        self._system = system
        self._over = asyncio.Event()
        self._tasks = [asyncio.create_task(self._submit(n)) for n in range(residents)]
        self.accepted: dict[str, str] = {}
        """The ledger: idempotency key → submission id, for each 201."""
        self.statuses: set[int] = set()

    async def _submit(self, resident: int) -> None:
        count = 0
        while not self._over.is_set():
            count += 1
            key = f"{resident}-{count}-{uuid4().hex}"
            while not await self._once(key, resident):
                if self._over.is_set():
                    return
                await asyncio.sleep(0.2)
            await asyncio.sleep(0.1)

    async def _once(self, key: str, resident: int) -> bool:
        try:
            answer = await self._system.submit(key, ONCE, kind="report", title=f"停水 {resident}", neighbourhood="east")
        except httpx2.TransportError:
            return False
        self.statuses.add(answer.status_code)
        if answer.status_code != 201:
            assert answer.status_code == 503, answer.text
            return False
        self.accepted[key] = answer.json()["id"]
        return True

    async def stop(self) -> dict[str, str]:
        self._over.set()
        await asyncio.gather(*self._tasks)
        return self.accepted


async def assert_exactly_once(system: System, accepted: dict[str, str]) -> None:
    """Every 201 is exactly one case with the history of a dispatched one, and there is no other case."""
    ids = list(accepted.values())
    assert len(ids) == len(set(ids)), "one key, one submission"
    assert len(ids) > 20, "the load was no load"

    async def all_there() -> bool:
        return bool((await system.get("workflow", "/v1/cases", count=True, limit=1))["total"] >= len(ids))

    await until(all_there)
    total = (await system.get("workflow", "/v1/cases", count=True, limit=1))["total"]
    for start in range(0, len(ids), 500):
        answer = await system.operator.post(
            f"{system.urls['workflow']}/v1/cases:lookup", json={"ids": ids[start : start + 500]}
        )
        found = answer.json()["found"]
        assert set(found) == set(ids[start : start + 500])
        assert set(found.values()) == {"dispatched"}
    for id in ids[:: max(1, len(ids) // 50)]:
        history = (await system.case(id) or {})["history"]
        assert [entry["sequence"] for entry in history] == [1, 2]
    assert total - len(ids) <= 8, "no more than what was in flight when the load ended"
    assert (await system.get("workflow", "/v1/parked"))["items"] == []


async def assert_all_told(system: System, accepted: dict[str, str]) -> None:
    """The party has one delivery for each dispatch, and each was made."""

    counts: dict[str, int] = {}

    async def none_due() -> bool:
        counts.clear()
        counts.update((await system.get("notify", "/v1/delivery-counts"))["by_channel"].get("email", {}))
        return counts.get("sent", 0) >= len(accepted) and not counts.get("due", 0)

    try:
        await until(none_due)
    except AssertionError as error:
        metrics = await system.resident.get(f"{system.urls['notify']}/metrics")
        raise AssertionError(f"{len(accepted)} accepted, deliveries {counts}\n{metrics.text}") from error
