"""Pages of the office's steps with everything on them, without a server, and what their forms make of what was said."""

from collections.abc import Iterator
from time import process_time
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN
from portal.addresses import at
from portal.pages.rendering import Pages
from portal.renewal import plan_words, step_words, words
from portal.renewal.forms import Filled, Form, body_of
from portal.renewal.steps.clearings import CLEARINGS
from portal.renewal.steps.covenants import COVENANTS
from portal.renewal.steps.kinds import KINDS
from portal.renewal.steps.meetings import MEETINGS
from portal.renewal.steps.plans import PLANS
from portal.renewal.steps.rounds import ROUNDS
from portal.renewal.steps.step import Known

NOON = "2026-03-20T04:00:00Z"
STAFF: Any = SimpleNamespace(
    may=lambda _: True, csrf="x", party="street", role="party", principal="key:a", community=None
)
AT_THE_DESK: Any = SimpleNamespace(person=STAFF, zone=None)


@pytest.fixture(params=list(Language))
def pages(request: pytest.FixtureRequest) -> Iterator[Pages]:
    made = Pages(process_time, "Asia/Shanghai")  # type: ignore[arg-type]  # no page here tells how long ago
    made.add_filters(metres=words.metres, day=words.day, wording=words.wording)
    before = ANSWER_IN.get()
    ANSWER_IN.set(request.param)
    yield made
    ANSWER_IN.set(before)


def shown(pages: Pages, template: str, person: Any = None, **values: Any) -> str:
    asked = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""})
    asked.state.person = person
    common: dict[str, Any] = {"w": words, "p": plan_words, "s": step_words, "at": at, "said": None}
    return pages.text(asked, template, **common | values)


def test_every_step_is_called_something_else(pages: Pages) -> None:
    """The words of each are found in its language; two of one affair are never called the same."""
    for kind in KINDS.values():
        titles = [step.title() for step in kind.steps]
        assert len(set(titles)) == len(titles), kind.name


async def made(step: str, kind: Any, affair: dict[str, Any], of: str = "", **said: str | tuple[str, ...]) -> Any:
    """What a form makes of what was filled in."""
    asks = await kind.named(step).asks(Known(AT_THE_DESK, affair, of, "0" * 32))
    given = {name.replace("__", "."): (value,) if isinstance(value, str) else value for name, value in said.items()}
    body, faults = body_of(Form("", "", "", asks.fields), Filled(given), None)  # type: ignore[arg-type]  # no moments
    assert not faults, faults
    return {**asks.made(body), **asks.also}


async def test_a_question_is_put_otherwise_and_its_options_keep_their_ids() -> None:
    options = [{"id": "lift", "text": {"zh": "电梯", "en": "A lift"}}, {"id": "road", "text": {"zh": "路面"}}]
    first = {"id": "a", "kind": "single", "text": {"zh": "要什么？"}, "options": options, "least": 0, "most": None}
    text = {"id": "b", "kind": "text", "text": {"zh": "其他"}, "options": [], "least": 0, "most": None}
    round = {"title": {"zh": "问需"}, "questions": [first, text], "version": 3}
    said: dict[str, str] = {"questions.0.kind": "multiple", "questions.0.text.zh": "先要什么？"}
    after = await made("question", ROUNDS, round, "a", **said, **{"questions.0.options": "坡道\n电梯"})
    [put, kept] = after["questions"]
    assert kept == text and put["id"] == "a" and put["kind"] == "multiple"
    assert [each["text"]["zh"] for each in put["options"]] == ["坡道", "电梯"]
    assert put["options"][1] == options[0], "also what it is called in English"
    new = {"questions.2.kind": "scale", "questions.2.text.zh": "满意吗？", "questions.2.most": "5"}
    assert [each["id"] for each in (await made("question", ROUNDS, round, **new))["questions"]][:2] == ["a", "b"]
    assert [each["id"] for each in (await made("up", ROUNDS, round, "b"))["questions"]] == ["b", "a"]
    assert [each["id"] for each in (await made("remove", ROUNDS, round, "a"))["questions"]] == ["b"]


async def test_minutes_say_something_of_each_item_and_a_plan_answers_by_words() -> None:
    meeting = {"topics": [{"id": "i-1", "title": "车棚"}, {"id": "i-2", "title": "开工"}]}
    said: dict[str, str] = {"items.0.outcome": "北侧", "items.1.outcome": "七月"}
    found = await made("write_minutes", MEETINGS, meeting, **said)
    assert found == {"items": [{"item": "i-1", "outcome": "北侧"}, {"item": "i-2", "outcome": "七月"}]}
    answer = await made("answer_objection", PLANS, {}, "o-1", outcome="explained", answer__zh="不收费")
    assert answer == {"objection": "o-1", "outcome": "explained", "answer": {"zh": "不收费"}}
    assert await made("decide_appeal", CLEARINGS, {}, upheld="false", why="x") == {"upheld": "false", "why": "x"}


def test_a_covenant_at_the_desk_with_comments_and_who_has_signed(pages: Pages) -> None:
    newest = {"number": 2, "digest": "0" * 64, "title": "居民公约", "state": "in_force", "comments": {"c-1": False}}
    newest |= {"comments_until": "2026-03-20", "adopted_on": "2026-03-25", "from_day": "2026-04-01"}
    covenant = {"id": "c-1", "community": "test", "neighbourhood": "east", "track": "facility", "versions": [newest]}
    covenant |= {"signatures": [["0" * 64, "h-1"], ["1" * 64, "h-2"]], "breaches": {"b-1": None, "b-2": "reminded"}}
    said = {"comment": "k-1", "household": "h-1", "number": 2, "text": "<太长>", "taken": None, "answer": None}
    values: dict[str, Any] = {"affair": covenant, "newest": newest, "comments": [said, said | {"answer": "不改"}]}
    values |= {"steps": COVENANTS.open_to(covenant, STAFF), "one": COVENANTS.of_one(covenant, STAFF)}
    page = shown(
        pages, "renewal/desk_covenant.html", STAFF, text={"number": 2, "text": "<第一条>", "digest": "0"}, **values
    )
    assert "&lt;第一条&gt;" in page and page.count("answer_comment?of=k-1") == 1
    assert "/desk/affairs/covenants/c-1/report_breach" in page and "settle_breach?of=b-1" in page


@pytest.mark.parametrize("written", [True, False])
def test_a_meeting_at_the_desk_before_and_after_its_minutes(pages: Pages, written: bool) -> None:
    meeting = {"id": "m-1", "taskforce_id": "t-1", "community": "test", "neighbourhood": "east", "starts_at": NOON}
    meeting |= {"place": "议事厅", "topics": [{"id": "i-1", "title": "<车棚>"}], "parties": ["estate"]}
    meeting |= {"state": "confirmed" if written else "called", "present": {"residents-1": "m-01"} if written else {}}
    meeting |= {"quorate": False, "minutes": "0" * 64 if written else None}
    right = {"item": "i-1", "instead": "八月", "why": "笔误"}
    minutes = {"digest": "0" * 64, "items": [{"item": "i-1", "outcome": "七月"}], "corrigenda": [right]}
    steps = MEETINGS.open_to(meeting, STAFF)
    values: dict[str, Any] = {"affair": meeting, "steps": steps, "one": set()}
    page = shown(pages, "renewal/desk_meeting.html", STAFF, minutes=minutes if written else None, **values)
    assert "&lt;车棚&gt;" in page and ("八月" in page) == written
    assert ("record_attendance" in page) == (not written) and ("correct_minutes" in page) == written


def test_an_illegal_structure_at_the_desk_with_all_that_happened(pages: Pages) -> None:
    structure = {"id": "x-1", "community": "test", "neighbourhood": "east", "what": "<彩钢板棚>", "where": "3号楼"}
    structure |= {"state": "checked", "remove_by": "2026-03-20", "appeal_by": "2026-03-18", "package_id": "p-1"}
    photo = {"sha256": "0" * 64, "taken_at": NOON, "location": None}
    named = [("structure.found", {"photos": [photo]}), ("clearing.noticed", {}), ("clearing.appealed", {})]
    named += [("clearing.appeal_decided", {"upheld": False, "why": "无许可"})]
    cleared = {"voluntary": True, "before": [photo], "after": [photo]}
    named += [("structure.cleared", cleared), ("clearing.checked", {"clean": True})]
    history = [{"type": f"linli.{name}.v1", "at": NOON, "by": "key:a", "said": said} for name, said in named]
    steps = CLEARINGS.open_to(structure, STAFF)
    page = shown(pages, "renewal/desk_clearing.html", STAFF, affair=structure, steps=steps, history=history)
    assert "&lt;彩钢板棚&gt;" in page and "无许可" in page and "/photos/000" in page


BY_CODE: dict[str, Any] = {"code": "K", "fault": "不行", "written": {}, "key": "k" * 32}


@pytest.mark.parametrize("state", ["convened", "open", "concluded"])
def test_a_household_takes_part_in_talks(pages: Pages, state: str) -> None:
    proposal = {"id": "q-1", "words": "<移到北侧>", "supported_by": 2, "own": False}
    found = {"community": "test", "neighbourhood": "east", "question": {"zh": "建在哪里？"}, "state": state}
    found |= {"first_day": "2026-03-01", "last_day": "2026-03-10"}
    found |= {"proposals": [proposal, proposal | {"own": True, "words": None}], "digest": "0" * 64, "against": False}
    found |= {"draft": {"result": "partly", "says": {"zh": "移到北侧"}}}
    page = shown(pages, "renewal/household_talks.html", view=found, said="state", **BY_CODE)
    assert "&lt;移到北侧&gt;" in page
    assert page.count('action="/talks/K"') == (5 if state == "open" else 0)


@pytest.mark.parametrize(("voted", "state"), [(False, "open"), (True, "open"), (False, "noticed"), (False, "closed")])
def test_a_ballot_behind_its_code_and_the_door_to_it(pages: Pages, voted: bool, state: str) -> None:
    matter = {"matter": "a", "text": "<建车棚>", "area": 60_00}
    ballot = {"vote": "v-1", "state": state, "effect": "decision", "doors": ["3号楼***"], "closes_at": NOON}
    ballot |= {"voted": voted, "ballot": "7", "matters": [matter]}
    values = BY_CODE | {"written": {"a": "approve"}}
    page = shown(pages, "renewal/ballot.html", view=ballot, said="", **values)
    assert "&lt;建车棚&gt;" in page and ('value="approve" checked' in page) == (state == "open" and not voted)
    letter = shown(pages, "renewal/letter.html")
    for door in ("/answer", "/ballot", "/objections", "/signing", "/talks"):
        assert f'href="{door}"' in letter


def test_what_talks_came_to_and_where_a_code_is_typed(pages: Pages) -> None:
    text = {
        "caveat": {"zh": "不是决定", "en": "No decision"},
        "result": "agreed",
        "says": {"zh": "<移>"},
        "proposals": ["q-1"],
    }
    outcome = {
        "community": "test",
        "neighbourhood": "east",
        "question": {"zh": "建在哪里？"},
        "text": text,
        "digest": "0" * 64,
        "dissent": [],
    }
    outcome |= {"support": [{"proposal_id": "q-1", "households": 2, "parties": 1}]}
    against = [{"voice": {"kind": "household", "id": "h-77"}}, {"voice": {"kind": "party", "id": "estate"}}]
    page = shown(pages, "renewal/outcome.html", outcome=outcome | {"dissent": against})
    assert "&lt;移&gt;" in page and "estate" in page and "h-77" not in page
    shown(pages, "renewal/outcome.html", outcome=outcome | {"support": []})
    assert page.count('href="/board/test/east"') == 1, "there is a way back"
    asked = shown(pages, "renewal/ask_code_of_talks.html", code="", fault="没有")
    assert 'action="/talks"' in asked
    for template in ("ask_code_of_plan.html", "ask_code_of_covenant.html", "ask_code_of_talks.html"):
        text = shown(pages, f"renewal/{template}", code="", fault=None)
        assert "投票" not in text, "no vote is asked for there"
        assert "信丢了？" in text or "Have you lost the letter?" in text
    for template in ("renewal/ask_code.html", "rounds/ask_code.html"):
        text = shown(pages, template, code="", fault=None)
        assert "信丢了？" in text or "Have you lost the letter?" in text
