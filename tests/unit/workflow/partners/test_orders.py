"""What becomes of a case, as its partners hear of it."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.workflow.case import CaseRedacted, CaseState
from linli.contracts.workflow.order import Ended, OrderEvent, OrderIssued, OrderSuperseded
from linli.frozen import replace
from tests.support.builders import community
from tests.support.cases import said
from tests.support.office import Office
from workflow.cases.domain.action import Action, NotAllowed, UnknownParty
from workflow.cases.domain.case import BEING_DEALT_WITH
from workflow.cases.domain.erasure import erase
from workflow.community.domain.directory import Directory
from workflow.partners.domain.orders import Order, concerned, forgets, order_id, ordered, taken_on

PARTNERS = frozenset({"water-co", "estate"})
POLICY = {"id": "quick", "name": "快", "within": {"subdistrict": "4h"}, "remind_before": "10m"}


class Desk(Office):
    """An office, and the orders of its partners."""

    def __init__(self, partners: frozenset[str] = PARTNERS) -> None:
        super().__init__(Directory(community(escalation=[POLICY]), 1))
        self.partners = partners
        self.orders: dict[str, Order] = {}
        self.heard_of: list[OrderEvent] = []

    def follow(self, since: int) -> list[str]:
        """Orders after the steps since then; what was told of them: `party type`, and the reason of an end."""
        told: list[OrderEvent] = []
        for id in dict.fromkeys(event.case_id for event in self.told[since:]):
            steps = [event for event in self.told[since:] if event.case_id == id]
            theirs = {order.id: order for order in self.orders.values() if order.case_id == id}
            if concerned(steps, self.partners):
                for order, event in ordered(self.cases[id], steps, theirs, self.partners, self.now, self.orders):
                    assert order.version == (self.orders[order.id].version if order.id in self.orders else 0) + 1
                    assert (event.order_id, event.dispatch_no) == (order.id, order.dispatch_no)
                    self.orders[order.id] = order
                    told.append(event)
        self.heard_of += told
        return [_short(event) for event in told]

    def do(self, id: str, action: Action, **said: Any) -> list[str]:
        since = len(self.told)
        self.act(id, action, **said)
        return self.follow(since)


def _short(event: OrderEvent) -> str:
    reason = getattr(event, "reason", None)
    return " ".join([event.party, event.TYPE.split(".")[2], *([reason.value] if reason else [])])


@pytest.fixture
def desk() -> Desk:
    """One report, with the water company."""
    here = Desk()
    here.report("a", text="停水了", neighbourhood="east", place="3号楼")
    assert here.follow(0) == ["water-co issued"]
    return here


def test_an_order_says_what_is_to_be_done_and_until_when(desk: Desk) -> None:
    [issued] = desk.heard_of
    assert isinstance(issued, OrderIssued)
    assert (issued.order_id, issued.dispatch_no, issued.case_id) == ("a~water-co", 1, "a")
    assert (issued.text, issued.place, issued.neighbourhood) == ("停水了", "3号楼", "east")
    assert (issued.accept_by, issued.resolve_by) == (
        desk.cases["a"].clock.accept_by,
        desk.cases["a"].clock.resolve_by,
    )


def test_what_another_party_gets_is_cancelled_for_the_first(desk: Desk) -> None:
    assert desk.do("a", Action.REASSIGN, party="estate") == ["water-co cancelled reassigned", "estate issued"]
    assert desk.do("a", Action.REASSIGN, party="grid-1") == ["estate cancelled reassigned"], "that one has no system"
    assert desk.do("a", Action.REASSIGN, party="water-co") == ["water-co issued"]
    assert desk.orders["a~water-co"].dispatch_no == 2


def test_what_a_partner_hands_back_ends_and_comes_again_when_it_is_sent_back(desk: Desk) -> None:
    assert desk.do("a", Action.RETURN, message="不归我们管") == ["water-co cancelled returned"]
    assert desk.do("a", Action.SEND_BACK) == ["water-co issued"]
    issued = desk.heard_of[-1]
    assert isinstance(issued, OrderIssued)
    assert (issued.binding, issued.dispatch_no) == (True, 2)


def test_what_was_not_done_after_all_is_asked_for_again(desk: Desk) -> None:
    assert desk.do("a", Action.ACCEPT) == []
    assert desk.do("a", Action.RESOLVE, message="修好了") == []
    assert desk.do("a", Action.REOPEN) == ["water-co reopened"]
    assert desk.heard_of[-1].dispatch_no == 2


def test_a_reminder_goes_to_who_has_the_order(desk: Desk) -> None:
    accept_by = desk.cases["a"].clock.accept_by
    assert accept_by
    since = len(desk.told)
    desk.wait(accept_by - desk.now - timedelta(minutes=5))
    assert desk.follow(since) == ["water-co reminded"]


def test_what_its_reporter_takes_back_is_cancelled(desk: Desk) -> None:
    since = len(desk.told)
    desk.take_back("a")
    assert desk.follow(since) == ["water-co cancelled withdrawn"]
    assert desk.orders["a~water-co"].ended is Ended.WITHDRAWN


def test_a_follower_s_order_points_to_the_one_that_is_carried_out(desk: Desk) -> None:
    since = len(desk.told)
    desk.report("b", text="没有水了，停水", neighbourhood="east")
    assert desk.follow(since) == ["water-co issued"]
    assert desk.do("b", Action.MERGE, into="a") == ["water-co superseded"]
    assert desk.heard_of[-1].model_dump(include={"into_case", "by_order"}) == {
        "into_case": "a",
        "by_order": "a~water-co",
    }
    assert desk.do("a", Action.REASSIGN, party="estate") == ["water-co cancelled reassigned", "estate issued"], (
        "one order, though two cases moved"
    )
    assert desk.do("b", Action.UNMERGE) == ["water-co issued"]


def test_an_erasure_is_told_of_each_order_of_the_case_those_that_have_ended_too(desk: Desk) -> None:
    desk.do("a", Action.REASSIGN, party="estate")
    since = len(desk.told)
    desk.take(erase(desk.cases["a"], desk.now))
    assert sorted(desk.follow(since)) == ["estate erased", "water-co erased"]


def test_what_the_party_had_before_it_became_a_partner_has_no_order_to_point_to(desk: Desk) -> None:
    desk.report("old", text="水管坏了", neighbourhood="east")  # nobody followed that
    assert desk.do("a", Action.MERGE, into="old") == ["water-co superseded"]
    superseded = desk.heard_of[-1]
    assert isinstance(superseded, OrderSuperseded)
    assert (superseded.into_case, superseded.by_order) == ("old", None)


def test_an_order_loses_what_staff_wrote_and_keeps_what_its_own_reporter_did(desk: Desk) -> None:
    redacted = CaseRedacted.model_validate(said(CaseRedacted, "a").data.model_dump())
    assert not forgets(desk.cases["a"], redacted)
    desk.act("a", Action.CORRECT, message="听错了", correction={"title": "东门停水"})
    assert forgets(desk.cases["a"], redacted)


def test_who_is_no_partner_has_no_orders() -> None:
    desk = Desk(frozenset({"estate"}))
    desk.report("a", text="停水了")
    assert desk.follow(0) == []
    assert not concerned(desk.told, frozenset({"estate"}))


def test_an_order_s_name_is_no_other_subject_s() -> None:
    assert order_id("a", "water-co") != order_id("a~water", "co"), "but no party is called so"


STEPS = st.one_of(
    st.tuples(
        st.sampled_from(["a", "b"]), st.sampled_from(list(Action)), st.sampled_from(["water-co", "estate", "grid-1"])
    ),
    st.tuples(st.sampled_from(["a", "b"]), st.just("withdraw"), st.just("")),
    st.tuples(st.sampled_from(["a", "b"]), st.just("erase"), st.just("")),
)


@given(st.lists(STEPS, max_size=25))
def test_whatever_happens_who_deals_with_a_case_has_its_order_and_nobody_else(
    steps: list[tuple[str, str, str]],
) -> None:
    desk = Desk()
    desk.report("a", text="停水了", neighbourhood="east")
    desk.report("b", text="电梯坏了", neighbourhood="east")
    desk.follow(0)
    for id, what, party in steps:
        since = len(desk.told)
        with contextlib.suppress(NotAllowed, UnknownParty):
            if what == "withdraw":
                desk.take_back(id)
            elif what == "erase":
                desk.take(erase(desk.cases[id], desk.now))
            else:
                into = {"into": "b" if id == "a" else "a"} if what == Action.MERGE else {}
                desk.act(id, Action(what), ("water-co", "estate"), message="说明", party=party, **into)
        desk.follow(since)
        for case in desk.cases.values():
            running = [each.party for each in desk.orders.values() if each.case_id == case.id and each.ended is None]
            alone = case.family.merged_into is None
            theirs = case.party in PARTNERS and case.state in BEING_DEALT_WITH | {CaseState.RESOLVED, CaseState.CLOSED}
            expected = [case.party] if alone and theirs and case.state is not CaseState.RETURNED else []
            assert running == expected, (case.id, case.state, case.party)
    for order in desk.orders.values():
        story = [event for event in desk.heard_of if event.order_id == order.id]
        given = [event for event in story if event.TYPE.split(".")[2] in {"issued", "reopened"}]
        assert [event.dispatch_no for event in given] == list(range(1, order.dispatch_no + 1))
        assert len(story) == order.version


def test_a_word_is_waited_for_until_it_comes_or_somebody_takes_the_case_on(desk: Desk) -> None:
    order = desk.orders["a~water-co"]
    assert order.update_by == desk.cases["a"].clock.accept_by
    assert not taken_on(order, desk.cases["a"])
    desk.do("a", Action.ACCEPT, by="water-co")
    assert taken_on(order, desk.cases["a"])
    assert not taken_on(replace(order, update_by=None), desk.cases["a"])


def test_of_an_order_that_has_ended_no_word_is_waited_for(desk: Desk) -> None:
    desk.do("a", Action.REASSIGN, party="estate")
    assert desk.orders["a~water-co"].update_by is None


def test_what_has_followed_another_case_since_it_was_opened_brings_no_order() -> None:
    here = Desk()
    here.report("head", text="停水了", neighbourhood="east")
    here.follow(0)
    since = len(here.told)
    here.report("late", text="停水了", neighbourhood="east")
    here.act("late", Action.MERGE, into="head")
    assert here.follow(since) == []
    assert here.do("late", Action.UNMERGE) == ["water-co issued"]
