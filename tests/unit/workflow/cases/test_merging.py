"""Reports of one matter: one is dealt with, the others follow it, and each reporter hears."""

from datetime import timedelta

import pytest

from linli.contracts.workflow.case import (
    CaseClosed,
    CaseEscalated,
    CaseMerged,
    CaseProgressed,
    CaseSplit,
    CaseState,
    Deadline,
)
from tests.support.builders import community
from tests.support.office import Office
from workflow.cases.domain.action import Action, NotAllowed
from workflow.cases.domain.follow_up import TooLate
from workflow.cases.domain.merging import FOLLOWERS_AT_MOST, Follows, NotMergeable, NotMerged
from workflow.community.domain.directory import Directory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIFT = {"category": "facilities.lift", "neighbourhood": "east"}


@pytest.fixture
def office() -> Office:
    """Three reports: two of a lift, with the property company, and one that waits at the triage desk."""
    here = Office(Directory(community(), 1))
    here.report("a", **LIFT)
    here.report("b", **LIFT)
    here.report("c", title="别的事", resident_id="r-3")
    return here


def test_a_merged_case_stands_where_its_head_stands_and_has_no_deadline_of_its_own(office: Office) -> None:
    office.act("a", Action.ACCEPT)
    case = office.act("c", Action.MERGE, into="a", message="同一部电梯")
    assert (case.state, case.party, case.family.merged_into) == (CaseState.ACCEPTED, "estate", "a")
    assert (case.clock.accept_by, case.clock.resolve_by, case.due_at) == (None, None, None)
    assert office.cases["a"].family.followers == ("c",)
    assert office.heard("a")[-1] == "joined"
    merged = office.told[-2]
    assert isinstance(merged, CaseMerged)
    assert (merged.party, merged.previous_party) == ("estate", "street")


def test_every_public_step_of_the_head_is_told_in_each_followers_story(office: Office) -> None:
    for id in ("b", "c"):
        office.act(id, Action.MERGE, into="a")
    start = len(office.told)
    office.act("a", Action.ACCEPT)
    office.act("a", Action.NOTE, message="内部")
    office.act("a", Action.PROGRESS, message="配件在路上")
    office.act("a", Action.PAUSE)
    office.act("a", Action.RESUME)
    office.act("a", Action.RETURN, message="不归我们管")
    office.act("a", Action.REASSIGN, party="water-co")
    office.act("a", Action.ACCEPT)
    office.act("a", Action.RESOLVE, message="修好了")
    public = ["accepted", "progressed", "paused", "resumed", "returned", "dispatched", "accepted", "resolved"]
    for id in ("b", "c"):
        assert office.heard(id, start) == public
        assert office.at(id) == ("resolved", "water-co")
    told = [event for event in office.told if isinstance(event, CaseProgressed)]
    assert [(event.case_id, event.merged_into, event.message) for event in told] == [
        ("a", None, "配件在路上"),
        ("b", "a", "配件在路上"),
        ("c", "a", "配件在路上"),
    ]
    assert told[2].resident_id == "r-3", "each story has its own reporter"


def test_what_was_written_in_one_report_is_not_told_in_anothers_story(office: Office) -> None:
    office.report("d", text="我家老人被困", **LIFT)
    office.act("b", Action.MERGE, into="d")
    office.act("d", Action.REASSIGN, party="water-co")
    told = office.told[-1]
    assert (told.case_id, told.TYPE) == ("b", "linli.case.dispatched.v1")
    assert "老人" not in told.model_dump_json()


def test_followers_close_with_their_head_when_nobody_says_anything(office: Office) -> None:
    office.act("b", Action.MERGE, into="a")
    office.act("a", Action.ACCEPT)
    office.act("a", Action.RESOLVE, message="修好了")
    office.wait(20 * DAY)
    assert {office.at(id)[0] for id in ("a", "b")} == {"closed"}
    assert office.heard("b").count("closed") == 1


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.RETURN, Action.RESOLVE, Action.REASSIGN, Action.CLOSE])
def test_what_is_to_be_done_is_done_at_the_head(office: Office, action: Action) -> None:
    office.act("b", Action.MERGE, into="a")
    with pytest.raises(Follows) as refused:
        office.act("b", action, party="water-co", message="因为")
    assert refused.value.head == "a"
    office.act("b", Action.NOTE, message="内部")


def test_undone_it_goes_back_to_whom_it_was_with_with_as_much_time_as_at_first(office: Office) -> None:
    office.act("b", Action.ACCEPT)
    office.act("a", Action.REASSIGN, party="water-co")
    office.act("b", Action.MERGE, into="a")
    office.wait(HOUR)
    case = office.act("b", Action.UNMERGE, message="是另一部电梯")
    assert office.at("b") == ("dispatched", "estate")
    assert (case.clock.accept_by, case.clock.resolve_by) == (office.now + 2 * HOUR, office.now + 7 * DAY)
    assert (case.family.merged_into, case.progress.accepted_at, office.cases["a"].family.followers) == (None, None, ())
    assert office.heard("a")[-1] == "parted"


def test_undone_what_waited_for_a_decision_waits_for_it_again(office: Office) -> None:
    office.act("c", Action.MERGE, into="a")
    case = office.act("c", Action.UNMERGE)
    assert office.at("c") == ("triage", "street")
    assert (case.clock.accept_by, case.clock.resolve_by) == (office.now + DAY, None)
    office.act("b", Action.RETURN, message="不归我们管")
    office.act("b", Action.MERGE, into="a")
    office.act("b", Action.UNMERGE)
    assert office.at("b") == ("returned", "grid-1")
    with pytest.raises(NotMerged):
        office.act("b", Action.UNMERGE)


def test_undone_it_goes_to_the_triage_desk_when_who_had_it_is_there_no_more(office: Office) -> None:
    office.act("b", Action.MERGE, into="a")
    parties = [party.model_dump(mode="json") for party in community().parties if party.id != "water-co"]
    office.change("b", had_party="water-co")
    office.directory = Directory(community(parties=parties, roles={"property": "estate"}, rules=[]), 2)
    office.act("b", Action.UNMERGE)
    assert office.at("b") == ("triage", "street")


def test_what_followed_a_case_that_is_merged_follows_the_new_head(office: Office) -> None:
    office.act("b", Action.MERGE, into="a")
    start = len(office.told)
    office.act("a", Action.MERGE, into="c")
    assert {id: office.cases[id].family.merged_into for id in "abc"} == {"a": "c", "b": "c", "c": None}
    assert office.cases["c"].family.followers == ("a", "b")
    assert office.cases["a"].family.followers == ()
    (passed_on,) = [event for event in office.told[start:] if event.case_id == "b"]
    assert isinstance(passed_on, CaseMerged)
    assert (passed_on.into, passed_on.previous) == ("c", "a")
    assert office.at("b") == ("triage", "street")
    office.act("b", Action.UNMERGE)
    assert office.at("b") == ("dispatched", "estate"), "to whom it was with at first"


def test_only_what_is_dealt_with_is_merged_and_never_into_itself_or_a_follower(office: Office) -> None:
    with pytest.raises(NotMergeable, match="itself"):
        office.act("a", Action.MERGE, into="a")
    office.act("b", Action.MERGE, into="a")
    for id in ("a", "c"):
        with pytest.raises(Follows) as refused:
            office.act(id, Action.MERGE, into="b")
        assert refused.value.head == "a"
    with pytest.raises(Follows):
        office.act("b", Action.MERGE, into="c")
    office.act("c", Action.ACCEPT)
    office.act("c", Action.RESOLVE, message="修好了")
    for id, into in (("a", "c"), ("c", "a")):
        with pytest.raises(NotMergeable, match="c is resolved"):
            office.act(id, Action.MERGE, into=into)
    office.report("d", title="别处")
    office.change("d", community="elsewhere")
    with pytest.raises(NotMergeable, match="different communities"):
        office.act("d", Action.MERGE, into="a")
    office.change("d", community="test")
    office.change("a", followers=tuple(map(str, range(FOLLOWERS_AT_MOST))))
    with pytest.raises(NotMergeable, match="At most 500"):
        office.act("d", Action.MERGE, into="a")


def test_a_follower_that_is_taken_back_leaves_the_head_as_it_is(office: Office) -> None:
    office.act("b", Action.MERGE, into="a")
    before = office.at("a")
    case = office.take_back("b")
    assert (case.state, case.family.merged_into) == (CaseState.WITHDRAWN, None)
    assert (office.at("a"), office.cases["a"].family.followers) == (before, ())


def test_a_head_that_is_taken_back_goes_on_for_the_others_and_ends_with_the_last_of_them(office: Office) -> None:
    for id in ("b", "c"):
        office.act(id, Action.MERGE, into="a")
    office.take_back("a")
    assert office.at("a") == ("dispatched", "estate")
    office.act("a", Action.ACCEPT)
    accepted = {event.case_id: event.resident_id for event in office.told[-3:]}
    assert accepted == {"a": None, "b": "r-1", "c": "r-3"}, "who took it back hears no more of it"
    office.act("c", Action.UNMERGE)
    assert office.at("a")[0] == "accepted"
    office.take_back("b")
    assert office.at("a")[0] == "withdrawn"


def resolved_together(office: Office) -> None:
    office.act("b", Action.MERGE, into="a")
    office.act("a", Action.ACCEPT)
    office.act("a", Action.RESOLVE, message="修好了")


def test_a_follower_who_is_not_content_waits_for_a_decision_that_goes_up_when_nobody_takes_it(office: Office) -> None:
    resolved_together(office)
    office.answer("b", solved=False)
    office.wait(20 * DAY)
    assert (office.at("a")[0], office.at("b")[0]) == ("closed", "resolved")
    ups = [event for event in office.told if isinstance(event, CaseEscalated)]
    ups = [event for event in ups if event.case_id != "c"]
    assert {event.case_id for event in ups} == {"b"}
    assert (ups[0].deadline, ups[-1].to) == (Deadline.DECIDE, "street")


@pytest.mark.parametrize(
    ("id", "action", "after"),
    [
        ("a", Action.REOPEN, ("dispatched", "dispatched")),
        ("b", Action.UNMERGE, ("resolved", "dispatched")),
        ("b", Action.CLOSE, ("resolved", "closed")),
    ],
)
def test_the_decision_is_to_reopen_for_all_to_take_it_out_or_no(
    office: Office, id: str, action: Action, after: tuple[str, str]
) -> None:
    resolved_together(office)
    office.answer("b", solved=False)
    office.act(id, action)
    assert (office.at("a")[0], office.at("b")[0]) == after
    assert office.cases["b"].clock.decide_by is None


def declined(office: Office) -> dict[str, bool]:
    """Of each case that was closed, whether its reporter had asked for more."""
    return {event.case_id: event.reopen_declined for event in office.told if isinstance(event, CaseClosed)}


def test_nobody_hears_that_a_wish_was_declined_who_had_none(office: Office) -> None:
    resolved_together(office)
    office.answer("a", solved=False)
    office.act("a", Action.CLOSE)
    assert declined(office) == {"a": True, "b": False}


def test_a_follower_hears_that_its_own_wish_was_declined(office: Office) -> None:
    resolved_together(office)
    office.answer("b", solved=False)
    office.act("a", Action.CLOSE)
    assert declined(office) == {"a": False}
    office.act("b", Action.CLOSE)
    assert declined(office) == {"a": False, "b": True}


def test_who_is_content_after_all_is_not_waited_for(office: Office) -> None:
    resolved_together(office)
    office.answer("b", solved=False)
    office.act("a", Action.CLOSE)
    assert office.at("b")[0] == "resolved"
    office.answer("b", solved=True)
    office.wait(14 * DAY)
    assert office.at("b")[0] == "closed"


def test_a_closed_head_that_is_reopened_is_reopened_for_all(office: Office) -> None:
    resolved_together(office)
    office.act("a", Action.CLOSE)
    office.act("a", Action.REOPEN)
    assert office.at("b") == office.at("a") == ("dispatched", "estate")
    with pytest.raises(TooLate):
        office.answer("b", solved=True)


def test_a_case_that_follows_is_not_lost_to_an_action_that_was_refused(office: Office) -> None:
    office.act("b", Action.MERGE, into="a")
    with pytest.raises(NotAllowed):
        office.act("b", Action.SPLIT, parts=("estate", "water-co"))
    assert office.cases["b"].family.merged_into == "a"


def test_a_split_is_told_in_anothers_story_without_the_words_of_the_heads_reporter(office: Office) -> None:
    office.report("d", title="王秀英家电梯困人", **LIFT)
    office.act("b", Action.MERGE, into="d")
    start = len(office.told)
    office.act("d", Action.ACCEPT)
    office.act("d", Action.SPLIT, parts=("estate", "water-co"))
    [told] = [each for each in office.told[start:] if isinstance(each, CaseSplit) and each.case_id == "b"]
    assert [(part.case_id, part.party) for part in told.parts] == [("p1", "estate"), ("p2", "water-co")]
    assert "王秀英" not in told.model_dump_json()
