"""What everybody is shown is asked for once, however many look."""

import asyncio
from typing import Any

import pytest

from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.residents.public import Public


class Workflow:
    """Answers slowly, and counts."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = False

    async def read(self, path: str, *_: Any) -> dict[str, Any]:
        self.asked += 1
        await asyncio.sleep(0)
        if self.away:
            raise Problem("unavailable", 503, Localized("away", "不在"))
        return {"items": [path]}


async def test_a_crowd_asks_once_and_what_was_said_is_kept_for_a_while() -> None:
    workflow = Workflow()
    public = Public(workflow)  # type: ignore[arg-type]  # all that it asks of the services
    many = await asyncio.gather(*(public.communities() for _ in range(500)))
    assert many == [["/v1/services"]] * 500
    assert await public.communities() == ["/v1/services"]
    assert workflow.asked == 1
    await public.outages("test", "east")
    await public.outages("test", "west")
    assert workflow.asked == 3, "of another place it is another question"


async def test_a_fault_is_told_to_all_who_wait_and_not_kept() -> None:
    workflow = Workflow()
    public = Public(workflow)  # type: ignore[arg-type]  # as above
    workflow.away = True
    found = await asyncio.gather(*(public.communities() for _ in range(3)), return_exceptions=True)
    assert all(isinstance(each, Problem) for each in found)
    workflow.away = False
    assert await public.communities() == ["/v1/services"]
    with pytest.raises(Problem):
        workflow.away = True
        await public.places("test")
