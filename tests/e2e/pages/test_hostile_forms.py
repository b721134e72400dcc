"""The same hostile titles on what comes of a form: shown to strangers, before something happens, and after it did."""

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from linli.text.visible import seen
from tests.support.hostile_words import HOSTILE
from tests.support.markup import markup
from tests.support.quarter import Quarter

pytestmark = pytest.mark.timeout(600)
"""Each looks at fifteen pages and more, on a machine that may be slow."""
OWN = {"Sec-Fetch-Site": "same-origin"}
LIFT = {"community": "test", "kind": "report", "neighbourhood": "east", "category": "facilities.lift"}


@pytest.fixture(scope="module")
async def said(quarter: Quarter) -> dict[str, dict[str, Any]]:
    """A report with each title: its receipt."""
    reports = (quarter.report(title, text=title, category="facilities.lift") for title in HOSTILE.values())
    return dict(zip(HOSTILE, await asyncio.gather(*reports), strict=True))


def harmless(answer: httpx2.Response, what: str, *, shown: bool = True, status: int = 200) -> None:
    assert answer.status_code == status, (what, answer.text)
    read = markup(answer.text)
    assert read.dangers() == [], what
    assert not shown or read.says(seen(HOSTILE[what])), (what, read.text)


async def sent(http: httpx2.AsyncClient, page: str, to: str, **fields: Any) -> httpx2.Response:
    """A form of this page's, with its token and what it carries unseen."""
    read = markup((await http.get(page)).text)
    carried = {name: read.field_of(name) for name in ("csrf", "key", "version") if read.field_of(name)}
    return await http.post(to, data=carried | fields, headers=OWN)


async def version_of(quarter: Quarter, id: str) -> int:
    return int((await quarter.system.case(id) or {})["version"])


async def test_a_title_that_is_shown_to_strangers_before_they_send_theirs(
    quarter: Quarter, said: Mapping[str, dict[str, Any]]
) -> None:
    found = 0
    async with quarter.client() as http:
        for what, title in HOSTILE.items():
            matter = {"title": title, "text": title}
            alike = await quarter.system.resident.post(
                f"{quarter.system.urls['intake']}/v1/submissions:similar", json=LIFT | matter
            )
            earlier = seen(title) in {seen(each["title"]) for each in alike.json()["items"]}
            found += earlier
            harmless(await http.post("/report/hints", data=LIFT | matter, headers=OWN), what, shown=earlier)
            harmless(await http.post("/report", data=LIFT | matter, headers=OWN), what)
    assert found > len(HOSTILE) / 2, "titles of which nothing is a word are like no other"


async def test_a_title_on_the_page_of_who_says_that_it_is_the_same(
    quarter: Quarter, said: Mapping[str, dict[str, Any]]
) -> None:
    what = "a script"
    matter = {"title": HOSTILE[what], "text": HOSTILE[what]}
    async with quarter.client() as http:
        hints = (await http.post("/report/hints", data=LIFT | matter, headers=OWN)).text
    reference = re.search(r'name="same_as" value="([^"]{43})"', hints)
    assert reference, hints
    again = await quarter.report("另一件", category="facilities.lift", same_as=reference[1])
    async with await quarter.signed_in("operator") as http:
        answer = await http.get(f"/desk/cases/{again['id']}")
    assert "Its reporter says that it is the same as" in answer.text
    harmless(answer, what)


async def test_a_title_in_what_a_merge_or_a_split_would_do(
    quarter: Quarter, said: Mapping[str, dict[str, Any]]
) -> None:
    plain = await quarter.report("电梯按钮", category="facilities.lift")
    async with await quarter.signed_in("operator") as http:
        for what, receipt in said.items():
            merge = f"/desk/cases/{plain['id']}/do/merge"
            answer = await sent(http, merge, merge, step="look", into=receipt["id"])
            assert "What will happen" in answer.text, answer.text
            harmless(answer, what)
            split = f"/desk/cases/{receipt['id']}/do/split"
            parts = {"part-1-party": "estate", "part-2-party": "water-co"}
            parts |= {"part-1-message": HOSTILE[what], "part-2-message": HOSTILE[what], "part-1-title": HOSTILE[what]}
            answer = await sent(http, split, split, step="look", **parts)
            assert "What will happen" in answer.text, answer.text
            harmless(answer, what)


async def test_a_title_in_what_became_of_many(quarter: Quarter, said: Mapping[str, dict[str, Any]]) -> None:
    async with await quarter.signed_in("operator") as http:
        ids = [each["id"] for each in said.values()]
        go = [f"{id}:{await version_of(quarter, id)}" for id in ids]
        page = "/desk/bulk?action=note&" + "&".join(f"id={id}" for id in ids)
        led = await sent(http, page, "/desk/bulk/note", step="do", go=go, message="看过了")
        assert led.status_code == 303, led.text
        answer = await http.get(led.headers["location"])
    for what in said:
        harmless(answer, what)


async def test_a_title_among_the_cases_that_a_draft_would_send_elsewhere(
    quarter: Quarter, said: Mapping[str, dict[str, Any]]
) -> None:
    new = "/office/communities/test/new"
    async with await quarter.signed_in("operator") as http:
        data = (await http.get("/office/communities/test/data.json")).json()
        draft = data | {"rules": []}
        answer = await sent(http, new, new, text=json.dumps(draft))
        for what in said:
            harmless(answer, what, shown=False)
        assert "Would go another way" in answer.text, answer.text
        assert any(markup(answer.text).says(seen(title)) for title in HOSTILE.values())
        for what, title in HOSTILE.items():
            wrong = data | {"name": title, "rules": 1}
            harmless(await sent(http, new, new, text=json.dumps(wrong)), what, shown=False)
