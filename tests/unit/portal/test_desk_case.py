"""One case as the desk brings it together while a service is away, or when who asks is signed out."""

from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any

import orjson
import pytest

from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.desk.names import Names
from portal.desk.whole_case import whole
from portal.services import unavailable
from tests.support.builders import NOON, community
from tests.support.office import Office
from workflow.cases.api.views import case_view
from workflow.community.domain.directory import Directory

SIGNED_OUT = Problem("unauthorised", 401, Localized("This key does not count.", "该密钥无效。"))
FORBIDDEN = Problem("forbidden", 403, Localized("Not yours.", "无权查看。"))
READER = frozenset({"deliveries:read"})


class AtTheDesk:
    """One request; what `fails` is refused so."""

    now = NOON
    caller = None

    def __init__(
        self,
        permissions: frozenset[str] = READER,
        others: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
        **fails: Problem,
    ) -> None:
        office = Office(Directory(community(), 1))
        case = case_view(office.report("c1"), office.directory).model_dump_json()
        self._others = others
        self.case = orjson.loads(case) | {"history": [], "evidence": [], "may": [], "parts_stand": []}
        self._fails = fails
        self.person = SimpleNamespace(may=permissions.__contains__, principal="clerk")
        self.services = SimpleNamespace(get=self._get)
        self.store = SimpleNamespace(here=_nothing, watches=_nothing)

    async def names(self, _: str) -> Names:
        return Names("test", None)

    async def read(self, path: str, asked: Any = None) -> Any:
        if path == "/v1/cases":
            return {"items": [self._others[id] for id in asked["id"] if id in self._others]}
        if not path.startswith("/v1/cases/c1"):
            if (other := self._others.get(path.removeprefix("/v1/cases/"))) is None:
                raise Problem("not_found", 404, "No such case.")
            return other
        what = path.removeprefix("/v1/cases/c1").strip("/")
        if what in self._fails:
            raise self._fails[what]
        return {"items": []} if what else self.case

    async def _get(self, service: str, *_: Any) -> Any:
        if service in self._fails:
            raise self._fails[service]
        return {"items": []}


async def _nothing(*_: Any) -> tuple[()]:
    return ()


async def seen(here: Any) -> Any:
    return await whole(here, "c1", None)


@pytest.mark.parametrize("what", ["routing", "repeats", "photos", "notify"])
async def test_who_is_signed_out_is_told_so_whatever_says_it(what: str) -> None:
    with pytest.raises(Problem) as refused:
        await seen(AtTheDesk(**{what: SIGNED_OUT}))
    assert refused.value is SIGNED_OUT


async def test_letters_that_cannot_be_had_are_noted_for_who_may_read_them() -> None:
    assert (await seen(AtTheDesk(notify=unavailable()))).letters_away
    assert not (await seen(AtTheDesk())).letters_away
    assert not (await seen(AtTheDesk(notify=FORBIDDEN))).letters_away
    assert not (await seen(AtTheDesk(frozenset(), notify=unavailable()))).letters_away


EARLIER = "01a217a8-46a8-7e21-95d6-6b1f1c1c5a52"


@pytest.mark.parametrize(
    ("said", "merged_into", "shown"),
    [(EARLIER, None, True), (EARLIER, "another", True), (EARLIER, "c1", False), ("2026-11-20 路灯", None, False)],
)
async def test_what_its_reporter_takes_for_the_same_is_shown_until_they_are_one(
    said: str, merged_into: str | None, shown: bool
) -> None:
    here = AtTheDesk(others={EARLIER: {"id": EARLIER, "title": "灯", "merged_into": merged_into}})
    here.case["attributes"] = {"same_as": said}
    assert bool((await seen(here)).same_as) is shown
    here.case["merged_into"] = EARLIER
    assert (await seen(here)).same_as is None


async def test_an_earlier_case_that_is_not_theirs_is_not_told_of() -> None:
    here = AtTheDesk()
    here.case["attributes"] = {"same_as": EARLIER}
    assert (await seen(here)).same_as is None


async def test_of_a_family_is_known_who_may_be_opened_also_of_what_its_story_names() -> None:
    names = ("head", "follower", "whole", "part", "once", "never")
    here = AtTheDesk(others={each: {"id": each, "title": each, "merged_into": None} for each in names})
    here.case |= {
        "merged_into": "head",
        "followers": ["follower", "anothers"],
        "part_of": "whole",
        "parts_stand": [{"id": "part"}, {"id": "anothers part"}],
        "history": [
            {"sequence": 2, "at": "2026-11-20T08:00:00Z", "by": "linli", "type": "linli.case.joined.v1"}
            | {"data": {"joined": "once"}}
        ],
    }
    assert set((await seen(here)).relatives) == set(names) - {"never"}
