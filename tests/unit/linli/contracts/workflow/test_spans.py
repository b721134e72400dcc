"""Durations and times of day as a clerk writes them."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from linli.contracts.base import ENTERING
from linli.contracts.workflow.spans import Duration, Hours

SPAN = TypeAdapter(Duration)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30m", timedelta(minutes=30)),
        ("2h", timedelta(hours=2)),
        ("2H", timedelta(hours=2)),
        ("7 d", timedelta(days=7)),
        ("90s", timedelta(seconds=90)),
        ("2h30m", timedelta(hours=2, minutes=30)),
        ("1d 12h", timedelta(days=1, hours=12)),
        ("２ｈ", timedelta(hours=2)),
        ("2小时", timedelta(hours=2)),
        ("30分钟", timedelta(minutes=30)),
        ("1天12小时", timedelta(days=1, hours=12)),
        ("2个小时", timedelta(hours=2)),
        ("PT2H", timedelta(hours=2)),
        ("P1DT30M", timedelta(days=1, minutes=30)),
        ("P1D", timedelta(days=1)),
    ],
)
def test_a_duration_is_read_with_its_unit(written: str, meant: timedelta) -> None:
    assert SPAN.validate_python(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        2,
        2.5,
        True,
        "2",
        "120",
        "24:00",
        "02:00:00",
        "1 day, 0:00:00",
        "1w",
        "1周",
        "1.5h",
        "2h 3",
        "h",
        "2h2h",
        "-2h",
        "P",
        "PT",
    ],
)
def test_what_names_no_unit_that_is_known_is_refused_with_the_units_that_are(written: object) -> None:
    with pytest.raises(ValidationError, match=r"30m, 2h or 7d.*分钟.*小时.*天"):
        SPAN.validate_python(written)


@pytest.mark.parametrize("written", ["0m", "0h", "PT0S", "-PT2H", "367d", "9999d"])
def test_a_duration_lasts_and_ends_within_a_year(written: str) -> None:
    with pytest.raises(ValidationError):
        SPAN.validate_python(written)


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=366)))
def test_what_is_stored_is_read_again(span: timedelta) -> None:
    assert SPAN.validate_json(SPAN.dump_json(span)) == span


@pytest.mark.parametrize(
    ("start", "end", "within", "without"),
    [
        ("8:00", "18:00", time(8), time(18)),
        ("08:00", "18:00", time(17, 59, 59), time(7, 59)),
        ("22:00", "06:00", time(5, 59), time(6)),
        ("18:00", "24:00", time.max, time(0)),
        ("８：００", "18:00:30", time(18, 0, 29), time(18, 0, 30)),
    ],
)
def test_hours_hold_from_the_first_to_before_the_last(start: str, end: str, within: time, without: time) -> None:
    hours = Hours.model_validate({"from": start, "to": end}, context=ENTERING)
    assert (hours.contain(within), hours.contain(without), hours.never) == (True, False, False)


def test_a_whole_day_is_from_0_to_24() -> None:
    hours = Hours.model_validate({"from": "00:00", "to": "24:00"})
    assert hours.contain(time(0))
    assert hours.contain(time.max)
    assert Hours.model_validate_json(hours.model_dump_json()) == hours


@pytest.mark.parametrize(
    "written", [8, 8.5, True, "8", "0800", "8点", "25:00", "24:01", "12:60", "8:0", "", "08:00Z", "08:00+08:00"]
)
def test_what_is_no_time_of_day_is_refused_with_how_to_write_it(written: object) -> None:
    with pytest.raises(ValidationError, match="08:00"):
        Hours.model_validate({"from": written, "to": "18:00"}, context=ENTERING)


@pytest.mark.parametrize("stored", ["00:00:08Z", "08:00:00+08:00"])
def test_hours_with_a_zone_that_were_taken_once_can_be_read_and_asked(stored: str) -> None:
    hours = Hours.model_validate({"from": stored, "to": "18:00:00"})
    assert hours.contain(time(12))
