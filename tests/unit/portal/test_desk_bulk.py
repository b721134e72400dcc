"""A bulk whose key is revoked in the middle: what was done is told, and nothing is left on its way."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.desk.bulk import do, look

IDS = [f"c{n}" for n in range(20)]


class Workflow:
    """Takes the first calls, and refuses all that come after the key was revoked."""

    def __init__(self, revoked_after: int) -> None:
        self.asked, self.answered, self._left = 0, 0, revoked_after

    async def send(self, *_: Any, **__: Any) -> dict[str, Any]:
        self.asked += 1
        refused = self.asked > self._left
        for _step in range(1 if refused else 9):  # who is refused hears it first
            await asyncio.sleep(0)
        self.answered += 1
        if refused:
            raise Problem("unauthorised", 401, Localized("This key does not count.", "该密钥无效。"))
        return {}


def at_the_desk(workflow: Workflow) -> Any:
    return SimpleNamespace(services=workflow, caller=None)


async def test_what_was_done_before_the_key_was_revoked_is_told_case_by_case() -> None:
    results = await do(at_the_desk(Workflow(7)), "accept", {}, dict.fromkeys(IDS, 1), "k" * 32)
    assert [each.case for each in results] == IDS
    assert [each.done for each in results].count(True) == 7
    assert {each.reason for each in results if not each.done} == {"This key does not count."}


async def test_who_is_signed_out_while_looking_is_told_so_when_nothing_is_on_its_way() -> None:
    workflow = Workflow(7)
    with pytest.raises(Problem) as refused:
        await look(at_the_desk(workflow), "accept", {}, [{"id": id, "version": 1} for id in IDS])
    assert (refused.value.status, workflow.asked, workflow.answered) == (401, len(IDS), len(IDS))
