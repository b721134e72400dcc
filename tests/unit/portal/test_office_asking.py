"""Pages that need several answers ask for all of them at once."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.office import keys, partners
from portal.office.asking import of_each
from portal.reports import api as reports
from portal.reports.calendar import Calendar
from portal.services import unavailable
from portal.settings import SERVICES
from tests.support.builders import NOON

NOBODY: Any = None
COMMUNITIES: list[dict[str, Any]] = [
    {"id": id, "name": id, "timezone": "Asia/Shanghai", "parties": [{"id": "p", "name": "P"}]} for id in ("a", "b", "c")
]


class Together:
    """Answers what matches `held` only when so many have asked for it: who asks one after another waits for ever."""

    def __init__(self, held: str, together: int, fails: dict[str, Problem] | None = None) -> None:
        self._held, self._room, self._fails = held, asyncio.Barrier(together), fails or {}

    async def read(self, path: str, _caller: Any, params: Any = None) -> Any:
        return await self.get("workflow", path, _caller, params)

    async def get(self, of: str, path: str, *_: Any) -> Any:
        if self._held in path:
            await self._room.wait()
        if of in self._fails:
            raise self._fails[of]
        if path.startswith("/v1/communities/"):
            return next(each for each in COMMUNITIES if path.endswith(each["id"]))
        if path == "/v1/partners":
            return {"items": [{"community": "a", "party": str(n)} for n in range(5)]}
        return {"items": COMMUNITIES if path == "/v1/communities" else [], "of": of}


def services(*args: Any) -> Any:
    return Together(*args)


STAFF: Any = SimpleNamespace(may=lambda _: True, caller=lambda _: None)
SHOWN: Any = SimpleNamespace(page=lambda _template, **values: values)


async def test_all_services_are_asked_at_once_and_named_where_they_do_not_answer() -> None:
    async with asyncio.timeout(5):
        found, silent = await of_each(
            services("/v1/x", len(SERVICES), {"notify": unavailable()}), SERVICES, "/v1/x", NOBODY
        )
    assert ([name for name, _ in found], silent) == ([each for each in SERVICES if each != "notify"], ["notify"])


async def test_a_refusal_is_raised_and_so_is_that_nobody_answers() -> None:
    refused = Problem("forbidden", 403, Localized("No.", "不行。"))
    with pytest.raises(Problem) as raised:
        await of_each(
            services("/v1/x", len(SERVICES), {"intake": unavailable(), "notify": refused}), SERVICES, "/v1/x", NOBODY
        )
    assert raised.value is refused
    with pytest.raises(Problem) as raised:
        await of_each(
            services("/v1/x", len(SERVICES), dict.fromkeys(SERVICES, unavailable())), SERVICES, "/v1/x", NOBODY
        )
    assert raised.value.status == 503


async def test_all_communities_are_read_at_once_for_a_key() -> None:
    async with asyncio.timeout(5):
        shown: Any = await keys.form(NOBODY, STAFF, services("/v1/communities/", 3), SHOWN)
    assert shown["parties"] == [("a/p", "a · P"), ("b/p", "b · P"), ("c/p", "c · P")]


async def test_what_partners_have_read_is_asked_at_once() -> None:
    async with asyncio.timeout(5):
        shown: Any = await partners.listing(NOBODY, STAFF, services("/standing", 5), SHOWN)
    assert [each["reading"]["of"] for each in shown["partners"]] == ["notify"] * 5


async def test_a_report_is_two_questions_at_once_and_reads_no_whole_community() -> None:
    async with asyncio.timeout(5):
        report = await reports._report(NOBODY, STAFF, services("/v1/stats", 2), Calendar(lambda: NOON))
    assert report is not None
    with pytest.raises(Problem) as unknown:
        await reports._report(NOBODY, STAFF, services("/v1/stats", 2), Calendar(lambda: NOON), "elsewhere")
    assert unknown.value.status == 404
