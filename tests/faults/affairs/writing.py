"""A site that is written up: rounds, defects, hidden work, each record with its key and by whose part it is."""

import asyncio
from random import Random
from typing import Any

from tests.faults.affairs.asking import Clients, expected
from tests.faults.affairs.ledger import Entry
from tests.faults.affairs.staging import Stage, package_of, photo_form
from tests.faults.ledger import new_key

RECORDS = 60
"""Of a package, before the next one is opened: its state grows with each."""


class Writing:
    """One who writes, with a package of their own."""

    def __init__(self, stage: Stage, clients: Clients, rng: Random) -> None:
        self._stage, self._ledger, self._clients, self._rng = stage, stage.ledger, clients, rng
        self._package, self._photo, self._records = "", "", RECORDS

    async def one(self) -> None:
        """A record of a site, with its key; one in ten is sent again although it was answered."""
        if self._records >= RECORDS:
            await self._open()
        self._records += 1
        entry = Entry(self._package, new_key())
        self._ledger.entries.append(entry)
        steps: list[tuple[str, str, dict[str, Any]]] = [
            ("supervisor", "record_round", {"round_id": entry.name, "kind": "supervisor", "photos": [self._photo]}),
            ("builder", "report_defect", {"defect_id": entry.name, "what": "地面有裂缝", "photos": [self._photo]}),
            ("builder", "notify_hidden_work", {"hidden_id": entry.name, "what": "接地线"}),
        ]
        role, verb, body = self._rng.choice(steps)
        headers = {**self._stage.keys[role], "Idempotency-Key": f"works-{entry.name}"}
        path = f"/v1/works/{entry.package}:{verb}"
        answers = [await self._clients.answered(path, body, headers=headers)]
        expected(answers[0], 200)
        self._ledger.took(entry)
        if self._rng.random() < 0.1:
            again = (self._clients.answered(path, body, headers=headers) for _ in range(3))
            answers += await asyncio.gather(*again)
        assert len({expected(each, 200).text for each in answers}) == 1, "a repetition was answered otherwise"

    async def _open(self) -> None:
        """A new package of the plan's item, with a photo of it."""
        key = new_key()
        headers = {"Idempotency-Key": key}
        answer = await self._clients.answered("/v1/works", package_of(self._stage, key), headers=headers)
        package = expected(answer, 201).json()["id"]
        self._ledger.opened.add(package)
        now = (await self._clients.answered("/v1/clock:ahead", {"seconds": 0})).json()["now"]
        form = photo_form(now) | {"headers": self._stage.keys["builder"]}
        kept = expected(await self._clients.answered(f"/v1/works/{package}/photos", **form), 201)
        self._package, self._photo, self._records = package, kept.json()["photos"][0]["sha256"], 0
