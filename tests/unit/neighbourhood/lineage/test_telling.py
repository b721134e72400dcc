"""The demander is told of each step once, as much as they want to hear, and of the end in any case."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.contracts.intake.subscription import Hears
from linli.contracts.neighbourhood import works_accepted
from linli.contracts.workflow import case as cases
from neighbourhood.lineage.domain.lineage import Stage
from neighbourhood.lineage.domain.telling import told
from tests.unit.neighbourhood.lineage.stories import START, Shelf, Stories, says
from tests.unit.neighbourhood.lineage.test_arriving import DEMANDS, arrivals, steps
from tests.unit.neighbourhood.lineage.test_arriving import told as happening
from tests.unit.neighbourhood.lineage.test_lineage import being_built, planned


def heard(stories: Stories, level: Hears, already: Any = ()) -> list[tuple[str, str]]:
    return [(each.step.stage, each.step.state) for each in told(stories.of("d1"), level, already)]


def test_a_demander_hears_as_much_as_they_want() -> None:
    stories = being_built("d1").defect("w-1", "f-1")
    assert heard(stories, Hears.ENDS) == []
    milestones = [("cluster", "clustered"), ("item", "finalised"), ("package", "building")]
    assert heard(stories, Hears.MILESTONES) == milestones
    assert heard(stories, Hears.EVERY_STEP) == [*milestones, ("defect", "reported")]
    assert {each.submission for each in told(stories.of("d1"), Hears.EVERY_STEP)} == {"d1"}


def test_what_is_a_draft_is_told_to_nobody() -> None:
    stories = Stories().clustered("c", "d1", "d2").taken("d1", "d2").written("shed", "d1").declined("d2")
    assert heard(stories, Hears.EVERY_STEP) == []
    assert told(stories.of("d2"), Hears.EVERY_STEP) == ()
    stories.noticed()
    [declined] = told(stories.of("d2"), Hears.MILESTONES)
    assert declined.step.reason == says("资金不足"), "while it hangs there is time to object"


def test_everybody_hears_of_the_end_and_why() -> None:
    left_out = Stories().left_out("d1").published()
    declined = Stories().taken("d1").declined("d1").finalised()
    superseded = planned("d1").superseded()
    accepted = being_built("d1").passed("w-1")
    for stories, end in (
        (left_out, "left_out"),
        (declined, "declined"),
        (superseded, "superseded"),
        (accepted, "accepted"),
    ):
        for level in Hears:
            assert heard(stories, level) == [("end", end)]


def test_what_the_demander_has_brought_about_is_no_news() -> None:
    for kind in (cases.CaseWithdrawn, cases.CaseClosed):
        assert heard(Stories().case("d1", kind), Hears.EVERY_STEP) == []


def test_filing_and_handing_over_do_not_tell_the_end_again() -> None:
    stories = being_built("d1").passed("w-1")
    already = {each.id for each in told(stories.of("d1"), Hears.ENDS)}
    filed = {"number": "备1", "on": START.date(), "late_by": 0}
    stories.tell(works_accepted.AcceptanceFiled, package_id="w-1", **filed).superseded()
    assert heard(stories, Hears.EVERY_STEP, already) == []


def test_what_is_revoked_and_accepted_again_is_told_again() -> None:
    stories = being_built("d1").passed("w-1")
    already = {each.id for each in told(stories.of("d1"), Hears.MILESTONES)}
    stories.tell(works_accepted.AcceptanceRevoked, package_id="w-1", why="程序违法")
    assert ("acceptance", "revoked") in heard(stories, Hears.MILESTONES, already)
    assert heard(stories.passed("w-1"), Hears.MILESTONES, already) == [("end", "accepted")]


@settings(max_examples=150, deadline=None)
@given(st.data(), st.lists(steps(), max_size=25))
def test_nobody_is_told_a_thing_twice_and_who_wants_less_hears_no_more(
    data: st.DataObject, happened: list[tuple[str, tuple[Any, ...]]]
) -> None:
    stories, shelf = happening(happened), Shelf()
    already: dict[str, set[str]] = {demand: set() for demand in DEMANDS}
    for batch in data.draw(arrivals(stories)):
        shelf.take(batch)
        for demand in DEMANDS:
            new = [each.id for each in told(shelf.of(demand), Hears.EVERY_STEP, already[demand])]
            assert len(new) == len({*new}) and already[demand].isdisjoint(new)
            already[demand] |= {*new}
    for demand in DEMANDS:
        lineage = stories.of(demand)
        every, some, ends = ({each.id for each in told(lineage, level)} for level in Hears)
        assert ends <= some <= every <= already[demand], "whatever the order, all has been told that there is to tell"
        assert all(each.step.settled and each.step.stage is not Stage.CASE for each in told(lineage, Hears.EVERY_STEP))
