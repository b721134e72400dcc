"""What intake decides, without a socket."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from intake.residents.domain import Named, named
from intake.submissions.domain.directory import Directory
from intake.submissions.domain.reporter import masked_contact, resident_id
from intake.submissions.domain.request import NewSubmission, Reporter
from intake.submissions.domain.submission import Submission, accepted, submitted, withdrawn
from linli.contracts.envelope import decode, encode
from linli.contracts.intake.submission import SubmissionWithdrawn, Submitted
from linli.contracts.kinds import Kind
from linli.privacy.tracking import tracking_hash
from linli.web.problems import Problem
from tests.support.builders import community

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CODE = "0A1B2C3D4E5F"


def said(**fields: Any) -> NewSubmission:
    return NewSubmission.model_validate({"kind": "report", "title": "楼道灯坏了", **fields})


def taken(new: NewSubmission) -> Submission:
    return accepted(new, community="test", id="s1", tracking_code=CODE, now=NOW, pseudonyms=b"key", repetition=None)


# What may be said ----------------------------------------------------------------------------------------------------


def test_a_telephone_number_is_kept_as_e164_however_it_is_written() -> None:
    for written in ("13900000101", "139 0000 0101", "+86-139-0000-0101", "0086 13900000101"):
        assert Reporter(phone=written).phone == "+8613900000101"
    assert Reporter(phone="0532-87654321").phone == "+8653287654321"
    assert Reporter(phone="+44 20 7946 0958").phone == "+442079460958"


def test_only_an_operator_may_pass_for_a_hotline_or_a_device() -> None:
    assert said().operators_fields() == []
    new = said(kind="alarm", channel="device", external_id="1", submitted_at="2026-01-01T08:00:00+08:00")
    assert new.operators_fields() == ["kind", "channel", "external_id", "submitted_at"]
    assert said(due_from_call=True).operators_fields() == ["due_from_call"]
    with pytest.raises(ValidationError):
        said(kind="report", channel="device")


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda c: st.dictionaries(st.text(), c)))
def test_whatever_is_said_is_understood_or_refused_and_never_breaks(anything: Any) -> None:
    for fields in ({"attributes": anything}, {"reporter": anything}, {"location": anything}, {"title": anything}):
        try:
            new = said(**fields)
        except ValidationError:
            continue
        message = encode(submitted(taken(new), None))
        assert decode(b"s1", message.value, message.headers.items()).subject == "s1"


# Where it belongs ----------------------------------------------------------------------------------------------------


def test_a_category_is_for_the_kinds_it_names_or_for_all() -> None:
    directory = Directory.of([community()])
    assert directory.community_of(said(kind="demand", category="facilities.lift")) == "test"
    assert directory.community_of(said(kind="dispute", category="water")) == "test"
    with pytest.raises(Problem, match="not meant for a dispute, but for: demand, report") as refused:
        directory.community_of(said(kind="dispute", category="facilities.lift"))
    assert refused.value.slug == "category_kind_mismatch"


def test_without_any_community_nothing_is_taken_yet() -> None:
    with pytest.raises(Problem) as refused:
        Directory().community_of(said())
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (503, "5")


# What becomes of it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_told_by_its_own_event_with_what_is_personal_masked(kind: Kind) -> None:
    new = said(
        kind=kind,
        text="请打 138 0013 8000",
        place="找李四 13900000101",
        reporter={"name": "李四", "phone": "13900000101", "language": "en"},
    )
    event = submitted(taken(new), None)
    assert event.type == f"linli.{kind}.submitted.v1"
    assert (event.id, event.sequence, event.correlationid) == ("s1:1", 1, "s1")
    assert isinstance(event.data, Submitted)
    assert (event.data.text, event.data.place) == ("请打 138****8000", "找李** 139****0101")
    assert event.data.tracking_hash == tracking_hash("oalb-2c3d-4e5f")
    assert event.data.language == "en"
    kept = taken(new)
    assert kept.text == "请打 138 0013 8000"
    assert kept.reporter
    assert kept.reporter.phone == "+8613900000101"


def test_what_was_said_before_keeps_its_time_and_what_lies_ahead_is_refused() -> None:
    assert taken(said(submitted_at="2026-11-01T08:00:00+08:00")).submitted_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert taken(said()).submitted_at == NOW
    with pytest.raises(Problem, match="future"):
        taken(said(submitted_at=(NOW + timedelta(seconds=1)).isoformat()))


def test_a_number_in_the_hotline_s_own_number_is_masked_where_the_submission_is_shown() -> None:
    shown = taken(said(external_id="13900000101-77", channel="hotline")).view()
    assert shown["external_id"] == "139****0101-77"
    assert taken(said(external_id="12345-77", channel="hotline")).view()["external_id"] == "12345-77"


def test_a_withdrawal_follows_the_submission_and_masks_its_reason() -> None:
    submission, event = withdrawn(taken(said()), "请联系 a@b.cn", NOW, None)
    assert submission.withdrawn_at == NOW
    assert (event.id, event.sequence) == ("s1:2", 2)
    assert isinstance(event.data, SubmissionWithdrawn)
    assert event.data.reason == "请联系 a***@***"


def test_a_pseudonym_is_stable_and_depends_on_the_key() -> None:
    by_phone = Reporter(phone="13900000101", email="a@b.cn")
    assert resident_id(by_phone, b"key") == resident_id(Reporter(phone="+86 13900000101"), b"key")
    assert resident_id(by_phone, b"key") != resident_id(by_phone, b"other")
    assert resident_id(Reporter(email="A@B.cn"), b"key") == resident_id(Reporter(email="a@b.cn"), b"key")
    assert resident_id(Reporter(name="王"), b"key") is None
    assert resident_id(None, b"key") is None


def test_a_contact_is_shown_so_that_it_can_be_recognised_and_not_used() -> None:
    shown = masked_contact(Reporter(name="王桂兰", phone="13900000101", email="wang@residents.example"))
    assert shown == {
        "name": "王**",
        "phone": "+86139****0101",
        "email": "w***@residents.example",
        "language": "zh-CN",
    }


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("７Ｋ３Ｍ－９ＱＷＸ－２ＲＴＶ", "tracking_code", "7K3M9QWX2RTV"),
        ("7k3m–9qwx–2rtv。", "tracking_code", "7K3M9QWX2RTV"),
        ("１３９ ００００ ０１０１", "reporter.phone", "+8613900000101"),
        ("wang＠example.com", "reporter.email", "wang@example.com"),
    ],
)
def test_a_resident_is_found_by_what_was_pasted(said: str, field: str, value: str) -> None:
    assert named(said) == Named(field, value)
