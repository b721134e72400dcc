"""Households that answer a round: one answer each, however often it is sent."""

import asyncio
from random import Random

from tests.faults.affairs.asking import Clients, expected
from tests.faults.affairs.ledger import Household
from tests.faults.affairs.staging import Stage
from tests.faults.ledger import new_key

AT_ONCE = 50
"""Repeats of one answer."""
LETTERS = 40
"""That are made at a time."""


class Answering:
    """Letters are made as they are needed."""

    def __init__(self, stage: Stage, clients: Clients, rng: Random) -> None:
        self._stage, self._ledger, self._clients, self._rng = stage, stage.ledger, clients, rng
        self._with_letter: list[Household] = []
        self._letters = 0
        self._inviting = asyncio.Lock()

    async def one(self) -> None:
        """The next household; some send the same fifty times at once."""
        household = await self._next_household()
        said = [{"question": "first", "chosen": ["lift"]}, {"question": "else", "text": household.text}]
        body = {"digest": self._stage.asking.digest, "answers": said}

        async def sent() -> None:
            answer = await self._clients.answered(f"/v1/answers/{household.code}", body, staff=False)
            expected(answer, 201)
            self._ledger.took(household)

        times = AT_ONCE if self._rng.random() < 0.03 else 1
        await asyncio.gather(*(sent() for _ in range(times)))

    async def _next_household(self) -> Household:
        async with self._inviting:
            if not self._with_letter:
                building = f"b{self._letters // LETTERS % 7}"
                doors = [f"{self._letters + at}室" for at in range(LETTERS)]
                self._letters += LETTERS
                path = f"{self._stage.asking.path}/households:invite"
                answer = await self._clients.answered(path, {"building": building, "doors": doors})
                for letter in expected(answer, 200).json():
                    household = Household(
                        self._stage.asking.id, letter["household"], building, letter["code"], f"要 {new_key()}"
                    )
                    self._ledger.households[household.story] = household
                    self._with_letter.append(household)
        return self._with_letter.pop()
