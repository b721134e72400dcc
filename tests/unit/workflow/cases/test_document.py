"""A case in the database: what was written by any version is read, and written back as it was."""

from datetime import UTC, datetime
from typing import Any

import bson
from bson.codec_options import CodecOptions

from workflow.cases.document import NOT_READ, case_of, document_of


def at(day: int, hour: int = 4) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


EVERYTHING: dict[str, Any] = {
    "_id": "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01",
    "community": "test",
    "kind": "demand",
    "channel": "hotline",
    "title": "东门路灯不亮",
    "text": "晚上看不见路。",
    "neighbourhood": "east",
    "category": "facilities.lighting",
    "place": "东门",
    "location": [120.405, 36.105],
    "attributes": {"pole": "D-7", "height": 6.5, "lit": False},
    "submitted_at": at(1),
    "resident_id": "r-1",
    "language": "en",
    "tracking_hash": "ab" * 32,
    "external_id": "12345-2026-7",
    "due_from_call": True,
    "different": True,
    "opened_at": at(2),
    "updated_at": at(20),
    "version": 17,
    "state": "resolved",
    "party": "estate",
    "rule": "lift",
    "community_version": 3,
    "first_party": "water-co",
    "clock_from": at(3),
    "in_working_days": True,
    "accept_by": at(4),
    "answer_by": at(5),
    "resolve_by": at(6),
    "accepted_at": at(7),
    "answered_at": at(8),
    "resolved_at": at(9),
    "contacted": True,
    "solved": False,
    "satisfied": False,
    "followed_up_at": at(10),
    "answers": 2,
    "added": 1,
    "decide_by": at(11),
    "missed": ["accept", "resolve"],
    "reminded": ["answer", "decide"],
    "escalated_to": "village",
    "reached": "community",
    "escalations": 3,
    "level_by": at(12),
    "paused_at": at(13),
    "waiting_for": "resident",
    "returned_by": ["water-co", "estate"],
    "binding": True,
    "erased_at": at(14),
    "due_at": at(15),
    "evidence": [
        {
            "id": "aa" * 16,
            "stage": "after",
            "size": 5_000,
            "width": 640,
            "height": 480,
            "sha256": "cd" * 32,
            "at": at(9),
            "by": "estate",
            "file": "65f0c0ffee65f0c0ffee65f0",
        }
    ],
    "merged_into": "head",
    "followers": ["f1", "f2"],
    "had_state": "returned",
    "had_party": "grid-1",
    "withdrawn_at": at(16),
    "part_of": "whole",
    "parts": ["p1", "p2"],
    "answer": "修好了",
    "reported": {
        "kind": "report",
        "title": "西门路灯不亮",
        "neighbourhood": "west",
        "category": None,
        "place": "西门",
        "location": [120.1, 36.2],
    },
    "as_routed": {
        "kind": "dispute",
        "title": "路灯不亮",
        "neighbourhood": None,
        "category": "facilities",
        "place": None,
        "location": None,
    },
}
"""A case as it stood in the database before its fields were grouped, with every one of them set."""
FIRST: dict[str, Any] = {
    "_id": "first",
    "community": "test",
    "kind": "report",
    "channel": "web",
    "title": "停水",
    "text": "三号楼",
    "neighbourhood": None,
    "category": None,
    "place": None,
    "location": None,
    "attributes": {},
    "submitted_at": at(1),
    "resident_id": None,
    "language": "zh-CN",
    "tracking_hash": "ef" * 32,
    "opened_at": at(2),
    "updated_at": at(3),
    "version": 2,
    "state": "dispatched",
    "party": "water-co",
    "rule": "water-words",
    "community_version": 1,
    "accept_by": at(4),
    "resolve_by": at(5),
    "accepted_at": None,
    "resolved_at": None,
    "returned_by": [],
}
"""A case of the first version, which knew no more of one."""
SINCE_THEN: dict[str, Any] = {
    "due_from_call": False,
    "different": False,
    "first_party": None,
    "clock_from": None,
    "in_working_days": None,
    "answer_by": None,
    "answered_at": None,
    "contacted": None,
    "solved": None,
    "satisfied": None,
    "followed_up_at": None,
    "answers": 0,
    "added": 0,
    "decide_by": None,
    "missed": [],
    "reminded": [],
    "reached": None,
    "escalations": 0,
    "level_by": None,
    "paused_at": None,
    "waiting_for": None,
    "binding": False,
    "erased_at": None,
    "evidence": [],
    "followers": [],
    "had_state": None,
    "had_party": None,
    "withdrawn_at": None,
    "parts": [],
    "answer": None,
}
"""What is written of it beside that today. What only some cases have is left out, so that indexes hold only those."""


def written_back(stored: dict[str, Any]) -> dict[str, Any]:
    """What stands in the database after a case was read and saved, without what only indexes need."""
    document = bson.decode(bson.encode(document_of(case_of(stored))), CodecOptions(tz_aware=True))
    return {name: value for name, value in document.items() if name not in NOT_READ}


def test_a_case_with_every_field_is_read_and_written_back_the_same() -> None:
    assert written_back(EVERYTHING) == EVERYTHING


def test_a_case_of_the_first_version_is_read_and_written_back_with_what_has_come_since() -> None:
    assert written_back(FIRST) == FIRST | SINCE_THEN
    assert written_back(FIRST | SINCE_THEN) == FIRST | SINCE_THEN


def test_a_case_is_found_by_its_words_and_by_what_is_owed_next() -> None:
    owed = document_of(case_of(EVERYTHING | {"paused_at": None, "merged_into": None}))
    assert owed["owed_by"] == at(11), "it is resolved, and only the decision is owed"
    assert "owed_by" not in document_of(case_of(EVERYTHING))
    assert {"路灯", "西门", "东门"} <= set(owed["grams"])
