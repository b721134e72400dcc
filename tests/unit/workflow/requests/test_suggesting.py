"""Which category the words of a report speak of, and what a neighbourhood's residents read."""

from datetime import date, time
from typing import Any

from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow.community import Announcement
from tests.support.builders import community
from workflow.cases.domain.matching import Facts
from workflow.community.domain.directory import Directory
from workflow.requests.domain.announcing import shown_there
from workflow.requests.domain.suggesting import suggestions

CATEGORIES = [
    {"id": "lift", "name": "电梯", "name_en": "Lifts"},
    {"id": "lift.fault", "name": "电梯故障", "kinds": ["report"]},
    {"id": "lift.install", "name": "加装电梯", "kinds": ["demand"]},
    {"id": "gas", "name": "燃气泄漏", "name_en": "Gas leak", "kinds": ["report"]},
]
RULE = {"id": "g", "name": "燃气", "accept_within": "1h", "resolve_within": "1d", "suggests": "gas"}


def suggested(title: str, kind: Kind = Kind.REPORT, **when: Any) -> list[tuple[str, str, str]]:
    rule = RULE | {"role": "subdistrict", "when": {"words": ["煤气味", "漏气"]} | when}
    directory = Directory(community(categories=CATEGORIES, rules=[rule]), 1)
    facts = Facts(kind, Channel.WEB, None, "east", title, "", "", {}, time(12))
    return [(each.offer.code, each.word, each.said) for each in suggestions(facts, directory)]


def test_a_rule_s_words_come_first_with_what_they_rest_on() -> None:
    assert suggested("电梯里有煤气味") == [
        ("gas", "煤气味", "电梯里有【煤气味】"),
        ("lift.fault", "电梯", "【电梯】里有煤气味"),
    ]


def test_a_rule_that_would_hold_at_another_hour_suggests_too() -> None:
    assert suggested("有煤气味", hours={"from": "22:00", "to": "06:00"})[0][0] == "gas"


def test_what_is_called_by_its_name_comes_before_what_is_called_by_the_name_above() -> None:
    assert [code for code, *_ in suggested("Gas-Leak near the LIFTS")] == ["gas", "lift.fault"]


def test_only_what_may_be_of_this_kind_is_suggested() -> None:
    assert [code for code, *_ in suggested("想要一部电梯", Kind.DEMAND)] == ["lift.install"]
    assert suggested("别的事") == []


def test_announcements_are_shown_where_and_while_they_hold_the_newest_first() -> None:
    def told(id: str, **said: Any) -> Announcement:
        return Announcement.model_validate({"id": id, "title": "停车", "text": "划线", "since": "2026-11-01"} | said)

    every = [
        told("everywhere"),
        told("here", neighbourhoods=["east"], since="2026-11-20"),
        told("there", neighbourhoods=["west"]),
        told("over", until="2026-11-22"),
        told("today", until="2026-11-23", since="2026-10-01"),
        told("later", since="2026-11-24"),
    ]
    assert [each.id for each in shown_there(every, "east", date(2026, 11, 23))] == ["here", "everywhere", "today"]
