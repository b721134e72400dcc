"""For each demand the way from its cluster to what was accepted, or the reason why it ended before."""

import pytest

from linli.contracts.neighbourhood import actions, works, works_accepted, works_checked
from linli.contracts.neighbourhood import plans as plan_events
from linli.contracts.neighbourhood.actions import ActionOrigin
from linli.contracts.neighbourhood.deliberations import Concern, ConcernKind
from linli.contracts.neighbourhood.deliberations_settled import CommitmentAccepted
from linli.contracts.neighbourhood.responses import ResponseDemandRaised
from linli.contracts.workflow import case as cases
from linli.contracts.workflow.case import CaseState
from neighbourhood.lineage.domain.lineage import End, Lineage, Stage
from neighbourhood.lineage.domain.links import Kind, Thing
from tests.unit.neighbourhood.lineage.stories import START, Stories, says


def committed(stories: Stories, *concerns: Concern) -> Stories:
    return stories.tell(
        CommitmentAccepted,
        deliberation_id="b-1",
        commitment_id="c-1",
        owner="grid-co",
        due=START.date(),
        words_digest="a" * 64,
        mandate_id="w-1",
        taskforce_id="t-1",
        concerns=concerns,
    )


def planned(*demands: str) -> Stories:
    """Demands that one item of a final plan answers."""
    stories = Stories().clustered("c", *demands).published().taken(*demands)
    return stories.written("shed", *demands).noticed().finalised()


def being_built(*demands: str) -> Stories:
    return planned(*demands).built("w-1", ("shed",), demands)


def stages(lineage: Lineage) -> list[str]:
    return [each.stage for each in lineage.steps]


def test_a_lineage_is_its_case_s_community_s() -> None:
    stories = being_built("d1")
    stories.case("d1", community="elsewhere")
    assert stories.of("d1").community == "elsewhere"
    assert Stories().clustered("c", "d1").of("d1").community is None, "nothing has said whose it is"


def test_the_whole_way_of_a_demand() -> None:
    stories = Stories()
    raised = {"response_id": "x-1", "round_id": "r-1", "household": "h-1", "question": "needs"}
    stories.case("d1").tell(ResponseDemandRaised, **raised, demand="d1")
    stories.clustered("c", "d1").published().taken("d1").written("shed", "d1").noticed().finalised()
    committed(stories, Concern(kind=ConcernKind.PLAN_ITEM, id="p-1~shed"))
    stories.assigned("a-1", ActionOrigin.COMMITMENT, "c-1").assigned("a-2", ActionOrigin.PLAN_ITEM, "p-1~shed")
    stories.built("w-1", ("shed",), ("d1",)).defect("w-1", "f-1")
    assert stories.of("d1").end is None
    stories.defect("w-1", "f-1", works_checked.RectificationVerified).passed("w-1")
    lineage = stories.of("d1")
    assert stages(lineage) == [
        *("case", "round", "cluster", "item", "commitment", "action", "action"),
        *("package", "defect", "acceptance", "end"),
    ]
    assert lineage.end is End.ACCEPTED and lineage.reached is Stage.ACCEPTANCE
    [package], [defect] = lineage.at(Stage.PACKAGE), lineage.at(Stage.DEFECT)
    assert package.came_of == (Thing(Kind.ITEM, "p-1~shed"),)
    assert (defect.thing.id, defect.state) == ("w-1~f-1", "verified")
    assert lineage.steps[-1].because == ("w-1:4",)


def test_a_demand_that_nobody_has_heard_of_has_no_steps() -> None:
    assert Stories().of("d1") == Lineage("d1", (), None) and Stories().of("d1").reached is None


def test_a_demand_that_is_left_out_says_why_once_the_round_is_summarised() -> None:
    stories = Stories().left_out("d1")
    assert stories.of("d1").end is None and not stories.of("d1").steps[-1].settled
    lineage = stories.published().of("d1")
    assert lineage.end is End.LEFT_OUT and lineage.steps[-1].reason == says("不属于本小区")


def test_a_demand_is_in_one_cluster_and_in_none_that_was_settled_again_without_it() -> None:
    stories = Stories().clustered("c", "d1", "d2").clustered("other", "d1")
    assert [each.thing.id for each in stories.of("d1").at(Stage.CLUSTER)] == ["r-1~other"]
    assert [each.thing.id for each in stories.of("d2").at(Stage.CLUSTER)] == ["r-1~c"]
    assert not stories.clustered("c", "d3").of("d2").at(Stage.CLUSTER)
    assert [each.state for each in stories.left_out("d1").of("d1").at(Stage.CLUSTER)] == ["left_out"]


def test_a_declined_demand_says_why_and_it_is_the_end_once_the_plan_is_final() -> None:
    stories = Stories().taken("d1").written("road").declined("d1").noticed()
    [step] = stories.of("d1").at(Stage.PLAN)
    assert (step.state, step.reason, stories.of("d1").end) == ("declined", says("资金不足"), None)
    lineage = stories.finalised().of("d1")
    assert lineage.end is End.DECLINED and lineage.steps[-1].reason == says("资金不足")


def test_what_a_plan_reconsiders_is_owed_again() -> None:
    stories = Stories().taken("d1").declined("d1").tell(plan_events.DemandReconsidered, plan_id="p-1", demand="d1")
    assert [each.state for each in stories.of("d1").at(Stage.PLAN)] == ["owed"]


def test_what_an_item_no_longer_cites_is_owed_again() -> None:
    for stories in (
        Stories().taken("d1", "d2").written("shed", "d1", "d2").written("shed", "d2"),
        Stories().taken("d1").written("shed", "d1").tell(plan_events.PlanItemRemoved, plan_id="p-1", item="shed"),
    ):
        lineage = stories.of("d1")
        assert not lineage.at(Stage.ITEM) and [each.state for each in lineage.at(Stage.PLAN)] == ["owed"]


def test_a_superseded_plan_ends_what_the_next_one_does_not_answer() -> None:
    stories = planned("d1", "d2", "d3", "d4")
    stories.taken("d2", "d3", plan="p-2").written("shed", "d2", plan="p-2").declined(
        "d3", plan="p-2", reason="不再需要"
    )
    stories.finalised("p-2")
    assert stories.of("d1").end is None, "the plan that it is in holds until it is superseded"
    stories.superseded()
    ends = {demand: stories.of(demand).end for demand in ("d1", "d2", "d3")}
    assert ends == {"d1": End.SUPERSEDED, "d2": None, "d3": End.DECLINED}
    assert stories.of("d1").steps[-1].thing == Thing(Kind.PLAN, "p-2")
    assert stories.of("d3").steps[-1].reason == says("不再需要")
    stories.taken("d4", plan="p-3")
    assert stories.of("d4").end is None, "a plan that is being drawn owes it an answer"


def test_what_is_being_built_goes_on_where_its_plan_is_superseded() -> None:
    stories = being_built("d1").superseded()
    assert stories.of("d1").end is None
    assert stories.passed("w-1").of("d1").end is End.ACCEPTED


def test_all_that_answers_a_demand_is_accepted_before_it_ends() -> None:
    stories = Stories().taken("d1").written("shed", "d1").written("lamps", "d1").finalised()
    stories.built("w-1", ("shed",), ("d1",)).passed("w-1")
    assert stories.of("d1").end is None, "nobody has begun with the lamps"
    stories.built("w-2", ("lamps",), ("d1",))
    assert stories.of("d1").end is None
    assert stories.passed("w-2").of("d1").end is End.ACCEPTED


def test_an_acceptance_that_failed_or_is_revoked_is_no_end() -> None:
    stories = being_built("d1").tell(works_accepted.AcceptanceFailed, package_id="w-1", why="未整改")
    assert stories.of("d1").end is None
    stories.passed("w-1")
    assert stories.of("d1").end is End.ACCEPTED
    filed = {"number": "备1", "on": START.date(), "late_by": 0}
    stories.tell(works_accepted.AcceptanceFiled, package_id="w-1", **filed)
    assert stories.of("d1").at(Stage.ACCEPTANCE)[0].state == "filed"
    facility = {"id": "e-1", "name": "电动车棚", "place": "3号楼东侧"}
    accepted = {"accepted_on": "2026-03-02", "warranty_letter": "0" * 64, "builder": "builder-co", "title": "电动车棚"}
    handed = {"to": "property-co", "facilities": (facility,), "items": ("shed",), "demands": ("d1",)} | accepted
    stories.tell(works.PackageHandedOver, package_id="w-1", **handed)
    assert (stories.of("d1").at(Stage.PACKAGE)[0].state, stories.of("d1").end) == ("handed_over", End.ACCEPTED)
    stories.tell(works_accepted.AcceptanceRevoked, package_id="w-1", why="程序违法")
    lineage = stories.of("d1")
    assert (lineage.end, lineage.at(Stage.ACCEPTANCE)[0].state) == (None, "revoked")


def test_what_its_demander_takes_back_has_ended_unless_it_is_built() -> None:
    assert planned("d1").case("d1", cases.CaseWithdrawn).of("d1").end is End.WITHDRAWN
    assert being_built("d1").passed("w-1").case("d1", cases.CaseWithdrawn).of("d1").end is End.ACCEPTED


def test_a_demand_that_no_plan_was_needed_for_ends_with_its_case() -> None:
    assert Stories().case("d1", cases.CaseClosed).of("d1").end is End.RESOLVED
    assert Stories().clustered("c", "d1").case("d1").of("d1").end is None


def test_a_demand_that_follows_another_comes_to_what_that_one_does() -> None:
    stories = being_built("d2").case("d1", cases.CaseMerged, into="d2")
    assert [each.thing.id for each in stories.of("d1").at(Stage.PACKAGE)] == ["w-1"]
    assert stories.passed("w-1").of("d1").end is End.ACCEPTED
    accept_by = {"from_case": "d2", "accept_by": START}
    assert not stories.case("d1", cases.CaseUnmerged, **accept_by).of("d1").at(Stage.PACKAGE)


def test_cases_that_merge_in_a_circle_end_nowhere() -> None:
    stories = Stories().case("d1", cases.CaseMerged, into="d2").case("d2", cases.CaseMerged, into="d1")
    assert [each.thing.id for each in stories.of("d1").at(Stage.CASE)] == ["d1", "d2"]


def test_reports_have_no_lineage_and_notes_move_nothing() -> None:
    stories = Stories().case("s-1", cases.CaseAccepted, kind="report").case("d1", cases.CaseNoted)
    assert not stories.links


def test_an_action_is_as_its_newest_event_has_it() -> None:
    stories = planned("d1").assigned("a-1", ActionOrigin.PLAN_ITEM, "p-1~shed")
    for kind, fields, state in (
        (actions.ActionReported, {"done": "好了"}, "reported"),
        (actions.ActionReturned, {"why": "没有"}, "open"),
        (actions.ActionMissed, {}, "open"),
        (actions.ActionDropped, {"why": "取消"}, "dropped"),
    ):
        stories.action("a-1", kind, **fields)
        assert [each.state for each in stories.of("d1").at(Stage.ACTION)] == [state]


@pytest.mark.parametrize(
    "concern", [Concern(kind=ConcernKind.DEMAND, id="d1"), Concern(kind=ConcernKind.CASE, id="d1")]
)
def test_what_was_promised_for_a_demand_itself_is_in_its_lineage(concern: Concern) -> None:
    stories = committed(Stories().case("d1"), concern, Concern(kind=ConcernKind.OBJECTION, id="o-1"))
    assert [each.thing.id for each in stories.of("d1").at(Stage.COMMITMENT)] == ["c-1"]


def test_each_of_the_sample_demands_ends_in_acceptance_or_a_reason() -> None:
    demands = [f"d{n:02}" for n in range(40)]
    stories = Stories()
    for demand in demands:
        stories.case(demand, cases.CaseOpened, state=CaseState.OPEN, **opened())
    for n in range(9):
        stories.clustered(f"c{n}", *demands[:37][n::9])
    for demand in demands[37:]:
        stories.left_out(demand)
    stories.published().taken(*demands[:37])
    items = {f"i{n}": demands[:34][n::9] for n in range(9)}
    for id, cited in items.items():
        stories.written(id, *cited)
    for demand in demands[34:37]:
        stories.declined(demand)
    stories.noticed().finalised()
    stories.built("w-1", items, demands[:34]).defect("w-1", "f-1").passed("w-1")
    ends = [stories.of(demand).end for demand in demands]
    assert ends == [End.ACCEPTED] * 34 + [End.DECLINED] * 3 + [End.LEFT_OUT] * 3
    assert all(stories.of(demand).steps[-1].reason for demand in demands[34:])


def opened() -> dict[str, object]:
    return {"channel": "web", "tracking_hash": "a" * 64, "submitted_at": START}
