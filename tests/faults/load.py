"""Residents who submit and operators who act, each request with a key, repeated until it has a clear answer."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import httpx2

from tests.faults.ledger import Entry, Ledger
from tests.support.patience import ONCE
from tests.support.system import System

STEPS = (
    ("accept", "linli.case.accepted.v1"),
    ("progress", "linli.case.progressed.v1"),
    ("resolve", "linli.case.resolved.v1"),
    ("reopen", "linli.case.reopened.v1"),
)
DOING = {"message": "正在处理"}
OPERATORS = 4
"""One alone falls behind sixteen residents, by minutes at the end."""
GIVEN_UP_AFTER = 10.0
"""Seconds at the end after which a case that is not there is not acted on: the comparison says what became of it."""


class Load:
    """Runs from when it is made until `stop`."""

    def __init__(self, system: System, ledger: Ledger, rng: Random, rate: float, residents: int = 16) -> None:
        """`rate` is in submissions a second, if they are taken."""
        self._system, self._ledger, self._rng = system, ledger, rng
        self._pause = residents / rate
        self.acts = True
        """Whether operators act on some of the cases."""
        self._over, self._going = asyncio.Event(), asyncio.Event()
        self._going.set()
        self._to_act: deque[str] = deque()
        self._residents = [asyncio.create_task(self._submit()) for _ in range(residents)]
        self._operators = [asyncio.create_task(self._operate()) for _ in range(OPERATORS)]

    async def stop(self) -> None:
        """Submit no more; what was begun is repeated until it is answered. Raises TimeoutError when nobody answers."""
        self._over.set()
        async with asyncio.timeout(90):
            await asyncio.gather(*self._residents, *self._operators)

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """For the block, nothing new is begun."""
        self._going.clear()
        try:
            yield
        finally:
            self._going.set()

    def abandon(self) -> None:
        """End at once, when nobody asks for the outcome any more."""
        for task in (*self._residents, *self._operators):
            task.cancel()

    def failed(self) -> bool:
        """Whether something was answered that no client should ever see."""
        return any(task.done() and task.exception() for task in (*self._residents, *self._operators))

    async def _submit(self) -> None:
        await asyncio.sleep(self._rng.uniform(0, self._pause))
        while not self._over.is_set():
            await self._going.wait()
            begun = time.monotonic()
            entry = self._ledger.ask(mail=self._rng.random() < 0.2)
            while not await self.tried(entry):
                await asyncio.sleep(0.1)
            chance = self._rng.random()
            if chance < 0.03:  # a client that did not hear the answer
                await self.tried(entry)
            elif self.acts and chance > 0.95:
                self._to_act.append(next(iter(entry.ids)))
            await asyncio.sleep(max(0.0, self._pause - (time.monotonic() - begun)))

    async def tried(self, entry: Entry) -> bool:
        """Whether it was answered with 201."""
        reporter = {"reporter": {"email": f"{entry.key}@linli.example"}} if entry.mail else {}
        try:
            answer = await self._system.submit(
                entry.key, ONCE, kind="report", title=f"停水 {entry.key}", neighbourhood="east", **reporter
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
        """Take each case that is to be acted on through all steps, also before anybody was told of it."""
        moved = time.monotonic()
        while not self._over.is_set() or (self._to_act and time.monotonic() < moved + GIVEN_UP_AFTER):
            if not self._to_act:
                await asyncio.sleep(0.2)
                moved = time.monotonic()
                continue
            case = self._to_act.popleft()
            for version, (action, type) in enumerate(STEPS, start=2):
                if not await self._act(case, action, version):
                    self._to_act.append(case)
                    await asyncio.sleep(0.2)
                    break
                self._ledger.acted.setdefault(case, []).append(type)
                moved = time.monotonic()

    async def _act(self, case: str, action: str, version: int) -> bool:
        """Until it is done; False when there is no such case yet. 409: the same, broken off before, is under way."""
        url = f"{self._system.urls['workflow']}/v1/cases/{case}:{action}"
        headers = {"If-Match": f'"{version}"', "Idempotency-Key": f"{case}-{action}"}
        while True:
            try:
                answer = await self._system.operator.post(url, json=DOING, headers=headers, extensions=ONCE)
            except httpx2.TransportError:
                pass
            else:
                self._ledger.statuses[answer.status_code] += 1
                if answer.status_code in (200, 404):
                    return answer.status_code == 200
                assert answer.status_code in (409, 503), answer.text
            await asyncio.sleep(0.2)
