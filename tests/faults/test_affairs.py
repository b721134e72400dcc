"""The comparison of affairs, without a server: what it calls lost, doubled and miscounted."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from linli.contracts.envelope import Envelope
from linli.contracts.neighbourhood.rounds import RoundPublished
from neighbourhood.lineage.domain.reading import links_of
from tests.faults.affairs.books import AffairsFound, Told
from tests.faults.affairs.checker import Damage, compare
from tests.faults.affairs.checker import _lineage as of_lineage
from tests.faults.affairs.ledger import AffairsLedger, Entry, Household, Owner, choices_of

AT = "2026-03-20T10:00:00Z"


def told(sequence: int, type: str, **said: Any) -> Told:
    return Told(sequence, type, orjson.dumps(said).decode())


def settled() -> tuple[AffairsLedger, AffairsFound]:
    """A ballot, an answer and a record of works, and all that there should be of each."""
    ledger, found = AffairsLedger(), AffairsFound(instant=2.0)
    owner = Owner("v", "o-1", 60_00, "CODE", {choices_of({"a": "approve"})}, {"b-1": choices_of({"a": "approve"})}, 1.0)
    household = Household("r", "h-1", "b3", "CODE", "要电梯", 1.0)
    ledger.owners["v~o-1"], ledger.households["r~~h-1"] = owner, household
    ledger.entries.append(Entry("p", "z-1", 1.0))
    found.events["v~o-1"] = [
        told(1, "linli.ballot.delivered.v1"),
        told(2, "linli.ballot.recorded.v1", ballot_id="b-1", channel="code"),
    ]
    found.events["r~~h-1"] = [
        told(1, "linli.response.invited.v1", round_id="r", building="b3"),
        told(2, "linli.response.recorded.v1"),
    ]
    hidden = {"package_id": "p", "community": "test", "neighbourhood": "east", "at": AT, "by": "key:1", "party": "b-co"}
    found.events["p"] = [told(1, "linli.package.hidden_work_notified.v1", hidden_id="z-1", what="接地线", **hidden)]
    found.states = {
        "v~o-1": (2, '{"ballot_id":"b-1"}'),
        "r~~h-1": (2, '{"answers":["要电梯"]}'),
        "p": (1, "{}"),
    }
    found.box["v~o-1"] = [("b-1", choices_of({"a": "approve"}))]
    for name in ("turnout", "code", "0:approve"):
        found.sums["v"].update({f"{name}:area": 60_00, f"{name}:heads": 1})
    found.reach["r"] = Counter({("invited", "b3"): 1, ("answered", "b3"): 1})
    found.published = {(story, each.sequence): {"one"} for story, events in found.events.items() for each in events}
    return ledger, found


@pytest.fixture(autouse=True)
def _without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which link an event makes is the domain's matter; these events are not whole."""
    monkeypatch.setattr("tests.faults.affairs.checker._lineage", lambda *_: None)


def test_what_is_all_there_is_sound() -> None:
    damage = compare(*settled())
    assert damage.sound, damage
    assert damage.acknowledged == 3


def test_a_ballot_that_was_acknowledged_and_is_nowhere_is_lost() -> None:
    ledger, found = settled()
    found.box["v~o-1"] = []
    assert compare(ledger, found).lost == {"v~o-1": "the ballot b-1 is not in the box as it was cast"}
    found.events["v~o-1"].pop()
    assert "v~o-1" in compare(ledger, found).lost


def test_a_ballot_that_says_something_else_than_was_handed_in_is_lost() -> None:
    ledger, found = settled()
    found.box["v~o-1"] = [("b-1", choices_of({"a": "oppose"}))]
    assert "v~o-1" in compare(ledger, found).lost
    ledger.owners["v~o-1"].answered_at = 0.0  # nobody has heard that it was taken
    assert compare(ledger, found).lost == {"v~o-1": "the ballot in the box says what nobody has handed in"}


def test_a_second_ballot_of_an_owner_is_doubled_wherever_it_shows() -> None:
    for where in ("receipts", "events", "box"):
        ledger, found = settled()
        if where == "receipts":
            ledger.owners["v~o-1"].receipts["b-2"] = ()
        elif where == "box":
            found.box["v~o-1"].append(("b-2", ()))
        else:
            found.events["v~o-1"].append(told(3, "linli.ballot.recorded.v1", ballot_id="b-2", channel="paper"))
        assert "v~o-1" in compare(ledger, found).doubled, where


def test_sums_that_a_recount_does_not_come_to_are_miscounted() -> None:
    ledger, found = settled()
    found.sums["v"]["0:approve:heads"] += 1
    assert compare(ledger, found).miscounted == {"v": "0:approve:heads: 2 is kept, 1 counted"}
    ledger, found = settled()
    found.reach["r"]["answered", "b3"] = 0
    assert compare(ledger, found).miscounted == {"r": "answered b3: 0 is kept, 1 counted"}


def test_an_answer_and_a_record_count_once_and_not_less() -> None:
    ledger, found = settled()
    found.states["r~~h-1"] = (2, '{"answers":[]}')
    found.events["p"].clear()
    assert {"r~~h-1", "z-1"} <= compare(ledger, found).lost.keys()
    ledger, found = settled()
    found.events["p"].append(found.events["p"][0]._replace(sequence=2))
    found.events["r~~h-1"].append(told(3, "linli.response.recorded.v1"))
    assert {"r~~h-1", "z-1"} <= compare(ledger, found).doubled.keys()


def test_what_was_answered_after_the_instant_may_be_missing() -> None:
    ledger, found = settled()
    found.instant = 0.5
    found.events.clear()
    found.states.clear()
    found.box.clear()
    found.sums.clear()
    found.reach.clear()
    assert compare(ledger, found).sound


def test_an_event_that_never_came_to_the_topic_or_came_as_two_is_damage() -> None:
    ledger, found = settled()
    del found.published["p", 1]
    assert compare(ledger, found).lost == {"p": "event 1 never came to the topic"}
    found.published["p", 1] = {"one", "another"}
    assert compare(ledger, found).doubled == {"p": "2 events 1 on the topic"}


def test_a_history_that_has_a_gap_or_is_shorter_than_its_state_is_lost() -> None:
    ledger, found = settled()
    found.states["p"] = (2, "{}")
    assert compare(ledger, found).lost == {"p": "version 2, 1 events"}


def test_a_demander_is_told_each_thing_once_at_the_case_too() -> None:
    ledger, found = settled()
    ledger.demands, ledger.opened, found.quiet = {"d"}, {"p"}, True
    reached = {"demand": "d", "message": "m-1", "thing": "p"}
    found.events["demand~d"] = [told(1, "linli.demand.reached.v1", **reached)]
    found.published["demand~d", 1] = {"one"}
    found.cases["d"] = [told(1, "linli.case.progressed.v1")]
    assert compare(ledger, found).sound
    found.cases["d"].append(told(2, "linli.case.progressed.v1"))
    assert "d" in compare(ledger, found).doubled
    found.cases["d"] = [told(1, "linli.case.opened.v1")]
    assert "d" in compare(ledger, found).lost
    ledger, found = settled()
    ledger.demands, ledger.opened, found.quiet = {"d"}, {"p-2"}, True
    assert "p-2" in compare(ledger, found).lost["d"]


def test_demands_of_which_no_case_has_a_history_are_lost_once_all_is_quiet() -> None:
    ledger, found = settled()
    ledger.demands = {"d-1", "d-2"}
    assert compare(ledger, found).sound, "they may be on their way"
    found.quiet = True
    assert compare(ledger, found).lost == dict.fromkeys(("d-1", "d-2"), "its case has no history")


def test_a_link_that_does_not_stand_at_its_newest_event_is_lost() -> None:
    event = RoundPublished(round_id="r", at=datetime(2026, 3, 20, tzinfo=UTC), by="p-1", digest="a" * 64)
    [link] = links_of(Envelope(event.SOURCE, event.story, 2, event.at, correlationid=event.story, data=event))
    found, value = AffairsFound(instant=2.0), event.model_dump_json()
    found.events["r"] = [Told(1, event.TYPE, value), Told(2, event.TYPE, value)]
    for stands, damage in ((0, 1), (1, 1), (2, 0)):
        found.links = {link.id: stands} if stands else {}
        lost = Damage()
        of_lineage(found, lost)
        assert len(lost.lost) == damage, stands
