"""Owners who vote: by code, on paper, both at once, fifty times at once, and again when they have voted."""

import asyncio
from datetime import datetime
from random import Random
from typing import Any

from tests.faults.affairs.asking import Clients, expected
from tests.faults.affairs.ledger import Choices, Owner, choices_of
from tests.faults.affairs.staging import Stage
from tests.faults.ledger import new_key
from tests.support.affairs import SCAN

AT_ONCE = 50
"""Repeats of one ballot."""
PAPERS = 40
"""That are made at a time."""


class Voting:
    """Each owner gets a paper and votes once, however often they try."""

    def __init__(self, stage: Stage, clients: Clients, rng: Random) -> None:
        self._stage, self._ledger, self._clients, self._rng = stage, stage.ledger, clients, rng
        rng.shuffle(stage.to_vote)
        self._with_paper: list[Owner] = []
        self._printing = asyncio.Lock()

    async def one(self) -> None:
        """The next owner, in one of the ways."""
        owner = await self._next_owner()
        if owner is None:  # all have voted: one of them once more
            owner = self._rng.choice(list(self._ledger.owners.values()))
            return await self._again(owner)
        chance = self._rng.random()
        if chance < 0.06:
            await self._fifty(owner, keyed=chance < 0.03)
        elif chance < 0.2:
            await asyncio.gather(self._by_code(owner, self._mark()), self._on_paper(owner, self._mark()))
        elif chance < 0.4:
            await self._on_paper(owner, self._mark())
        else:
            await self._by_code(owner, self._mark())
        if chance > 0.9:
            await self._again(owner)
        return None

    async def _next_owner(self) -> Owner | None:
        async with self._printing:
            if not self._with_paper and (waiting := self._stage.to_vote):
                await self._print([each for each in waiting if each.vote == waiting[0].vote][:PAPERS])
        return self._with_paper.pop() if self._with_paper else None

    async def _print(self, owners: list[Owner]) -> None:
        """Papers of one vote. An answer that got lost is asked for anew: codes that nobody has heard are worthless."""
        path, body = f"/v1/votes/{owners[0].vote}/ballots:deliver", {"owners": [each.owner for each in owners]}
        answer = expected(await self._clients.answered(path, body), 200)
        by_owner = {each.owner: each for each in owners}
        for paper in answer.json():
            owner = by_owner[paper["owner"]]
            owner.code = paper["code"]
            self._ledger.owners[owner.story] = owner
        self._with_paper += owners
        self._stage.to_vote = [each for each in self._stage.to_vote if each.story not in self._ledger.owners]

    def _mark(self) -> dict[str, str]:
        marks = ("approve", "oppose", "abstain")
        return {matter: self._rng.choice(marks) for matter in "ab" if self._rng.random() < 0.9} or {"a": "approve"}

    async def _by_code(self, owner: Owner, marked: dict[str, str], key: str | None = "") -> bool:
        """Whether it was taken; if not, the owner has voted otherwise."""
        headers = {"Idempotency-Key": key or f"{new_key()}"} if key is not None else {}
        path, body = f"/v1/ballots/{owner.code}", {"choices": marked}
        return await self._handed_in(owner, choices_of(marked), path, body, staff=False, headers=headers)

    async def _on_paper(self, owner: Owner, marked: dict[str, str]) -> bool:
        now = datetime.fromisoformat((await self._clients.answered("/v1/clock:ahead", {"seconds": 0})).json()["now"])
        body = {"owner": owner.owner, "choices": marked, "received_at": now.isoformat(), "scan": SCAN}
        path, headers = f"/v1/votes/{owner.vote}/ballots", {"Idempotency-Key": new_key()}
        return await self._handed_in(owner, choices_of(marked), path, body, staff=True, headers=headers)

    async def _fifty(self, owner: Owner, *, keyed: bool) -> None:
        """The same ballot fifty times at once: with one key the same receipt for all, without a key for one."""
        marked, key = self._mark(), new_key() if keyed else None
        taken = await asyncio.gather(*(self._by_code(owner, marked, key) for _ in range(AT_ONCE)))
        if keyed:
            assert all(taken), "the same request with the same key was refused"
        else:
            assert sum(taken) <= 1, f"{sum(taken)} of fifty ballots were taken"

    async def _again(self, owner: Owner) -> None:
        await self._by_code(owner, self._mark())

    async def _handed_in(self, owner: Owner, choices: Choices, path: str, body: Any, **options: Any) -> bool:
        owner.offered.add(choices)
        answer = await self._clients.answered(path, body, **options)
        if answer.status_code == 409:
            assert answer.json()["reason"] == "has-voted", answer.text
            return False
        self._ledger.receipt(owner, expected(answer, 201).json()["ballot"], choices)
        return True
