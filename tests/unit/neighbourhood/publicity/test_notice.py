"""Notices that hang: in every building, unbroken, with exactly the text that is meant."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.base import strict_json, tolerant
from linli.contracts.neighbourhood.publicity import DayRule, PublicityEvent, Subject
from linli.frozen import replace
from neighbourhood.profiles.sources import qingdao
from neighbourhood.publicity.domain import deciding as do
from neighbourhood.publicity.domain.notice import NoticeStage, PostedNotice, days_of, evolve, replayed
from neighbourhood.refusal import Refusal

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 2, 1, tzinfo=UTC)  # Monday, 9:00 there
ONE, OTHER = "1" * 64, "2" * 64
RULE = DayRule(length=3, citation=qingdao("第九十二条"))


def weekdays(day: date) -> bool:
    return day.weekday() < 5


class Hanging:
    """A notice for two buildings, and all that happened to it."""

    def __init__(self, rule: DayRule = RULE) -> None:
        self.now = START
        self.notice: PostedNotice | None = None
        self.story: list[PublicityEvent] = []
        self.does(do.Prepare("n1", "desk", "test", "east", Subject.PLAN, "p1", ONE, ("b1", "b2"), rule))

    def does(self, command: do.Command) -> str | None:
        """The slug of the refusal, or None."""
        decision = do.decide(self.notice, command, self.now, ZONE, weekdays)
        if isinstance(decision, Refusal):
            assert decision.why and decision.why.chinese
            return decision.slug
        for event in decision:
            self.notice = evolve(self.notice, event)
            self.story.append(event)
        return None

    def posts(self, *buildings: str, digest: str = ONE) -> str | None:
        return [self.does(do.Post("desk", each, digest, self.now)) for each in buildings or ("b1", "b2")][-1]

    def at(self, *moment: int) -> "Hanging":
        self.now = datetime(*moment, tzinfo=ZONE)  # type: ignore[arg-type,misc]
        return self

    def completes(self) -> str | None:
        return self.does(do.Complete("linli"))


def test_short_notice_does_not_complete() -> None:
    """The embarrassing one: a notice a minute short."""
    hanging = Hanging()
    hanging.posts()
    assert hanging.at(2026, 11, 5, 23, 59).completes() == "days_not_over"
    assert hanging.at(2026, 11, 6).completes() is None
    assert hanging.notice and hanging.notice.stage is NoticeStage.COMPLETED


def test_one_changed_character_begins_the_days_anew() -> None:
    """The embarrassing one: the text is put right on the last day."""
    hanging = Hanging()
    hanging.posts()
    hanging.at(2026, 11, 5, 12).does(do.ChangeText("desk", OTHER))
    assert hanging.at(2026, 11, 6).completes() == "not_posted_everywhere"
    assert hanging.posts(digest=ONE) == "other_text"
    hanging.posts(digest=OTHER)
    assert hanging.at(2026, 11, 9, 12).completes() == "days_not_over"
    assert hanging.at(2026, 11, 10).completes() is None


def test_a_change_after_the_days_begins_them_anew_as_well() -> None:
    hanging = Hanging()
    hanging.posts()
    hanging.at(2026, 11, 6).completes()
    hanging.does(do.ChangeText("desk", OTHER))
    assert hanging.notice and hanging.notice.completed is None
    assert hanging.completes() == "not_posted_everywhere"


def test_the_same_text_again_changes_nothing() -> None:
    hanging = Hanging()
    hanging.posts()
    before = hanging.notice
    assert hanging.does(do.ChangeText("desk", ONE)) is None
    assert hanging.notice == before


def test_days_count_from_the_last_building() -> None:
    hanging = Hanging()
    hanging.posts("b1")
    assert hanging.notice and hanging.notice.reached == (1, 2)
    hanging.at(2026, 11, 4, 9).posts("b2")
    assert hanging.at(2026, 11, 6).completes() == "days_not_over"
    assert hanging.at(2026, 11, 8).completes() is None  # a Saturday can be its last day


def test_a_torn_down_sheet_begins_anew_where_the_rule_wants_it_unbroken() -> None:
    broken, forgiven = Hanging(), Hanging(RULE.model_copy(update={"unbroken": False}))
    for hanging in (broken, forgiven):
        hanging.posts()
        hanging.at(2026, 11, 5, 9).does(do.Miss("grid", "b1"))
        assert hanging.at(2026, 11, 6).completes() == "not_posted_everywhere"
        hanging.posts("b1")
    assert (broken.completes(), forgiven.completes()) == ("days_not_over", None)


def test_no_posting_is_dated_before_its_text_or_after_now() -> None:
    hanging = Hanging()
    for at in (START - timedelta(seconds=1), START + timedelta(seconds=1)):
        assert hanging.does(do.Post("desk", "b1", ONE, at, OTHER)) == "posted_at_wrong"


def test_what_was_missing_did_not_hang_before_it_was_missed_and_an_earlier_time_wants_a_photo() -> None:
    hanging = Hanging()
    hanging.posts()
    hanging.at(2026, 11, 5, 9).does(do.Miss("grid", "b1"))
    missed = hanging.now
    hanging.at(2026, 11, 5, 12)
    assert hanging.does(do.Post("desk", "b1", ONE, START, OTHER)) == "posted_at_wrong"
    assert hanging.does(do.Post("desk", "b1", ONE, missed)) == "photo_missing"
    assert hanging.does(do.Post("desk", "b1", ONE, missed, OTHER)) is None


def test_a_notice_is_in_its_buildings_and_stays_ended() -> None:
    hanging = Hanging()
    assert hanging.posts("b9") == "not_its_building"
    hanging.does(do.End("desk"))
    assert hanging.posts("b1") == "publicity_over"


COMMANDS: st.SearchStrategy[Any] = st.one_of(
    st.builds(do.Post, st.just("desk"), st.sampled_from(["b1", "b2", "b3"]), st.sampled_from([ONE, OTHER]), st.none()),
    st.builds(do.Miss, st.just("grid"), st.sampled_from(["b1", "b2"])),
    st.builds(do.ChangeText, st.just("desk"), st.sampled_from([ONE, OTHER])),
    st.builds(do.Complete, st.just("linli")),
    st.builds(do.End, st.just("desk")),
)


@given(st.lists(st.tuples(COMMANDS, st.integers(0, 50)), max_size=40))
def test_whatever_is_done_its_story_leads_to_the_same_and_no_day_is_given_away(steps: list[tuple[Any, int]]) -> None:
    hanging = Hanging()
    for command, hours in steps:
        hanging.now += timedelta(hours=hours)
        hanging.does(replace(command, posted_at=hanging.now) if isinstance(command, do.Post) else command)
        notice = hanging.notice
        assert notice
        if notice.completed and notice.stage is NoticeStage.COMPLETED:
            days = days_of(notice, ZONE, weekdays)
            assert days and days.over(hanging.now) and notice.completed.digest == notice.digest
    again = [tolerant(type(event), strict_json(event)) for event in hanging.story]
    assert replayed(again) == hanging.notice  # type: ignore[arg-type]
    assert hanging.notice and hanging.notice.version == len(hanging.story)
