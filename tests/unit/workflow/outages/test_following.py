"""Which cases follow an outage, and what becomes of them; no database."""

from datetime import timedelta
from typing import Any

import pytest

from linli.contracts.workflow.case import CaseState
from linli.frozen import replace
from tests.support.builders import NOON, community
from tests.support.office import Office
from tests.support.outages import somewhere, told
from workflow.cases.domain.action import Action, Command
from workflow.cases.domain.cascade import decide
from workflow.cases.domain.case import Case
from workflow.cases.domain.merging import FOLLOWERS_AT_MOST
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory
from workflow.outages import following
from workflow.outages.domain import heads
from workflow.outages.domain.outage import is_about
from workflow.outages.domain.reports import judged

HERE = Directory(community(), 1)


class Works:
    """An outage of the water company with those who have reported it."""

    def __init__(self, *places: str, **said: Any) -> None:
        office = Office(HERE)
        for number, place in enumerate(places):
            office.report(f"c{number}", title="停水了", neighbourhood="east", place=place or None)
        self.now = NOON
        self.unit = UnitOfWork(office.cases.values(), {"test": HERE}, NOON)
        outage = judged(told("declared", **said), "test", "water-co", None, HERE, NOON).after
        assert outage
        self.outage = following.opened(self.unit, outage, HERE, NOON)
        self.adopt()

    def adopt(self) -> None:
        theirs = [each for each in self.unit.cases.values() if not each.family.merged_into]
        theirs = [each for each in theirs if is_about(self.outage, each)]
        self.outage = following._joined(self.unit, self.outage, theirs, HERE, self.now)

    def say(self, did: str, **said: Any) -> None:
        """What the company says, with what it means for cases."""
        verdict = judged(told(did, **said), "test", "water-co", self.outage, HERE, self.now)
        assert verdict.after
        self.outage = verdict.after

    @property
    def head(self) -> Case:
        return self.unit.cases[self.outage.heads[0]]

    def told(self, id: str) -> list[str]:
        return [event.type.split(".")[2] for event in self.unit.events_of(id)]

    def stands(self, id: str) -> tuple[str, str | None, bool]:
        case = self.unit.cases[id]
        return case.state.value, case.party, case.family.merged_into is not None


def test_its_case_is_the_company_s_and_reports_follow_it() -> None:
    works = Works("3号楼", "", until=(NOON + timedelta(hours=3)).isoformat(), cause="works")
    assert works.told(works.head.id) == ["opened", "dispatched", "accepted", "joined", "joined"]
    assert (works.head.about.title, works.head.resident_id) == ("停水（施工检修）", None)
    assert works.head.clock.resolve_by == NOON + timedelta(hours=3) + heads.GOES_UP_AFTER
    assert works.stands("c0") == works.stands("c1") == ("accepted", "water-co", True)
    [merged] = works.unit.events_of("c0")
    assert (merged.data.by, merged.data.message) == (
        "linli",
        "已知停水（施工检修），预计 15:00 恢复。 Known: water off for works until 15:00.",
    )  # type: ignore[attr-defined]


def test_all_hear_of_a_new_estimate_and_the_company_owes_it_by_then() -> None:
    works = Works("3号楼")
    assert works.head.clock.resolve_by == NOON + heads.WITHOUT_ESTIMATE
    works.say("extended", until=(NOON + timedelta(hours=30)).isoformat())
    following.moved(works.unit, works.outage, "管道又裂了", HERE, NOON)
    assert works.told("c0") == ["merged", "progressed"]
    event = works.unit.events_of("c0")[-1].data
    assert event.message == "预计恢复时间改为 2026-11-24 18:00。 Now expected back at 2026-11-24 18:00.\n管道又裂了"  # type: ignore[attr-defined]
    assert works.head.clock.resolve_by == NOON + timedelta(hours=34)
    assert works.unit.rescheduled(works.head.id).due_at


def test_who_lies_outside_a_smaller_area_is_dealt_with_alone() -> None:
    works = Works("3号楼", "5号楼", "")
    works.say("area_changed", area=somewhere("east", buildings=("5 栋",)))
    assert following.shrunk(works.unit, works.outage, HERE, NOON) == 1
    assert works.stands("c0") == ("dispatched", "water-co", False)
    assert works.stands("c1") == works.stands("c2") == ("accepted", "water-co", True)


def test_who_has_it_back_is_asked_while_the_others_wait() -> None:
    works = Works("3号楼", "5号楼")
    works.say("partially_restored")
    works.outage = following.restored_outside(works.unit, works.outage, None, HERE, NOON)
    assert works.stands("c0") == ("accepted", "water-co", True)
    assert works.stands("c1") == ("resolved", "water-co", False)
    assert works.outage.apart == ("c1",)
    assert works.told("c1") == ["merged", "unmerged", "accepted", "resolved"]


def test_what_is_called_off_lets_all_go_and_its_case_ends() -> None:
    works = Works("3号楼", "5号楼")
    works.say("cancelled")
    assert following.called_off(works.unit, works.outage, None, HERE, NOON) == 2
    assert works.stands("c0") == works.stands("c1") == ("dispatched", "water-co", False)
    assert works.head.state is CaseState.WITHDRAWN


def test_what_is_restored_asks_each_and_one_that_is_not_back_goes_before_other_work() -> None:
    works = Works(*["3号楼"] * 4)
    works.say("restored")
    following.restored(works.unit, works.outage, None, HERE, NOON)
    assert {works.stands(f"c{number}") for number in range(4)} == {("resolved", "water-co", True)}
    for number in range(4):
        case = works.unit.cases[f"c{number}"]
        works.outage = following._not_back(works.unit, works.outage, case, HERE, NOON)
        assert works.outage.alerted == (("east/3",) if number >= 2 else ())
    case = works.unit.cases["c0"]
    assert works.stands("c0") == ("dispatched", "water-co", False)
    assert (case.clock.accept_by, case.clock.resolve_by) == (NOON + heads.URGENT_ACCEPT, NOON + heads.URGENT_RESOLVE)
    assert works.unit.events_of("c0")[-1].data.resolve_by == case.clock.resolve_by  # type: ignore[attr-defined]
    calls = [each for each in works.unit.cases.values() if each.tracking_hash == f"outage:{each.id}"]
    assert [each.about.title for each in calls if each.id != works.head.id] == ["3号楼恢复后仍有 3 户反映停水"]


def test_one_who_had_it_back_early_and_has_not_is_taken_up_again() -> None:
    works = Works("5号楼")
    works.say("partially_restored")
    works.outage = following.restored_outside(works.unit, works.outage, None, HERE, NOON)
    works.outage = following._not_back(works.unit, works.outage, works.unit.cases["c0"], HERE, NOON)
    assert works.told("c0")[-1] == "reopened"
    assert works.unit.cases["c0"].clock.resolve_by == NOON + heads.URGENT_RESOLVE


@pytest.mark.parametrize("action", [Action.RESOLVE, Action.RETURN, Action.REASSIGN])
def test_whatever_people_do_with_its_case_the_outage_goes_on(action: Action) -> None:
    works = Works("3号楼")
    said: dict[str, Any] = {"party": "estate"} if action is Action.REASSIGN else {"message": "办好了"}

    works.unit.take(decide(works.head, Command(action, **said), works.unit.cases, HERE, NOON))
    works.say("extended")
    following.moved(works.unit, works.outage, None, HERE, NOON)
    following.restored(works.unit, works.outage, None, HERE, NOON)
    following.called_off(works.unit, works.outage, None, HERE, NOON)
    assert works.stands("c0")[2] is False


def test_more_than_may_follow_one_case_follow_a_further_one_and_the_rest_stays() -> None:
    works = Works("3号楼")
    crowd = tuple(f"x{number}" for number in range(FOLLOWERS_AT_MOST))
    full = replace(works.head, family=replace(works.head.family, followers=crowd))
    works.unit.cases[full.id] = full
    late = [replace(works.unit.cases["c0"], id=f"d{number}", state=CaseState.DISPATCHED) for number in range(2)]
    late = [replace(case, family=replace(case.family, merged_into=None)) for case in late]
    works.unit.know(late)
    works.outage = following._joined(works.unit, works.outage, late, HERE, NOON)
    assert len(works.outage.heads) == 2
    assert {works.unit.cases[case.id].family.merged_into for case in late} == {works.outage.heads[1]}
    works.outage = replace(works.outage, heads=(full.id,) * heads.HEADS_AT_MOST)
    works.unit.know([replace(late[0], id="e")])
    following._joined(works.unit, works.outage, [replace(late[0], id="e")], HERE, NOON)
    assert works.stands("e")[2] is False


def test_the_case_of_an_outage_follows_no_other_outage() -> None:
    works = Works("3号楼")
    other = judged(told("declared", "w-2"), "test", "water-co", None, HERE, NOON).after
    assert other
    assert not is_about(other, works.head)
    assert not is_about(other, replace(works.unit.cases["c0"], different=True))
