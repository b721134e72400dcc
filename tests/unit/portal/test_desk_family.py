"""A case's page tells of its family, and leads to those of it that whoever looks may open."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
import pytest
from fastapi import Request

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN
from portal.desk import words
from portal.desk.names import Names
from portal.desk.next_step import clocks, next_step
from portal.desk.story import timeline
from portal.desk.whole_case import Whole
from portal.pages.rendering import Pages
from portal.signin.csrf import new_token
from portal.signin.person import STATE, Person
from tests.support.builders import NOON, community
from tests.support.office import Office
from workflow.cases.api.views import case_view
from workflow.community.domain.directory import Directory

READS = frozenset({"cases:read", "cases:act"})
OPERATOR = Person("s1", new_token(), "operator", "operator", None, None, READS, "key")  # type: ignore[arg-type]  # a credential
ESTATE = replace(OPERATOR, role="party", party="estate", community="test")
NAMES = Names("test", community().model_dump(mode="json"))
FAMILY = {
    "merged_into": "head",
    "followers": ["follower", "anothers"],
    "part_of": "whole",
    "parts_stand": [
        {"id": "part", "title": "查漏点", "party": {"id": "water-co", "name": "自来水公司"}, "state": "accepted"},
        {"id": "anothers-part", "title": "换灯", "party": None, "state": "resolved"},
    ],
}
STORY = [
    {"type": "linli.case.merged.v1", "data": {"into": "head"}},
    {"type": "linli.case.joined.v1", "data": {"joined": "anothers"}},
    {
        "type": "linli.case.split.v1",
        "data": {"parts": [{"case_id": "anothers-part", "party": "water-co", "what": "换灯"}]},
    },
]


def case(**fields: Any) -> dict[str, Any]:
    office = Office(Directory(community(), 1))
    view: dict[str, Any] = orjson.loads(case_view(office.report("c1"), office.directory).model_dump_json())
    return (
        view
        | {"history": [], "evidence": [], "may": [], "parts_stand": [], "earlier": None, "holidays_unknown": False}
        | fields
    )


def page(person: Person, case: Mapping[str, Any], opens: tuple[str, ...] = (), same_as: Any = None) -> str:
    relatives = {id: {"id": id, "title": f"那件 {id}"} for id in opens}
    history = [
        {"sequence": number, "at": "2026-11-20T08:00:00Z", "by": "operator", "message": None, "reason": None} | each
        for number, each in enumerate(case["history"], 1)
    ]
    told = timeline(history, (), NAMES)
    shown = Whole(
        case,
        NAMES,
        next_step(case, NOON),
        clocks(case, NOON),
        told,
        False,
        None,
        None,
        None,
        same_as,
        relatives,
        (),
        False,
    )
    asked = Request(
        {"type": "http", "method": "GET", "path": "/desk/cases/c1", "query_string": b"", "headers": [], "state": {}}
    )
    setattr(asked.state, STATE, person)
    ANSWER_IN.set(Language.EN)
    return Pages(lambda: NOON, "Asia/Shanghai").text(
        asked,
        "desk/case.html",
        **{
            "shown": shown,
            "case": case,
            "pairs_of": list,
            "names": NAMES,
            "others": (),
            "watched": False,
            "relatives": relatives,
        },
        **{"actions": case["may"], "done": None, "undo": None, "version": 1, "news": [], "seen": "x"},
        **{"w": words, "now": NOON},
    )


def links(page: str) -> dict[str, str]:
    """Case → what leads to it."""
    return dict(re.findall(r'<a href="/desk/cases/([a-z0-9-]+)"[^>]*>([^<]*)</a>', page))


def test_head_followers_whole_and_parts_are_told_of_with_their_states() -> None:
    shown = page(OPERATOR, case(**FAMILY), ("head", "follower", "whole", "part"))
    family = shown[shown.index("<h2>Family</h2>") :]
    family = family[: family.index("</ul>")]
    assert len(re.findall("<li>", family)) == 6
    for said in ("follows", "followed by", "a part of", "part:"):
        assert said in family
    assert "自来水公司 · Being dealt with" in family
    assert "Resolved" in family
    assert links(family) == {
        "head": "那件 head",
        "follower": "那件 follower",
        "anothers": "anothers",
        "whole": "那件 whole",
        "part": "查漏点",
        "anothers-part": "换灯",
    }, "an operator opens all, also those that are not named"
    assert "Family" not in page(OPERATOR, case())


def test_a_party_is_led_to_no_page_that_it_would_be_refused() -> None:
    shown = page(ESTATE, case(**FAMILY, history=STORY), ("head", "part"))
    assert links(shown).keys() == {"head", "part"}
    for named in ("anothers", "whole", "换灯"):
        assert named in shown, "it is told of, all the same"


@pytest.mark.parametrize("may", [["merge"], []])
def test_what_its_reporter_takes_for_the_same_leads_to_the_form_of_a_merge(may: list[str]) -> None:
    earlier = {"id": "earlier", "title": "<b>路灯", "state": "accepted", "merged_into": "head"}
    shown = page(OPERATOR, case(may=may, attributes={"same_as": "earlier", "floor": 3}), same_as=earlier)
    assert "Its reporter says that it is the same as" in shown
    assert '<a href="/desk/cases/earlier">&lt;b&gt;路灯</a>' in shown
    assert ('href="/desk/cases/c1/do/merge?into=head"' in shown) is bool(may), "into what that one follows itself"
    assert "<dt>same_as</dt>" not in shown
    assert "floor" in shown
