"""Every field of every event that can hold what a person wrote is one that an erasure empties."""

import typing
from typing import Any

import pytest

from linli.contracts.base import Event, Record, Scope
from linli.contracts.catalogue import event_types
from linli.contracts.envelope import Envelope, encode
from linli.contracts.erasure import ERASED, Forgetting, emptied, forgetting, value_emptied
from linli.contracts.kinds import Language
from linli.contracts.topics import Topic
from linli.contracts.workflow.case import (
    CaseCorrected,
    CaseDispatched,
    CaseErased,
    CaseEvent,
    CaseNoted,
    CaseRated,
    CaseRedacted,
    CaseReturned,
    CaseSplit,
    CaseSupplemented,
    CaseWithdrawn,
)
from tests.support.builders import NOON, submitted
from tests.support.cases import _OWN, said

IDENTIFIERS = {"submission_id", "case_id", "delivery_id", "event_id", "key_id", "by", "party", "key_hash", "digest"} | {
    *(
        "order_id",
        "by_order",
        "into_case",
        "update_id",
        "outage_id",
        "pointer",
        "promise_id",
        "invites_to",
        "subscription_id",
    ),
    *("text_zh", "text_en"),  # one of a handful of sentences
    *("evidence", "merged_into", "part_of", "into", "previous", "joined", "also", "from_case", "parted"),  # ids
}
"""Text that programs made: nobody wrote it."""
OF_OFFICES = {
    "linli.community.published.v1": "the office's own data",
    "linli.key.published.v1": "a key",
    "linli.notice.sent.v1": "goes with its delivery: notify deletes it",
    "linli.notice.failed.v1": "the same",
}
CODES = {
    ("linli.case.triaged.v1", "reason"),
    ("linli.case.promise_heard.v1", "reason"),
    ("linli.order.promise_heard.v1", "reason"),
}
"""Words of a program's."""


def _is_free_text(annotation: Any) -> bool:
    """A plain `str`, also as one of several: a slug has a pattern, a state is an enumeration."""
    return annotation is str or any(_is_free_text(each) for each in typing.get_args(annotation))


@pytest.mark.parametrize("event", [each for each in event_types() if each.TYPE not in OF_OFFICES], ids=lambda e: e.TYPE)
def test_a_text_is_emptied_or_is_known_to_be_nobodys(event: type[Event]) -> None:
    for name, field in event.model_fields.items():
        patterned = any(getattr(each, "pattern", None) for each in field.metadata)
        if _is_free_text(field.annotation) and not patterned and (event.TYPE, name) not in CODES:
            slug = "pattern=" in str(field.annotation)
            assert slug or name in event.WORDS | IDENTIFIERS, f"{event.TYPE}: may people write into {name}?"
    assert set(event.model_fields) >= event.WORDS


@pytest.mark.parametrize("event", _OWN, ids=lambda e: e.TYPE)
def test_an_emptied_event_of_a_case_can_be_read_and_says_nothing(event: type[CaseEvent]) -> None:
    message = encode(said(event, title="王秀英家", message="王秀英说"))
    value = value_emptied(event.TYPE, message.value, Scope.PERSON)
    assert "王秀英" not in value.decode() and "r-1" not in value.decode()
    read = event.model_validate_json(value)
    assert (read.title, read.message, read.resident_id) == (ERASED[Language.ZH], None, None)
    assert read.party == said(event).data.party
    assert value_emptied(event.TYPE, value, Scope.PERSON) == value, "a second time there is nothing to do"


@pytest.mark.parametrize("event", _OWN, ids=lambda e: e.TYPE)
def test_what_staff_wrote_can_go_alone(event: type[CaseEvent]) -> None:
    """The reporter, and what the reporter said, stay; of a part goes what staff called it."""
    message = encode(said(event, title="电梯停了", message="王秀英说", put_right=None))
    read = event.model_validate_json(value_emptied(event.TYPE, message.value, Scope.STAFF))
    assert (read.title, read.resident_id) == ("电梯停了", said(event).data.resident_id)
    assert (read.message == "王秀英说") == (event in {CaseWithdrawn, CaseRated, CaseSupplemented})
    of_part = event.model_validate_json(value_emptied(event.TYPE, message.value, Scope.PART))
    assert (of_part.title, getattr(of_part, "text", "")) == (ERASED[Language.ZH], "")
    assert event.STAFF_WORDS <= event.WORDS


def _at(event: type[CaseEvent]) -> dict[str, str]:
    return {"place": "402"} if "place" in event.model_fields else {}


@pytest.mark.parametrize("event", [CaseCorrected, CaseDispatched, CaseNoted, CaseRated, CaseWithdrawn])
def test_what_staff_put_right_goes_with_what_staff_wrote(event: type[CaseEvent]) -> None:
    """Whatever step tells of it, and whoever took that step."""
    data = said(event, title="王秀英家的灯", **_at(event), put_right=["title", "place"], by="resident").data
    left = emptied(data, Scope.STAFF)
    assert (left.title, getattr(left, "place", None), left.resident_id) == (ERASED[Language.ZH], None, "r-1")
    only_the_title = emptied(data.model_copy(update={"put_right": ("title",)}), Scope.STAFF)
    assert getattr(only_the_title, "place", None) == getattr(data, "place", None)


def test_of_a_correction_stays_which_category_it_was() -> None:
    left = emptied(said(CaseCorrected).data, Scope.PERSON)
    assert (left.was_title, left.was_place, left.was_category) == (None, None, "facilities")
    assert left.changed == ("title", "place", "category")


def test_the_reason_of_a_withdrawal_that_became_a_note_is_the_reporters() -> None:
    assert emptied(said(CaseNoted, message="不用了", by="resident").data, Scope.STAFF).message == "不用了"


def test_an_answer_that_staff_wrote_down_is_staff_s() -> None:
    written = said(CaseRated, message="王秀英家也好了", recorded=True).data
    assert emptied(written, Scope.STAFF).message is None


def test_an_event_says_how_much_is_to_be_forgotten() -> None:
    assert forgetting(said(CaseErased, sequence=7)) == Forgetting(Scope.PERSON)
    assert forgetting(said(CaseRedacted, sequence=7)) == Forgetting(Scope.STAFF, before=7)
    assert forgetting(said(CaseRedacted, sequence=7, part_of="c1")) == Forgetting(Scope.PART, before=7)
    assert forgetting(said(CaseReturned)) is None


def test_an_event_that_nobody_else_knows_of_says_so_itself() -> None:
    class Line(Record):
        WORDS = frozenset({"said"})
        said: str
        number: int

    class DiaryClosed(Event):
        SOURCE, TOPIC = "linli/diary", Topic(name="diary", key="day")
        WORDS = frozenset({"lines", "name"})
        FORGETS = Scope.PERSON
        lines: tuple[Line, ...]
        name: str

        @property
        def story(self) -> str:
            return "d1"

    event = DiaryClosed(lines=(Line(said="王秀英", number=1),), name="王秀英")
    assert forgetting(Envelope("linli/diary", "d1", 7, NOON, "d1", event)) == Forgetting(Scope.PERSON)
    nothing = ERASED[Language.ZH]
    assert emptied(event, Scope.PERSON) == DiaryClosed(lines=(Line(said=nothing, number=1),), name=nothing)


def test_what_is_said_after_it_stays() -> None:
    reaches = Forgetting(Scope.STAFF, before=7).reaches
    assert (reaches(6), reaches(7), reaches(8), reaches(None)) == (True, False, False, True)
    assert Forgetting(Scope.PERSON).reaches(8)


def test_of_a_case_that_was_split_stays_who_has_which_part() -> None:
    event = said(CaseSplit).data
    (before, *_), (after, *_) = event.parts, emptied(event, Scope.STAFF).parts
    assert (after.case_id, after.party) == (before.case_id, before.party)
    assert (after.what, after.title) == (ERASED[Language.ZH],) * 2


def test_a_submission_keeps_where_it_belongs_and_loses_who_and_what() -> None:
    data = submitted("s1", text="王秀英", place="3号楼402", neighbourhood="east", attributes={"name": "王秀英"}).data
    said_no_more = emptied(data, Scope.PERSON)
    assert said_no_more.model_dump(exclude_none=True, mode="json") == {
        "submission_id": "s1",
        "community": "test",
        "channel": "web",
        "title": "（内容已删除）",
        "text": "",
        "neighbourhood": "east",
        "attributes": {},
        "submitted_at": "2026-11-23T04:00:00Z",
        "due_from_call": False,
        "different": False,
        "language": "zh-CN",
        "tracking_hash": "erased:s1",
    }


def test_a_reader_of_english_finds_english_and_a_required_reason_stays_readable() -> None:
    event = said(CaseReturned, language="en", reason="Mr Wang is not at home").data
    left = emptied(event, Scope.PERSON)
    assert (left.title, left.reason) == ("(erased)", "(erased)")
    assert CaseErased.WORDS == CaseEvent.WORDS


@pytest.mark.parametrize(("type", "value"), [("linli.unknown.v1", b'{"name": "x"}'), (CaseReturned.TYPE, b"\xff")])
def test_what_cannot_be_read_loses_its_value(type: str, value: bytes) -> None:
    assert value_emptied(type, value, Scope.PERSON) == b""
