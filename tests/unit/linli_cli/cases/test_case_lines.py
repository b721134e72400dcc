"""What the commands show of a case."""

import io
from collections.abc import Mapping
from typing import Any

import pytest
from rich.console import Console

from linli.contracts.workflow.case import CaseEvent
from linli_cli.cases.act import Action, done
from linli_cli.cases.case import case_lines
from linli_cli.cases.case_steps import step_lines
from linli_cli.cases.case_words import due, marks
from linli_cli.cases.cases import show
from linli_cli.cases.repeats import in_lines
from linli_cli.community.routing_words import why
from linli_cli.operations.parked import in_lines as parked_lines
from tests.support.cases import said

ID, OTHER = "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01", "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a02"
PARTY = {"id": "fushan-road-water-company", "name": "浮山路供水公司"}
TIMES = ("accept_by", "answer_by", "resolve_by", "decide_by", "answered_at", "paused_at", "waiting_for")
LINKS = ("merged_into", "part_of")


def case(**said: Any) -> dict[str, Any]:
    plain: dict[str, Any] = dict.fromkeys((*TIMES, *LINKS))
    plain |= {"id": ID, "version": 3, "state": "dispatched", "party": PARTY, "title": "3号楼前水管破裂"}
    times = {"opened_at": "2026-11-24T08:00:00Z", "submitted_at": "2026-11-24T07:30:00Z"}
    return plain | times | {"external_id": None, "earlier": None, "parts": [], "followers": []} | said


def shown(found: list[dict[str, Any]], width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show(found, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 119, 120, 155, 156, 160])
def test_the_id_of_another_case_is_whole_too(width: int) -> None:
    text = shown([case(), case(id=OTHER, part_of=ID, followers=[OTHER])], width)
    assert (text.count(ID), text.count(OTHER)) == (2, 1)


@pytest.mark.parametrize("width", [40, 80, 119, 120, 160])
def test_the_id_is_whole_and_title_and_party_are_there_at_every_width(width: int) -> None:
    text = shown([case(), case(id=OTHER)], width)
    folded = "".join(text.split())
    assert ID in text
    assert OTHER in text
    assert "3号楼前水管破裂" in folded
    assert "浮山路供水公司" in folded


NEXT = {"accept_by": "2026-11-24T10:00:00Z", "answer_by": "2026-11-25T10:00:00Z", "resolve_by": "2026-11-29T10:00:00Z"}


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ({"state": "dispatched"}, "24"),
        ({"state": "accepted"}, "25"),
        ({"state": "accepted", "answered_at": "2026-11-24T11:00:00Z"}, "29"),
        ({"state": "resolved"}, None),
        ({"state": "resolved", "decide_by": "2026-11-30T10:00:00Z"}, "30"),
        ({"state": "accepted", "paused_at": "2026-11-24T11:00:00Z", "waiting_for": "part"}, None),
        ({"state": "accepted", "merged_into": OTHER}, None),
    ],
)
def test_due_is_the_earliest_that_is_still_owed(said: Mapping[str, Any], day: str | None) -> None:
    by = due(case(**NEXT | said))
    assert (by and by[8:10]) == day


def test_a_case_says_what_it_is_to_others() -> None:
    assert marks(case()) == ""
    assert marks(case(paused_at="2026-11-24T11:00:00Z", waiting_for="part")) == "paused (part)"
    assert marks(case(merged_into=OTHER)) == f"→ {OTHER}"
    assert marks(case(part_of=OTHER, followers=[OTHER])) == f"part of {OTHER}, 1 follows"


def test_one_case_is_told_with_deadlines_parts_followers_and_steps() -> None:
    part = {"id": OTHER, "title": "修管", "party": PARTY, "state": "accepted"}
    steps = [{"type": "linli.case.returned.v1", "at": "2026-11-24T08:00:00Z", "by": "water", "sequence": 1}]
    steps[0]["data"] = {"state": "returned", "reason": "不归我们"}
    facts = dict.fromkeys(("neighbourhood", "place", "category", "escalated_to")) | {"kind": "report", "text": "漏水"}
    lists = {"parts_stand": [part], "history": steps, "missed": ["accept"], "evidence": []}
    lists |= {"holidays_unknown": [2027]}
    facts["attributes"] = {"as_written.neighbourhood": "和平新村", "floor": 3}
    told_ = "\n".join(case_lines(case(**NEXT, **facts, **lists, first_party=PARTY)))
    for line in (
        f"{ID}  version 3",
        "漏水",
        f"part      {OTHER}  accepted",
        "written   neighbourhood 和平新村",
        "returned   → returned  by water",
        "不归我们",
        "holidays  The public holidays of 2027 are not known yet.",
    ):
        assert line in told_
    (accept,) = [line for line in told_.splitlines() if line.startswith("  accept ")]
    assert accept.endswith(", missed")


def step(type: str, **data: Any) -> str:
    """The first line of a step; the time is before it."""
    entry = {"type": f"linli.case.{type}.v1", "at": "2026-11-24T08:00:00Z", "by": "linli", "sequence": 1}
    return next(step_lines(entry | {"data": {"state": "dispatched", "party": "estate"} | data}))


@pytest.mark.parametrize(
    ("type", "data", "words"),
    [
        ("merged", {"into": OTHER}, f"into {OTHER}"),
        ("joined", {"joined": OTHER}, f"{OTHER} follows it now"),
        ("joined", {"joined": OTHER, "also": [ID, ID]}, "follows it now, with 2 more"),
        ("parted", {"parted": OTHER}, f"{OTHER} follows it no longer"),
        ("unmerged", {"from_case": OTHER}, f"from {OTHER}"),
        ("split", {"parts": [{"party": "estate"}, {"party": "water"}]}, "among estate, water"),
        ("documented", {"stage": "after", "photos": [{}, {}]}, "2 photos (after)"),
        ("redacted", {}, "what staff wrote until then is gone"),
        ("dispatched", {"binding": True}, "to estate, for good"),
        ("closed", {"reopen_declined": True}, "though its reporter had asked to reopen it"),
        ("accepted", {}, "→ dispatched  by linli"),
        ("triaged", {"reason": "no_rule"}, "no_rule"),
        (
            "rated",
            {"contacted": True, "solved": False, "satisfied": False, "reopen_requested": True},
            "contacted: yes, solved: no, satisfied: no; they ask for it to be reopened",
        ),
    ],
)
def test_a_step_says_what_it_was_about(type: str, data: Mapping[str, Any], words: str) -> None:
    assert step(type, **data).endswith(words)


def test_each_step_up_the_tree_says_to_whom_and_what_was_missed() -> None:
    missed = {"deadline": "accept", "due": "2026-11-24T08:00:00Z", "missed_by": "house-1", "to": "grid-1"}
    first = step("escalated", **missed, level="grid")
    second = step("escalated", **missed | {"deadline": "level", "missed_by": "grid-1", "to": "village"})
    assert "to grid-1 (grid): accepting it was due " in first
    assert first.endswith("from house-1")
    assert "to village: acting on it was due" in second


@pytest.mark.parametrize("event", CaseEvent.__subclasses__())
def test_every_step_of_a_case_can_be_told(event: type[CaseEvent]) -> None:
    envelope = said(event)
    data = envelope.data.model_dump(mode="json", exclude_none=True)
    (line, *_) = step_lines({"type": event.TYPE, "at": "2026-11-24T08:00:00Z", "by": data["by"], "data": data})
    assert event.TYPE.split(".")[2] in line


def test_the_reasons_of_a_repeat_are_not_broken() -> None:
    reasons = [{"because": "same_neighbourhood", "value": "huaiyin-li", "share": 0.05}]
    found = case(score=0.8, reasons=reasons)
    first, _, third = in_lines(found).splitlines()
    assert ID in first
    assert third.strip() == "same_neighbourhood huaiyin-li +0.05"


@pytest.mark.parametrize(
    ("action", "said", "words"),
    [
        (Action.MERGE, {"merged_into": OTHER}, f"merged into {OTHER}"),
        (Action.UNMERGE, {}, "on its own again, dispatched"),
        (Action.PAUSE, {"paused_at": "2026-11-24T11:00:00Z", "waiting_for": "part"}, "paused, waiting for part"),
        (
            Action.ACCEPT,
            {"state": "accepted", "resolve_by": "2026-11-29T10:00:00Z"},
            "now accepted; next due 2026-11-29",
        ),
        (Action.NOTE, {}, "noted, still dispatched"),
        (Action.RESOLVE, {"state": "resolved"}, "now resolved; the reporter is asked"),
    ],
)
def test_an_action_says_what_it_did(action: Action, said: Mapping[str, Any], words: str) -> None:
    (line,) = done(action, case(**said))
    assert line.startswith(f"3号楼前水管破裂: {words}")
    assert "Version 3, with 浮山路供水公司 fushan-road-water-company." in line


def test_a_split_names_each_part_and_who_has_it() -> None:
    part = {"id": OTHER, "title": "修管", "party": PARTY, "state": "dispatched"}
    first, second = done(Action.SPLIT, case(parts=[OTHER, ID]), [part])
    assert "split into 2 parts" in first
    assert second.split()[:3] == [OTHER, "dispatched", "浮山路供水公司"]


def test_a_parked_record_is_named_whole_with_its_reason() -> None:
    place = {"topic": "linli.cases", "partition": 2, "offset": 41, "parked_at": "2026-11-24T08:00:00Z"}
    said = {
        "id": "linli.cases-2-41",
        "service": "notify",
        "reason": "unknown_community",
        "detail": "west",
        "waiting": 3,
    }
    first, second = parked_lines(place | said).splitlines()
    assert first == "linli.cases-2-41  notify  linli.cases 2:41"
    assert second.endswith("unknown_community: west, 3 waiting behind it")


def test_the_rule_is_told_with_the_word_it_rests_on_and_the_estates_that_are_near() -> None:
    words = {"condition": "words", "value": "停水", "field": "title", "said": "【停水】了"}
    water = {"rule": "water", "name": "供水", "matched": True, "failed_on": None, "matches": [words]}
    lift = water | {"rule": "lift", "matched": False, "failed_on": "category", "matches": []}
    near = [{"id": "east", "name": "东里", "metres": 9}]

    assert why({"tried": [lift, water], "outcome": "dispatched", "near": near}) == (
        "water 供水 (words 停水 in title: 【停水】了); near: 东里 9 m"
    )
    assert why({"tried": [lift], "outcome": "no_rule", "near": []}) == "no_rule"
