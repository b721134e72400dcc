"""Many cases at once: chosen, looked at, done, each with its outcome; and undone."""

import asyncio
import re

import httpx2
import pytest

from tests.support.desk import hidden, reported
from tests.support.portal import Visitor
from tests.support.system import System


@pytest.fixture(autouse=True)
async def loaded(system: System) -> None:
    await system.load()


async def bulk(clerk: Visitor, action: str, page: str, step: str, **fields: str) -> httpx2.Response:
    """Send the bulk's form as the page has it."""
    data = {name: values for name, values in hidden(page).items() if name in {"csrf", "key", "id", "go"}}
    data["csrf"] = data["csrf"][:1]
    ours = {"Origin": clerk.url, "Sec-Fetch-Site": "same-origin"}
    return await clerk.http.post(f"/desk/bulk/{action}", data={**data, "step": step, **fields}, headers=ours)


async def done(clerk: Visitor, action: str, ids: list[str], **fields: str) -> str:
    """Choose, look, do; the page with what became of each."""
    query = "&".join(f"id={id}" for id in ids)
    looked = await bulk(clerk, action, await clerk.page(f"/desk/bulk?action={action}&{query}"), "look", **fields)
    assert looked.status_code == 200, looked.text
    answer = await bulk(clerk, action, looked.text, "do", **fields)
    assert answer.status_code == 303, answer.text
    return await clerk.page(answer.headers["Location"])


async def states(system: System, ids: list[str]) -> list[str]:
    cases = await asyncio.gather(*(system.case(id) for id in ids))
    return [case["state"] for case in cases if case]


async def test_fifty_are_done_at_once_after_a_look_and_a_refusal_has_its_reason(
    system: System, operator: Visitor
) -> None:
    ids = list(await asyncio.gather(*(reported(system, f"电梯 {n}") for n in range(50))))
    await system.act(ids[0], "accept")
    page = await operator.page("/desk/bulk?action=accept&" + "&".join(f"id={id}" for id in ids))
    looked = await bulk(operator, "accept", page, "look")
    assert "Possible with 49 cases." in looked.text
    assert "1 would be refused" in looked.text
    assert "cannot be changed by" in looked.text
    assert await states(system, ids[1:]) == ["dispatched"] * 49, "nothing was done"
    await system.act(ids[1], "note", message="同事刚写的")
    first = await bulk(operator, "accept", looked.text, "do")
    second = await bulk(operator, "accept", looked.text, "do")
    assert first.headers["Location"] == second.headers["Location"]
    result = await operator.page(first.headers["Location"])
    assert "Done with 48 of 49 cases." in result
    assert "at version" in result, "the one that was changed meanwhile is refused, not overwritten"
    assert await states(system, ids[2:]) == ["accepted"] * 48
    story = await system.case(ids[2])
    assert story
    assert [step["type"] for step in story["history"]].count("linli.case.accepted.v1") == 1


async def test_a_pause_of_several_is_undone_by_one_press(system: System, operator: Visitor) -> None:
    ids = [await reported(system, f"电梯 {n}") for n in range(3)]
    await done(operator, "accept", ids)
    page = await done(operator, "pause", ids, waiting_for="part", message="等配件")
    assert "Done with 3 of 3 cases." in page
    assert all([(await system.case(id) or {})["paused_at"] for id in ids])
    assert 'name="action" value="resume"' in page
    undone = re.findall(r'<input type="hidden" name="id" value="([^"]+)"', page)
    assert sorted(undone) == sorted(ids)
    assert "Done with 3 of 3 cases." in await done(operator, "resume", undone)
    assert not any([(await system.case(id) or {})["paused_at"] for id in ids])


async def test_what_cannot_be_done_with_many_is_refused(system: System, operator: Visitor) -> None:
    assert (await operator.get("/desk/bulk?action=accept")).status_code == 422
    assert (await operator.get("/desk/bulk?action=split&id=x")).status_code == 404
    many = "&".join(f"id={n:036}" for n in range(51))
    assert (await operator.get(f"/desk/bulk?action=accept&{many}")).status_code == 422
    assert (await operator.get("/desk/bulk/0123456789abcdef0123456789abcdef")).status_code == 404
