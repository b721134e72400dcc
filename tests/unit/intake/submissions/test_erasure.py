"""What is left of a submission whose reporter is forgotten, and how a resident may be named."""

from datetime import UTC, datetime
from typing import Any

import pytest

from intake.residents.domain import Named, named
from intake.submissions.domain.erasure import erased
from intake.submissions.domain.known import known_of
from intake.submissions.domain.request import NewSubmission, Reporter
from intake.submissions.domain.submission import Repetition, Submission, accepted, submitted
from linli.contracts.intake.submission import ResidentErased, Submitted
from linli.privacy.known import without
from linli.web.problems import Problem

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WANG = {"name": "王秀英", "phone": "0532-87654321", "email": "Wang@Resident.Example", "address": "槐荫里3号楼402室"}


def taken(**fields: Any) -> Submission:
    new = NewSubmission.model_validate({"kind": "report", "title": "停水了", "reporter": WANG, **fields})
    repetition = Repetition("resident:one:k-87654321", "body")
    said = {"community": "test", "id": "s1", "tracking_code": "0A1B2C3D4E5F", "now": NOW, "pseudonyms": b"key"}
    return accepted(new, repetition=repetition, **said)


def test_no_event_holds_what_is_known_of_its_reporter() -> None:
    told = submitted(
        taken(
            title="王秀英家停水",
            text="打８７６５ ４３２１或0532 8765-4321，wang@resident.example，住槐荫里 3号楼402室",
            place="槐荫里3号楼402室厨房",
            attributes={"contact": "王 秀英", "line": 87654321, "floor": 4},
        ),
        None,
    ).data
    assert isinstance(told, Submitted)
    assert (told.title, told.place) == ("王**家停水", "***厨房")
    assert told.text == "打****4321或0532****4321，W***@***，住***"
    assert told.attributes == {"contact": "王**", "line": "****4321", "floor": 4}


def test_the_submission_stays_as_a_number_of_a_kind_and_tells_the_others() -> None:
    before = taken(text="王秀英", place="402", attributes={"a": "王秀英"}, location={"lon": 120.4, "lat": 36.1})
    after, event = erased(before, "ZZZZZZZZZZZZ", 2, NOW)
    personal = ("place", "location", "attributes", "reporter", "resident_id", "repetition")
    assert [getattr(after, name) for name in personal] == [None] * len(personal)
    assert (after.title, after.text, after.tracking_code) == ("（内容已删除）", "", "ZZZZZZZZZZZZ")
    assert (after.kind, after.community, after.received_at, after.erased_at) == (before.kind, "test", NOW, NOW)
    assert (event.id, event.data) == ("s1:2", ResidentErased(submission_id="s1", erased_at=NOW))


def test_it_is_recognised_by_its_id_outside_unless_that_names_the_person() -> None:
    after, _ = erased(taken(channel="hotline", external_id="12345-1"), "ZZZZZZZZZZZZ", 2, NOW)
    assert after.external_id == "12345-1"
    after, _ = erased(taken(channel="hotline", external_id="tel 0532-8765 4321"), "ZZZZZZZZZZZZ", 2, NOW)
    assert after.external_id is None


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("138 1234-5678", "reporter.phone", "+8613812345678"),
        ("0532-87654321", "reporter.phone", "+8653287654321"),
        (" wang@resident.example ", "reporter.email", "wang@resident.example"),
        ("7k3m-9qwx-2rtv", "tracking_code", "7K3M9QWX2RTV"),
        ("r-" + "0a" * 16, "resident_id", "r-" + "0a" * 16),
        ("0199E0A4-7d1c-7c55-8d6f-0e6f6f1f9a01", "_id", "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"),
    ],
)
def test_a_resident_is_named_by_what_they_have_at_hand(said: str, field: str, value: str) -> None:
    assert named(said) == Named(field, value)


@pytest.mark.parametrize("said", ["王秀英", "12345", "a@", "r-12", "7K3M-9QWX", "*", "{}"])
def test_what_names_nobody_is_refused_and_not_repeated(said: str) -> None:
    with pytest.raises(Problem) as refused:
        named(said)
    assert (refused.value.status, said in refused.value.detail.replace("(r-…)", "")) == (422, False)


@pytest.mark.parametrize(
    ("address", "others", "after"),
    [
        ("槐荫里3号楼402室", "住槐荫里 3号楼402室的人", "住***的人"),
        ("Flat 402, 12 Elm Road 1203", "at flat 402 12 elm road 1203!", "at ***!"),
        ("槐荫里3号楼2单元", "槐荫里3号楼2单元门口路灯不亮", "槐荫里3号楼2单元门口路灯不亮"),
        ("电梯坏了", "3号楼电梯坏了", "3号楼电梯坏了"),
        ("2026", "2026年", "2026年"),
        ("20260101", "自20260101起停水", "自20260101起停水"),
    ],
)
def test_of_others_words_only_an_address_that_leads_to_a_door_is_masked(address: str, others: str, after: str) -> None:
    assert without(others, known_of(Reporter(address=address), names=False)) == after
