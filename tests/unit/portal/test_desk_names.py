"""Names of a community's things: read once for a crowd, and nobody waits for a community that answers slowly."""

import asyncio
from collections import Counter
from types import SimpleNamespace
from typing import Any

from portal.desk.names import Communities

PERSON: Any = SimpleNamespace(session="s", may=lambda _: True)
CALLER: Any = None


class Workflow:
    """Two communities; the data of `slow` arrives when it is let go."""

    def __init__(self) -> None:
        self.asked = Counter[str]()
        self.begun, self.let_go = asyncio.Event(), asyncio.Event()

    async def read(self, path: str, *_: Any) -> dict[str, Any]:
        self.asked[path] += 1
        await asyncio.sleep(0)
        if path == "/v1/communities":
            return {"items": [{"id": id, "version": 1, "name": id} for id in ("quick", "slow")]}
        if path.endswith("slow"):
            self.begun.set()
            await self.let_go.wait()
        return {"name": path.rpartition("/")[2]}


async def test_who_asks_for_another_community_does_not_wait_and_a_crowd_reads_once() -> None:
    workflow = Workflow()
    communities = Communities(workflow)  # type: ignore[arg-type]  # all that it asks of the services
    waiting = [asyncio.create_task(communities.names("slow", PERSON, CALLER)) for _ in range(50)]
    await workflow.begun.wait()
    async with asyncio.timeout(5):
        assert (await communities.names("quick", PERSON, CALLER)).community == "quick"
        assert (await communities.names("quick", PERSON, CALLER)).community == "quick"
    workflow.let_go.set()
    assert {(await each).community for each in waiting} == {"slow"}
    assert (workflow.asked["/v1/communities/slow"], workflow.asked["/v1/communities/quick"]) == (1, 1)
