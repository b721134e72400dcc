"""Who reports an outage is told so at once."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intake.submissions.domain.outages import Outages, told
from intake.submissions.domain.request import NewSubmission
from intake.submissions.domain.submission import Submission, accepted, submitted
from linli.contracts.workflow.outage import OutageDeclared, OutageEvent
from tests.support.builders import NOON, square


def outage(**said: Any) -> OutageEvent:
    data: dict[str, Any] = {"outage_id": "w-1", "community": "test", "party": "water-co", "state": "declared"}
    data |= {"utility": "water", "starts_at": NOON, "occurred_at": NOON, "cause": "works"}
    data |= {"area": {"neighbourhoods": ["east"]}, "touches": ["east"]}
    return OutageDeclared.model_validate(data | said)


def reported(**said: Any) -> Submission:
    new = NewSubmission.model_validate({"kind": "report", "title": "停水了", "neighbourhood": "east"} | said)
    common: dict[str, Any] = {"community": "test", "id": "s1", "tracking_code": "0A1B2C3D4E5F"}
    return accepted(new, **common, now=NOON, pseudonyms=b"key", repetition=None)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, True),
        ({"neighbourhood": "west"}, False),
        ({"neighbourhood": None}, False),
        ({"title": "路灯不亮"}, False),
        ({"kind": "demand"}, False),
        ({"different": True}, False),
    ],
)
def test_what_is_about_it_is_known(said: dict[str, Any], expected: bool) -> None:
    assert (Outages.of([outage()]).about(reported(**said)) is not None) is expected


def test_a_point_in_its_polygon_is_enough() -> None:
    known = Outages.of([outage(area={"polygon": square(120.40, 36.10)}, touches=[])])
    assert known.about(reported(neighbourhood=None, location={"lon": 120.405, "lat": 36.105}))
    assert not known.about(reported(neighbourhood=None, location={"lon": 120.5, "lat": 36.105}))


def test_where_nothing_is_off_nothing_is_known() -> None:
    assert Outages().about(reported()) is None


def test_it_is_said_in_both_languages_until_when_as_long_as_that_lies_ahead() -> None:
    facts, zone = outage(until=NOON + timedelta(hours=6)), ZoneInfo("Asia/Shanghai")
    said = told(facts, zone, NOON)
    assert said.text_zh.startswith("已知：停水（施工检修），预计 18:00 恢复。您的反映已计入。")
    assert said.text_en.startswith("Known: water off for works until 18:00. Yours is counted.")
    late = told(facts, zone, NOON + timedelta(hours=7))
    assert "18:00" not in late.text_zh and "until" not in late.text_en


def test_that_it_is_something_else_goes_to_workflow() -> None:
    for different in (True, False):
        data = submitted(reported(different=different), None).data
        assert data.model_dump()["different"] is different
