"""A case of which the reporter is forgotten can be dealt with, counted and closed as before."""

from datetime import timedelta

import pytest

from linli.contracts.intake.submission import Point
from linli.contracts.workflow.case import CaseErased, CaseRedacted, CaseState
from tests.support.builders import NOON, altered, community, submitted
from workflow.cases.domain.acting import act
from workflow.cases.domain.action import Action, Command
from workflow.cases.domain.erasure import erase, redact
from workflow.cases.domain.feedback import FollowUp
from workflow.cases.domain.follow_up import follow_up
from workflow.cases.domain.particulars import different
from workflow.cases.domain.submitted import open_case, route_case
from workflow.community.domain.directory import Directory

HERE = Directory(community(), 1)


def dispatched():
    event = submitted("c1", text="王秀英", place="402", neighbourhood="east", category="facilities.lift", location=None)
    case, _ = open_case("c1", event.data, HERE, NOON)
    return route_case(case, HERE, NOON)[0]


def test_what_was_written_goes_and_what_is_owed_stays():
    before = dispatched()
    after, event = erase(before, NOON + timedelta(days=1))
    assert isinstance(event, CaseErased)
    assert (after.about.title, after.text, after.about.place, after.attributes) == ("（内容已删除）", "", None, {})
    assert (after.resident_id, after.tracking_hash) == (None, "erased:c1")
    kept = ("state", "party", "rule", "clock", "first_party")
    assert all(getattr(after, name) == getattr(before, name) for name in kept)
    assert set(different(after.about, before.about)) <= {"title", "place", "location"}
    assert (after.version, event.title, event.resident_id) == (before.version + 1, after.about.title, None)


def test_the_place_on_the_map_goes_too_but_not_the_neighbourhood_that_was_found_by_it():
    event = submitted("c1", location=Point(lon=120.405, lat=36.105))
    case, _ = open_case("c1", event.data, HERE, NOON)
    after, _ = erase(case, NOON)
    assert (case.about.neighbourhood, after.about.neighbourhood, after.about.location) == ("east", "east", None)


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.RETURN, Action.NOTE])
def test_an_open_case_goes_on_without_its_reporter(action: Action):
    case, _ = erase(dispatched(), NOON)
    after, event = act(case, Command(action, message="好的"), HERE, NOON)
    assert (after.version, event.title, event.resident_id) == (case.version + 1, "（内容已删除）", None)


def test_the_answers_to_the_follow_up_still_count_in_the_rates():
    case, _ = act(dispatched(), Command(Action.ACCEPT), HERE, NOON)
    case, _ = act(case, Command(Action.RESOLVE, message="修好了"), HERE, NOON)
    case, _ = follow_up(case, FollowUp(True, True, False, "王秀英"), NOON)
    after, _ = erase(case, NOON)
    said = after.feedback
    assert (said.contacted, said.solved, said.satisfied, after.state) == (True, True, False, CaseState.RESOLVED)


def test_where_only_what_staff_wrote_goes_the_reporter_and_their_words_stay():
    case, _ = act(dispatched(), Command(Action.ACCEPT), HERE, NOON)
    case, _ = act(case, Command(Action.RESOLVE, message="王秀英家已通水"), HERE, NOON)
    after, event = redact(case, None, NOON)
    assert isinstance(event, CaseRedacted)
    assert (case.progress.answer, after.progress.answer) == ("王秀英家已通水", None)
    kept = ("about", "text", "resident_id", "tracking_hash", "state", "erased_at")
    assert all(getattr(after, name) == getattr(case, name) for name in kept)
    assert after.progress.resolved_at == case.progress.resolved_at
    assert (after.version, event.title, event.part_of) == (case.version + 1, case.about.title, None)


def test_a_part_is_called_again_what_its_whole_is_called():
    whole = dispatched()
    part = altered(whole, id="p1", part_of=whole.id, title="王秀英家的水管", text="先去402看\n\n停水")
    after, event = redact(part, whole, NOON)
    assert (after.about.title, after.text, event.title, event.part_of) == (
        whole.about.title,
        whole.text,
        whole.about.title,
        "c1",
    )
