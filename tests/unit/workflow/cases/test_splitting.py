"""A case that several parties have each a part of to do."""

from datetime import timedelta

import pytest

from linli.contracts.workflow.case import CaseDispatched, CaseOpened, CaseSplit, CaseState
from linli.privacy.tracking import tracking_hash
from tests.support.builders import community
from tests.support.office import Office, later
from workflow.cases.domain.action import Action, UnknownParty
from workflow.cases.domain.cascade import Divided, TakenBack
from workflow.cases.domain.follow_up import TooLate
from workflow.cases.domain.merging import Follows, NotMergeable
from workflow.cases.domain.splitting import NotSplittable
from workflow.community.domain.directory import Directory

DAY = timedelta(days=1)
PARTIES = ("estate", "water-co")


@pytest.fixture
def office() -> Office:
    """One case at the triage desk, and another one."""
    here = Office(Directory(community(), 1))
    here.report("a", title="地下室积水", text="墙裂了，灯也不亮")
    here.report("b", title="停水")
    return here


@pytest.fixture
def split(office: Office) -> Office:
    """The first, split between two parties: `p1` and `p2`."""
    office.act("a", Action.SPLIT, parts=PARTIES)
    return office


def test_each_party_has_a_case_of_its_own_and_the_whole_stays_with_who_decided(split: Office) -> None:
    whole = split.cases["a"]
    assert (whole.state, whole.party, whole.family.parts) == (CaseState.ACCEPTED, "street", ("p1", "p2"))
    assert later(whole.clock.resolve_by, split.now)
    for id, party in zip(whole.family.parts, PARTIES, strict=True):
        part = split.cases[id]
        assert (part.state, part.party, part.first_party, part.family.part_of) == (
            CaseState.DISPATCHED,
            party,
            party,
            "a",
        )
        assert later(part.clock.accept_by, split.now) and later(part.due_at, split.now)
        assert part.text == f"{party}的部分\n\n墙裂了，灯也不亮"
    divided, *made = split.told[-5:]
    assert isinstance(divided, CaseSplit)
    assert [part.party for part in divided.parts] == list(PARTIES)
    assert [type(event) for event in made] == [CaseOpened, CaseDispatched] * 2


def test_a_part_has_no_reporter_and_no_tracking_code_comes_to_it(split: Office) -> None:
    hashes = {split.cases[id].tracking_hash for id in ("p1", "p2")}
    assert len(hashes) == 2
    assert not any(len(each) == len(tracking_hash("7K3M-Q2XW-9ABC") or "") for each in hashes)
    assert {split.cases[id].resident_id for id in ("p1", "p2")} == {None}


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (Action.RESOLVE, {"message": "修好了"}),
        (Action.RETURN, {"message": "因为"}),
        (Action.REASSIGN, {"party": "estate"}),
        (Action.SPLIT, {"parts": PARTIES}),
        (Action.MERGE, {"into": "b"}),
    ],
)
def test_while_parts_are_open_the_whole_is_theirs_to_do(split: Office, action: Action, said: dict) -> None:
    with pytest.raises(Divided, match="2 are"):
        split.act("a", action, **said)
    split.act("a", Action.NOTE, message="内部")
    split.act("a", Action.PROGRESS, message="两家都已到场")


def test_what_a_part_tells_reaches_the_reporter_through_the_whole(split: Office) -> None:
    split.act("p2", Action.ACCEPT)
    split.act("p2", Action.PROGRESS, message="正在换管")
    told = split.told[-1]
    assert (told.case_id, told.TYPE, told.message) == ("a", "linli.case.progressed.v1", "水务公司：正在换管")
    split.act("p2", Action.RESOLVE, message="已换管")
    told = split.told[-1]
    assert (told.case_id, told.state, told.message) == ("a", "accepted", "水务公司：已换管")


def resolved(office: Office) -> None:
    for id, answer in (("p1", "灯已修好"), ("p2", "已换管")):
        office.act(id, Action.ACCEPT)
        office.act(id, Action.RESOLVE, message=answer)


def test_with_the_last_part_the_whole_is_resolved_and_the_parts_answers_are_its_answer(split: Office) -> None:
    resolved(split)
    told = split.told[-1]
    assert split.at("a") == ("resolved", "street")
    assert (told.case_id, told.by, told.message) == ("a", "linli", "物业公司：灯已修好\n水务公司：已换管")


def test_silence_closes_the_whole_and_its_parts_with_it(split: Office) -> None:
    resolved(split)
    split.wait(13 * DAY)
    assert {split.at(id)[0] for id in ("a", "p1", "p2")} == {"resolved"}
    split.wait(2 * DAY)
    assert {split.at(id)[0] for id in ("a", "p1", "p2")} == {"closed"}


def test_a_part_that_is_done_early_does_not_close_before_the_whole(split: Office) -> None:
    split.act("p1", Action.ACCEPT)
    split.act("p1", Action.RESOLVE, message="修好了")
    split.wait(20 * DAY)
    assert split.at("p1")[0] == "resolved"


def test_a_person_who_closes_every_part_closes_the_whole(split: Office) -> None:
    resolved(split)
    split.act("p1", Action.CLOSE)
    assert (split.at("a")[0], split.heard("a")[-1]) == ("resolved", "noted")
    split.act("p2", Action.CLOSE, message="已核实")
    assert (split.at("a")[0], split.told[-1].message) == ("closed", "已核实")


def test_while_the_reporter_asks_for_more_the_whole_does_not_close_with_its_parts(split: Office) -> None:
    resolved(split)
    split.answer("a", solved=False)
    for id in ("p1", "p2"):
        split.act(id, Action.CLOSE)
    assert (split.at("a")[0], split.cases["a"].clock.decide_by is not None) == ("resolved", True)
    split.act("a", Action.CLOSE)
    assert split.at("a")[0] == "closed"


@pytest.mark.parametrize("closed", [False, True])
def test_a_part_that_is_reopened_reopens_the_whole(split: Office, closed: bool) -> None:
    resolved(split)
    split.answer("a", solved=False)
    if closed:
        split.act("a", Action.CLOSE)
    split.act("p2", Action.REOPEN, message="还在漏")
    assert (split.at("a"), split.at("p2")) == (("accepted", "street"), ("dispatched", "water-co"))
    assert split.cases["a"].clock.decide_by is None
    split.act("p2", Action.ACCEPT)
    split.act("p2", Action.RESOLVE, message="修好了")
    assert split.at("a")[0] == "resolved"


def test_a_part_that_begins_again_before_the_others_are_done_is_written_in_the_story_of_the_whole(
    split: Office,
) -> None:
    split.act("p1", Action.ACCEPT)
    split.act("p1", Action.RESOLVE, message="修好了")
    split.act("p1", Action.REOPEN)
    assert (split.at("a")[0], split.heard("a")[-1]) == ("accepted", "noted")
    split.act("p2", Action.ACCEPT)
    split.act("p2", Action.RESOLVE, message="修好了")
    assert split.at("a")[0] == "accepted"


def test_taken_back_the_whole_ends_with_all_of_its_parts(split: Office) -> None:
    split.act("p1", Action.ACCEPT)
    split.act("p1", Action.RESOLVE, message="修好了")
    split.take_back("a")
    assert {split.at(id)[0] for id in ("a", "p1", "p2")} == {"withdrawn"}


def test_a_closed_part_of_a_case_that_was_taken_back_is_not_reopened(split: Office) -> None:
    resolved(split)
    split.act("p1", Action.CLOSE)
    split.take_back("a")
    assert [split.at(id)[0] for id in ("a", "p1", "p2")] == ["withdrawn", "closed", "withdrawn"]
    with pytest.raises(TakenBack, match="withdrawn"):
        split.act("p1", Action.REOPEN)


def test_a_part_is_returned_reassigned_and_late_like_any_case(split: Office) -> None:
    split.act("p1", Action.RETURN, message="不归我们管")
    assert split.at("p1") == ("returned", "grid-1")
    split.act("p1", Action.REASSIGN, party="water-co")
    split.wait(2 * DAY)
    assert split.cases["p1"].escalation.escalated_to == "street"
    assert split.at("a") == ("accepted", "street")


def test_a_part_is_not_split_again_nor_merged_nor_followed(split: Office) -> None:
    with pytest.raises(NotSplittable, match="part of a"):
        split.act("p1", Action.SPLIT, parts=PARTIES)
    with pytest.raises(NotMergeable, match="split"):
        split.act("p1", Action.MERGE, into="b")
    with pytest.raises(Follows) as refused:
        split.act("b", Action.MERGE, into="p1")
    assert refused.value.head == "a"


def test_who_reported_the_same_hears_of_the_parts_too(split: Office) -> None:
    split.act("b", Action.MERGE, into="a")
    start = len(split.told)
    resolved(split)
    assert split.heard("b", start) == ["progressed", "resolved"]
    assert split.at("b") == ("resolved", "street")


def test_a_case_is_split_among_parties_that_there_are_and_into_two_to_twenty(office: Office) -> None:
    with pytest.raises(UnknownParty, match="nobody"):
        office.act("a", Action.SPLIT, parts=("estate", "nobody"))
    for wrong in (("estate",), ("estate",) * 21):
        with pytest.raises(NotSplittable, match="2 to 20"):
            office.act("a", Action.SPLIT, parts=wrong)
    office.act("a", Action.ACCEPT)
    office.act("a", Action.RESOLVE, message="修好了")
    with pytest.raises(NotSplittable, match="resolved"):
        office.act("a", Action.SPLIT, parts=PARTIES)


def test_a_paused_case_that_is_split_has_its_clock_going(office: Office) -> None:
    office.act("a", Action.ACCEPT)
    office.act("a", Action.PAUSE)
    office.wait(DAY)
    case = office.act("a", Action.SPLIT, parts=PARTIES)
    assert (case.clock.paused_at, case.clock.resolve_by) == (None, office.now + 7 * DAY)


def test_how_it_was_is_asked_of_the_whole_and_a_part_cannot_be_answered_for_to_better_the_rates(split: Office) -> None:
    split.act("p1", Action.ACCEPT)
    split.act("p1", Action.RESOLVE, message="修好了")
    with pytest.raises(TooLate, match="asked of a"):
        split.answer("p1", solved=True)


def test_a_whole_whose_party_is_no_more_is_with_the_triage_desk_when_a_part_is_reopened(office: Office) -> None:
    office.act("a", Action.REASSIGN, party="estate")
    office.act("a", Action.SPLIT, parts=("water-co", "street"))
    for part in office.cases["a"].family.parts:
        office.act(part, Action.ACCEPT)
        office.act(part, Action.RESOLVE, message="好了")
    here = office.directory.community
    without = here.model_copy(update={"parties": tuple(each for each in here.parties if each.id != "estate")})
    office.directory = Directory(without, 2)
    office.act("p1", Action.REOPEN)
    assert (office.cases["a"].state, office.cases["a"].party) == (CaseState.ACCEPTED, "street")
