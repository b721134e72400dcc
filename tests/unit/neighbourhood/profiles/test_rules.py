"""Rules are data with a source: shares without rounding, spans without a clock, and no number that nobody said."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from linli.contracts.neighbourhood.profile import Bound, Counting, DayUnit, NoRule, RuleProfile, Switch, Term, TermRule
from linli.contracts.neighbourhood.rules import Base, Citation, LegalClass, Read, Share
from neighbourhood.profiles.days import last_day, over_at
from neighbourhood.profiles.qingdao import JINAN_LIFTS, MORE_THAN_HALF, QINGDAO, THREE_QUARTERS, TWO_THIRDS

QINGDAO_TIME = ZoneInfo("Asia/Shanghai")
SOURCE = Citation(law="测试", read=Read.CHOICE)


def weekday(day: date) -> bool:
    return day.weekday() < 5


def span(length: int, counting: Counting, unit: DayUnit = DayUnit.DAY) -> TermRule:
    return TermRule(term=Term.PUBLICITY, length=length, unit=unit, counting=counting, citation=SOURCE)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=QINGDAO_TIME)


def test_wrong_rounding_exactly_two_thirds_and_three_quarters_pass_and_exactly_half_fails() -> None:
    assert TWO_THIRDS.met(2, 3) and TWO_THIRDS.met(1920_00, 2880_00)
    assert THREE_QUARTERS.met(3, 4) and THREE_QUARTERS.met(1620_00, 2160_00)
    assert not MORE_THAN_HALF.met(1, 2) and MORE_THAN_HALF.met(50_01, 100_00)
    assert not THREE_QUARTERS.met(25, 34) and not TWO_THIRDS.met(1919_99, 2880_00)


@given(st.integers(0, 10**12), st.integers(1, 10**12), st.sampled_from([TWO_THIRDS, THREE_QUARTERS, MORE_THAN_HALF]))
def test_a_share_is_met_as_exact_fractions_say(part: int, whole: int, share: Share) -> None:
    wanted = Fraction(share.numerator, share.denominator)
    assert share.met(part, whole) is (Fraction(part, whole) >= wanted if share.or_equal else part > wanted * whole)


@given(st.integers(0, 3), st.sampled_from([TWO_THIRDS, THREE_QUARTERS, MORE_THAN_HALF]))
def test_of_nothing_nothing_is_enough(part: int, share: Share) -> None:
    assert not share.met(part, 0)


def test_items_six_to_eight_of_article_278_need_three_quarters_and_the_others_more_than_half() -> None:
    strict = {LegalClass.FUND_RAISING, LegalClass.REBUILDING, LegalClass.COMMON_PARTS}
    of_278 = [each for each in QINGDAO.matters if "二百七十八" in each.citation.article]
    assert len(of_278) == 9
    for rule in of_278:
        assert (rule.quorum, rule.base) == (TWO_THIRDS, Base.PARTICIPATING)
        assert rule.approval == (THREE_QUARTERS if rule.legal_class in strict else MORE_THAN_HALF)
        assert rule.citation.confirmed


def test_the_lift_rule_of_jinan_counts_all_and_that_of_qingdao_is_unconfirmed() -> None:
    lift = JINAN_LIFTS.matter(LegalClass.LIFT)
    assert (lift.base, lift.quorum, lift.approval) == (Base.ALL, None, TWO_THIRDS)
    assert not QINGDAO.matter(LegalClass.LIFT).citation.confirmed


def test_what_no_rule_says_is_asked_and_not_guessed() -> None:
    with pytest.raises(NoRule):
        QINGDAO.matter(LegalClass.RESIDENTS_COVENANT)
    with pytest.raises(NoRule):
        QINGDAO.term(Term.LIFT_POSTING)


def test_every_number_has_its_source_and_what_to_check_is_told() -> None:
    open_questions = QINGDAO.unconfirmed()
    assert all(each.law or each.note for each in open_questions) and len(open_questions) == 4
    assert QINGDAO.limit(Bound.PRINCIPALS_PER_AGENT) == 3 and not QINGDAO.says(Switch.ONLINE_BINDS)
    assert RuleProfile.model_validate_json(QINGDAO.model_dump_json()) == QINGDAO


def test_a_profile_says_each_rule_once_and_ends_after_it_begins() -> None:
    with pytest.raises(ValidationError):
        RuleProfile.model_validate(QINGDAO.model_dump() | {"limits": [*QINGDAO.limits, QINGDAO.limits[0]]})
    with pytest.raises(ValidationError):
        RuleProfile.model_validate(QINGDAO.model_dump() | {"until": "2020-01-01"})
    assert QINGDAO.in_force(date(2021, 1, 1)) and not QINGDAO.in_force(date(2020, 12, 31))


def test_three_full_days_end_at_the_third_midnight_after_the_day_of_posting() -> None:
    posted = at(2026, 3, 2, 9)
    assert over_at(posted, span(3, Counting.FULL), QINGDAO_TIME, weekday) == at(2026, 3, 6)


def test_fifteen_days_before_a_meeting_is_the_fifteenth_day_after_the_notice() -> None:
    assert over_at(at(2026, 3, 2, 23, 59), span(15, Counting.BEFORE), QINGDAO_TIME, weekday) == at(2026, 3, 17)


def test_a_day_is_the_one_where_the_place_is() -> None:
    late = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # half past midnight of the third
    assert over_at(late, span(3, Counting.FULL), QINGDAO_TIME, weekday) == at(2026, 3, 7)


def test_what_is_due_on_a_day_off_is_due_on_the_next_working_day() -> None:
    wednesday, due = at(2026, 3, 4, 12), span(3, Counting.WITHIN)
    assert last_day(wednesday, due, QINGDAO_TIME, weekday) == date(2026, 3, 9)
    assert over_at(wednesday, due, QINGDAO_TIME, weekday) == at(2026, 3, 10)


def test_working_days_leave_out_days_off_and_a_year_ends_on_its_own_day() -> None:
    friday = at(2026, 3, 6, 8)
    assert last_day(friday, span(2, Counting.FULL, DayUnit.WORKING_DAY), QINGDAO_TIME, weekday) == date(2026, 3, 10)
    leap = at(2024, 2, 29, 8)
    assert last_day(leap, span(1, Counting.FULL, DayUnit.YEAR), QINGDAO_TIME, weekday) == date(2025, 2, 28)


_FIRST, _LAST = datetime(2020, 1, 1), datetime(2035, 1, 1)  # noqa: DTZ001 hypothesis adds the zone
MOMENTS = st.datetimes(_FIRST, _LAST, timezones=st.just(UTC))


@given(MOMENTS, st.integers(1, 60), st.sampled_from([*Counting]), st.sampled_from([*DayUnit]))
def test_a_span_ends_at_a_midnight_and_holds_at_least_its_length(
    start: datetime, length: int, counting: Counting, unit: DayUnit
) -> None:
    rule = span(length, counting, unit)
    over = over_at(start, rule, QINGDAO_TIME, weekday)
    assert (over.hour, over.minute, over.second) == (0, 0, 0)
    whole = length if counting is not Counting.BEFORE else length - 1
    assert over - start >= timedelta(days=whole)
    later = over_at(start + timedelta(days=1), rule, QINGDAO_TIME, weekday)
    assert later >= over, "who begins later is never over sooner"
