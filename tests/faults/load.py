"""Residents who submit and operators who act, each request with a key, repeated until it has a clear answer."""

import asyncio
import time
from random import Random

import httpx2

from tests.faults.ledger import Entry, Ledger
from tests.support.system import System

STEPS = (("accept", "linli.case.accepted.v1"), ("progress", "linli.case.progressed.v1"))


class Load:
    """Runs from when it is made until `stop`."""

    def __init__(self, system: System, ledger: Ledger, rng: Random, rate: float, residents: int = 16) -> None:
        self._system, self._ledger, self._rng = system, ledger, rng
        self._pause = residents / rate
        self._over = asyncio.Event()
        self._to_act: asyncio.Queue[str] = asyncio.Queue()
        self._residents = [asyncio.create_task(self._submit()) for _ in range(residents)]
        self._operator = asyncio.create_task(self._operate())

    async def stop(self) -> None:
        """Submit no more; what was begun is repeated until it is answered."""
        self._over.set()
        await asyncio.gather(*self._residents)
        await asyncio.gather(self._operator)

    def failed(self) -> bool:
        """Whether something was answered that no client should ever see."""
        return any(task.done() and task.exception() for task in (*self._residents, self._operator))

    async def _submit(self) -> None:
        await asyncio.sleep(self._rng.uniform(0, self._pause))
        while not self._over.is_set():
            begun = time.monotonic()
            entry = self._ledger.ask(mail=self._rng.random() < 0.2)
            while not await self._try(entry):
                await asyncio.sleep(0.1)
            chance = self._rng.random()
            if chance < 0.03:  # a client that did not hear the answer
                await self._try(entry)
            elif chance > 0.95:
                self._to_act.put_nowait(next(iter(entry.ids)))
            await asyncio.sleep(max(0.0, self._pause - (time.monotonic() - begun)))

    async def _try(self, entry: Entry) -> bool:
        reporter = {"reporter": {"email": "resident@linli.example"}} if entry.mail else {}
        try:
            answer = await self._system.submit(
                entry.key, kind="report", title=f"停水 {entry.key}", neighbourhood="east", **reporter
            )
        except httpx2.TransportError:
            return False
        self._ledger.statuses[answer.status_code] += 1
        if answer.status_code == 201:
            self._ledger.answered(entry, answer.json()["id"])
        else:
            assert answer.status_code == 503, answer.text
        return answer.status_code == 201

    async def _operate(self) -> None:
        """Accept a case and tell of progress, as versions 3 and 4 of it."""
        while not (self._over.is_set() and self._to_act.empty()):
            try:
                async with asyncio.timeout(0.5):
                    case = await self._to_act.get()
            except TimeoutError:
                continue
            for version, (action, type) in enumerate(STEPS, start=2):
                if not await self._act(case, action, version):
                    break
                self._ledger.acted.setdefault(case, []).append(type)

    async def _act(self, case: str, action: str, version: int) -> bool:
        """Whether it was done; a case that a running workflow does not find for 15 s is for the checker to miss."""
        url = f"{self._system.urls['workflow']}/v1/cases/{case}:{action}"
        headers = {"If-Match": f'"{version}"', "Idempotency-Key": f"{case}-{action}"}
        missed = 0
        while missed < 75:
            try:
                answer = await self._system.operator.post(url, json={}, headers=headers)
            except httpx2.TransportError:
                pass
            else:
                if answer.status_code == 200:
                    return True
                assert answer.status_code in (404, 409, 412, 503), answer.text
                missed += answer.status_code != 503
            await asyncio.sleep(0.2)
        return False
