"""The pages of rounds with everything on them, without a server: in both languages and at every stage."""

from collections.abc import Iterator
from time import process_time
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN
from portal.pages.rendering import Pages
from portal.renewal import words
from portal.rounds.words import worded

NOON = "2026-11-16T04:00:00Z"
OPTIONS = [{"id": each, "text": {"zh": f"<{each}>", "en": each}} for each in ("a", "b")]


def asked(kind: str, **also: Any) -> dict[str, Any]:
    common = {"id": kind, "kind": kind, "text": {"zh": f"问{kind}"}, "required": True, "needs": False, "places": False}
    options = OPTIONS if kind in {"single", "multiple", "ranking"} else []
    return {**common, "options": options, "least": 0, "most": None} | also


QUESTIONS = [
    asked("single"),
    asked("multiple", most=2),
    asked("ranking"),
    asked("scale", least=1, most=5),
    asked("text", needs=True, places=True),
]
FILLED = {
    "q-single": "a",
    "c-multiple-a": "yes",
    "r-ranking-b": "1",
    "q-scale": "4",
    "q-text": "<坡道>",
    "place-text": "1号",
}
ROUND: dict[str, Any] = {
    **{"id": "r-1", "community": "test", "neighbourhood": "east", "title": {"zh": "问需"}, "closes_at": NOON},
    "questions": QUESTIONS,
}
COUNTED = {each["id"]: {"answered": 2, "counts": [{"answer": "a", "times": 2, "points": 3}]} for each in QUESTIONS}
SUMMARY = {"invited": 3, "responses": 2, "on_paper": 1, "checked": 1, "questions": []}
DEMAND = {"id": "d-1", "text": "<坡道>", "place": "1号", "cluster": None, "left_out": False}
STAFF: Any = SimpleNamespace(may=lambda _: True, csrf="x", party="street", role="party", principal="key:a")
STAGES = ("draft", "open", "closed", "summarised", "published")


@pytest.fixture(params=list(Language))
def pages(request: pytest.FixtureRequest) -> Iterator[Pages]:
    made = Pages(process_time, "Asia/Shanghai")  # type: ignore[arg-type]  # no page here tells how long ago
    made.add_filters(worded=worded, metres=words.metres, day=words.day, wording=words.wording)
    before = ANSWER_IN.get()
    ANSWER_IN.set(request.param)
    yield made
    ANSWER_IN.set(before)


def shown(pages: Pages, template: str, person: Any = None, **values: Any) -> str:
    asked = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""})
    asked.state.person = person
    text = pages.text(asked, f"rounds/{template}", **values)
    assert "<坡道>" not in text and "<a>" not in text
    return text


@pytest.mark.parametrize("stage", STAGES)
def test_everybody_reads_a_round_at_every_stage(pages: Pages, stage: str) -> None:
    round = {**ROUND, "stage": stage, "answered": 2, "invited": 3, "summary": None, "summary_digest": None}
    of_all = {"clusters": [{"id": "c", "title": {"zh": "坡道"}, "demands": 2}], "reasons": [{"zh": "已有"}]}
    if stage == "published":
        round |= {"summary": SUMMARY, "summary_digest": "0" * 64}
    text = shown(pages, "public.html", round={**round, **of_all}, counted=COUNTED)
    assert ("坡道" in text) == (stage == "published")


@pytest.mark.parametrize("stage", STAGES)
def test_the_office_sees_a_round_and_what_is_to_be_done(pages: Pages, stage: str) -> None:
    text = shown(
        pages,
        "desk.html",
        STAFF,
        round={**ROUND, "stage": stage, "clusters": {"c": {"title": {"zh": "坡道"}, "demands": ["d-2"]}}},
        reach={"b3": {"invited": 3, "answered": 2}},
        aside=[{"household": "h-1", "question": "text", "reason": "invalid", "at": NOON}],
        proposals=[{"demands": [DEMAND], "because": {}}, {"demands": [DEMAND, DEMAND], "because": {}}],
        done=True,
        notices=["n-1"],
        said=None,
        refused="?",
        key="k",
    )
    assert "b3" in text and "h-1" in text and "/desk/notices/n-1" in text
    assert ("/question?of=single" in text) == (stage == "draft")
    assert ("/households" in text) == (stage != "draft")


HOUSEHOLD = {"household": "h-1", "door": "<101>", "building": "b3", "said": "answered", "channel": "paper"}
HOUSEHOLD |= {"checked": False, "differs": [], "to_be_read": True}


def test_the_office_sees_door_by_door_whose_sheet_is_to_be_read_again(pages: Pages) -> None:
    """A household that differs is put right, one that answered online has no sheet."""
    those = [
        HOUSEHOLD,
        {**HOUSEHOLD, "household": "h-2", "differs": ["single"], "checked": True},
        {**HOUSEHOLD, "household": "h-3", "channel": "online"},
        {**HOUSEHOLD, "household": "h-4", "said": "nothing", "channel": None},
    ]
    values: dict[str, Any] = {
        "round": {**ROUND, "stage": "closed"},
        "households": those,
        "building": "",
        "listed": "/l",
    }
    text = shown(pages, "households.html", STAFF, done="differs", **values)
    assert "/l/h-1/check" in text and "/l/h-2/correct" in text and "/l/h-4/enter" in text
    assert "/l/h-3/" not in text and "&lt;101&gt;" in text


@pytest.mark.parametrize("what", ["enter", "check", "correct", "withdraw", "erase"])
def test_a_sheet_is_typed_in_and_what_is_wrong_stands_at_its_question(pages: Pages, what: str) -> None:
    values: dict[str, Any] = {"round": {**ROUND, "digest": "0" * 64}, "household": "h-1", "what": what}
    values |= {"with_answers": what in {"enter", "check", "correct"}, "with_scan": what in {"enter", "withdraw"}}
    values |= {"filled": FILLED | {"scan": "1" * 64}, "faults": {"single": "太多"}, "refused": None}
    text = shown(pages, "sheet.html", STAFF, listed="/l", address="/a", **values)
    assert ("太多" in text) == values["with_answers"]
    assert ('type="file"' in text) == values["with_scan"] == ("1" * 64 in text)


@pytest.mark.parametrize("said", ["nothing", "answered", "withdrawn"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_household_sees_what_is_asked_what_it_said_and_what_became_of_it(pages: Pages, stage: str, said: str) -> None:
    became = {"question": "text", "demand": "d-1"}
    view = {
        **ROUND,
        "round": "r-1",
        "stage": stage,
        "open": stage == "open",
        "digest": "0" * 64,
        "said": said,
        "became": [
            {**became, "cluster": {"zh": "坡道"}, "reason": None},
            {**became, "cluster": None, "reason": {"zh": "已有"}},
            {**became, "cluster": None, "reason": None},
        ],
    }
    text = shown(pages, "answer.html", code="ABCD", view=view, said=said, fault="?", written=FILLED, key="k")
    assert ("已有" in text) == (said == "answered")
    assert ("<form" in text.partition("<main")[2].partition("</main")[0]) == (stage == "open" and said != "answered")
    shown(pages, "withdraw.html", code="ABCD", view=view, key="k")
    shown(pages, "ask_code.html", code="", fault="?")
