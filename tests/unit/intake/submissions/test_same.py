"""What counts as the same message once more, under an id that is taken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake.submissions.domain.request import NewSubmission
from intake.submissions.domain.same import differing
from intake.submissions.domain.submission import Repetition, Submission, accepted
from intake.submissions.store import stored_fields, submission_of

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PERSON = {"name": "王秀英", "phone": "0532-87654321"}


def taken(later: timedelta = timedelta(0), **fields: Any) -> Submission:
    said = {"kind": "report", "channel": "hotline", "external_id": "1", "title": "停水了", "reporter": PERSON, **fields}
    new = NewSubmission.model_validate(said)
    at = NOW + later
    return accepted(
        new, community="test", id="s", tracking_code="0A1B2C3D4E5F", now=at, pseudonyms=b"k", repetition=None
    )


def kept(submission: Submission) -> Submission:
    """As it comes back from the disk."""
    stored = {name: value for name, value in stored_fields(submission).items() if value is not None}
    return submission_of(stored)


def test_the_same_said_again_later_is_the_same() -> None:
    whole: dict[str, Any] = {
        "text": "三天了",
        "place": "3号楼",
        "location": {"lon": 120.4, "lat": 36.1},
        "attributes": {"floor": 3, "wet": True},
        "neighbourhood": "east",
        "category": "water",
        "submitted_at": "2026-10-01T08:00:00.123456+08:00",
    }
    assert differing(taken(timedelta(days=40), **whole), kept(taken(**whole))) == ()
    assert differing(taken(timedelta(days=40)), kept(taken())) == ()
    assert differing(taken(text="", attributes={}), kept(taken())) == ()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"kind": "demand"}, ("kind",)),
        ({"title": "漏气了"}, ("title",)),
        ({"text": "五天了"}, ("text",)),
        ({"place": "5号楼"}, ("place",)),
        ({"neighbourhood": "east"}, ("neighbourhood",)),
        ({"category": "water"}, ("category",)),
        ({"location": {"lon": 120.4, "lat": 36.2}}, ("location",)),
        ({"attributes": {"floor": 4}}, ("attributes",)),
        ({"submitted_at": "2026-10-01T08:00:00+08:00"}, ("submitted_at",)),
        ({"reporter": PERSON | {"phone": "13900000101"}}, ("reporter",)),
        ({"reporter": None, "title": "漏气了"}, ("title", "reporter")),
    ],
)
def test_whatever_differs_makes_it_another_message(changed: dict[str, Any], named: tuple[str, ...]) -> None:
    assert differing(taken(**changed), kept(taken())) == named


def test_what_was_said_with_a_time_is_not_the_same_as_without() -> None:
    assert differing(taken(), kept(taken(submitted_at="2026-10-01T08:00:00+08:00"))) == ("submitted_at",)


def test_of_one_whose_contact_was_let_go_the_masked_words_are_compared() -> None:
    words = {"title": "王秀英家停水", "text": "打87654321", "attributes": {"who": "王秀英"}}
    before = taken(**words)
    let_go = replace(before, **before.masked_words(), reporter=None, resident_id=None, contact_gone=True)
    assert differing(taken(**words), kept(let_go)) == ()
    assert differing(taken(**words | {"text": "打13900000101"}), kept(let_go)) == ("text",)


@pytest.mark.parametrize(
    ("made_by", "key", "theirs"),
    [
        ("key:aaaaaaaaa1", None, True),
        ("key:aaaaaaaaa2", None, False),
        (None, "key:aaaaaaaaa1:batch:k-87654321/3", True),
        (None, "key:aaaaaaaaa12:batch:k-87654321/3", False),
        ("key:aaaaaaaaa2", "key:aaaaaaaaa1:one:k-87654321", False),
        (None, None, False),
    ],
)
def test_a_submission_is_of_whose_key_it_came_with(made_by: str | None, key: str | None, theirs: bool) -> None:
    repetition = Repetition(key, "body") if key else None
    submission = replace(taken(), made_by=made_by, repetition=repetition)
    assert submission.is_of("key:aaaaaaaaa1") is theirs
    assert not submission.is_of(None)
