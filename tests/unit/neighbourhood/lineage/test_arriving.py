"""Whatever the order in which stories arrive, and however often, the lineage is the same in the end."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.neighbourhood import actions, works_accepted, works_checked
from linli.contracts.neighbourhood.actions import ActionOrigin
from linli.contracts.neighbourhood.plans import PlanStage
from linli.contracts.neighbourhood.rounds import RoundStage
from linli.contracts.workflow import case as cases
from neighbourhood.lineage.domain.assembling import assembled
from neighbourhood.lineage.domain.lineage import Stage
from neighbourhood.lineage.domain.links import Kind, Link, Thing, newest
from neighbourhood.lineage.domain.reading import links_of
from neighbourhood.lineage.domain.web import Web
from neighbourhood.plans.domain import commands as plan_do
from neighbourhood.plans.domain.deciding import decide as decide_plan
from neighbourhood.plans.domain.plan import Plan
from neighbourhood.plans.domain.plan import evolve as evolve_plan
from neighbourhood.refusal import Refusal
from neighbourhood.rounds.domain.round import Round
from neighbourhood.rounds.domain.round import evolve as evolve_round
from tests.unit.neighbourhood.lineage.stories import START, Shelf, Stories, item, says

KEPT = TypeAdapter(tuple[Link, ...])
DEMANDS = ("d1", "d2", "d3")
ITEMS = ("shed", "lamps")
SOME = st.lists(st.sampled_from(DEMANDS), min_size=1, max_size=3, unique=True)
DEMAND = st.sampled_from(DEMANDS)
PACKAGE = st.sampled_from(["w-1", "w-2"])
ACTION = st.sampled_from(["a-1", "a-2"])


def steps() -> st.SearchStrategy[tuple[str, tuple[Any, ...]]]:
    """What may happen, as the name of what `Stories` tells and its arguments."""

    def named(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, tuple[Any, ...]]]:
        return st.tuples(st.just(name), st.tuples(*arguments))

    kinds = st.sampled_from([cases.CaseAccepted, cases.CaseWithdrawn, cases.CaseClosed])
    defects = st.sampled_from([works_checked.DefectReported, works_checked.RectificationVerified])
    plan = st.sampled_from(["p-1", "p-2"])
    return st.one_of(
        named("case", DEMAND, kinds),
        named("merged", DEMAND, DEMAND),
        named("clustered", st.sampled_from(["c1", "c2"]), SOME),
        named("left_out", DEMAND),
        named("published"),
        named("taken", plan, SOME),
        named("written", plan, st.sampled_from(ITEMS), SOME),
        named("declined", plan, DEMAND),
        named("noticed", plan),
        named("finalised", plan),
        named("superseded"),
        named("built", PACKAGE, st.sampled_from(ITEMS), SOME),
        named("defect", PACKAGE, st.sampled_from(["f-1", "f-2"]), defects),
        named("passed", PACKAGE),
        named("revoked", PACKAGE),
        named("assigned", ACTION, st.sampled_from(ITEMS)),
        named("reported", ACTION),
    )


def told(happened: list[tuple[str, tuple[Any, ...]]]) -> Stories:
    """All of it, however little sense it makes: links do not ask whether an event was possible."""
    stories = Stories()
    for name, given_ in happened:
        match name, given_:
            case "merged", (one, other):
                stories.case(one, cases.CaseMerged, into=other)
            case "clustered", (cluster, demands):
                stories.clustered(cluster, *demands)
            case "taken", (plan, demands):
                stories.taken(*demands, plan=plan)
            case "written", (plan, id, demands):
                stories.written(id, *demands, plan=plan)
            case "declined", (plan, demand):
                stories.declined(demand, plan=plan)
            case "built", (package, id, demands):
                stories.built(package, (id,), demands)
            case "revoked", (package,):
                stories.tell(works_accepted.AcceptanceRevoked, package_id=package, why="程序违法")
            case "assigned", (action, id):
                stories.assigned(action, ActionOrigin.PLAN_ITEM, f"p-1~{id}")
            case "reported", (action,):
                stories.action(action, actions.ActionReported, done="好了")
            case _:
                getattr(stories, name)(*given_)
    return stories


@st.composite
def arrivals(draw: st.DrawFn, stories: Stories) -> list[list[Envelope[Event]]]:
    """The same events in batches: each story in its order, the stories in any, and some batches twice."""
    left: dict[str, list[Envelope[Event]]] = {}
    for each in stories.envelopes:
        left.setdefault(each.subject, []).append(each)
    order = draw(st.permutations([each.subject for each in stories.envelopes]))
    mixed = [left[subject].pop(0) for subject in order]
    batches: list[list[Envelope[Event]]] = []
    while mixed:
        size = draw(st.integers(1, len(mixed)))
        batch, mixed = mixed[:size], mixed[size:]
        batches += [batch] * draw(st.sampled_from([1, 1, 2]))
    return batches


@settings(max_examples=200, deadline=None)
@given(st.data(), st.lists(steps(), max_size=25))
def test_any_order_between_stories_gives_the_same_lineage(
    data: st.DataObject, happened: list[tuple[str, tuple[Any, ...]]]
) -> None:
    stories = told(happened)
    shelf = Shelf()
    for batch in data.draw(arrivals(stories)):
        shelf.take(batch)
    assert shelf.links == newest(stories.links)
    for demand in DEMANDS:
        assert shelf.of(demand) == stories.of(demand)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.lists(steps(), max_size=25))
def test_even_what_overtakes_its_own_story_does_no_harm(
    data: st.DataObject, happened: list[tuple[str, tuple[Any, ...]]]
) -> None:
    stories = told(happened)
    shelf = Shelf()
    for each in data.draw(st.permutations(stories.envelopes)):
        shelf.take([each])
    assert shelf.links == newest(stories.links) == newest(data.draw(st.permutations(stories.links)))


@settings(max_examples=100, deadline=None)
@given(st.lists(steps(), max_size=25))
def test_a_few_queries_load_all_of_a_lineage(happened: list[tuple[str, tuple[Any, ...]]]) -> None:
    stories = told([each for each in happened if each[0] != "merged"])
    for demand in DEMANDS:
        shelf = Shelf()
        shelf.take(stories.envelopes)
        assert shelf.of(demand) == stories.of(demand)
        assert shelf.asked <= 4


def test_a_follower_s_lineage_with_all_there_is_takes_six_queries() -> None:
    stories = Stories().case("d1", cases.CaseMerged, into="d2").taken("d2").written("shed", "d2").finalised()
    stories.built("w-1", ("shed",), ("d2",)).assigned("a-1", ActionOrigin.PLAN_ITEM, "p-1~shed").superseded()
    shelf = Shelf()
    shelf.take(stories.envelopes)
    assert shelf.of("d1") == stories.of("d1") and shelf.asked <= 6


PLAN_COMMANDS: st.SearchStrategy[Any] = st.one_of(
    st.builds(plan_do.TakeDemands, st.just("p-1"), SOME.map(tuple)),
    st.builds(
        plan_do.WriteItem, st.just("p-1"), st.builds(lambda id, some: item(id, *some), st.sampled_from(ITEMS), SOME)
    ),
    st.builds(plan_do.RemoveItem, st.just("p-1"), st.sampled_from(ITEMS)),
    st.builds(plan_do.Decline, st.just("p-1"), DEMAND, st.just(says("不做"))),
    st.builds(plan_do.Reconsider, st.just("p-1"), DEMAND),
    st.builds(plan_do.FreezeVersion, st.just("p-1")),
    st.sampled_from(["announce", "finalise"]),
)


POSTED: tuple[Any, ...] = (
    plan_do.TakeDemands("p-1", DEMANDS),
    plan_do.WriteItem("p-1", item("shed", "d1", "d2")),
    plan_do.Decline("p-1", "d3", says("不做")),
    plan_do.FreezeVersion("p-1"),
    "announce",
)


def plan_does(plan: Plan, step: Any) -> Any:
    if not isinstance(step, str):
        return step
    digest = plan.versions[-1].digest if plan.versions else "0" * 64
    hung = plan_do.Hung("n1", "p-1", digest, (START.date(), START.date()))
    return plan_do.Announce("p-1", hung) if step == "announce" else plan_do.Finalise("p-1", hung)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([(), POSTED]), st.lists(PLAN_COMMANDS, max_size=30))
def test_links_say_of_a_plan_what_the_plan_itself_knows(usual: tuple[Any, ...], commands: list[Any]) -> None:
    stories = Stories()
    plan: Plan | None = None
    for step in (plan_do.DraftPlan("p-1", "desk", "fushan", "n-1", says("方案")), *usual, *commands):
        decision = decide_plan(plan, plan_does(plan, step) if plan else step, stories.now)
        for event in () if isinstance(decision, Refusal) else decision:
            plan = evolve_plan(plan, event)
            stories.heard(event)
    assert plan is not None
    assert Web(stories.links).stage_of(Thing(Kind.PLAN, "p-1")) is plan.stage
    for demand in DEMANDS:
        lineage = stories.of(demand)
        cited = {f"p-1~{each.id}" for each in plan.items.values() if demand in each.demands}
        assert {each.thing.id for each in lineage.at(Stage.ITEM)} == cited
        assert all(each.state == plan.stage for each in lineage.at(Stage.ITEM))
        answers = [(each.state, each.reason) for each in lineage.at(Stage.PLAN)]
        declined = [("declined", plan.declined[demand])] if demand in plan.declined else []
        owed = [("owed", None)] if demand in plan.unanswered else []
        assert answers == declined + owed
        assert (lineage.end is not None) is (bool(declined) and plan.stage is PlanStage.FINALISED)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(SOME, DEMAND), max_size=20), st.data())
def test_links_say_of_a_round_what_the_round_itself_knows(said: list[Any], data: st.DataObject) -> None:
    stories = Stories()
    for each in said:
        if isinstance(each, str):
            stories.left_out(each)
        else:
            stories.clustered(data.draw(st.sampled_from(["c1", "c2"])), *each)
    stories.published()
    round: Round = Round("r-1", "fushan", "n-1", says("征集"), (), stage=RoundStage.CLOSED)
    for envelope in stories.envelopes:
        round = evolve_round(round, envelope.data)  # type: ignore[arg-type]
    for demand in DEMANDS:
        found = stories.of(demand).at(Stage.CLUSTER)
        there = {f"r-1~{id}" for id, each in round.clusters.items() if demand in each.demands}
        assert {each.thing.id for each in found if each.state == "clustered"} == there
        assert [each.reason for each in found if each.state == "left_out"] == [
            reason for id, reason in round.left_out.items() if id == demand
        ]


@given(st.lists(steps(), max_size=10))
def test_one_event_writes_each_link_once_and_a_link_can_be_kept(happened: list[tuple[str, tuple[Any, ...]]]) -> None:
    for each in told(happened).envelopes:
        links = links_of(each)
        assert len({link.id for link in links}) == len(links)
        assert KEPT.validate_json(KEPT.dump_json(links)) == links


@settings(max_examples=50, deadline=None)
@given(st.lists(steps(), max_size=25))
def test_links_of_other_demands_change_nothing(happened: list[tuple[str, tuple[Any, ...]]]) -> None:
    stories = told(happened)
    others = [link for link in stories.links if link.source.id not in DEMANDS] + stories.links
    assert assembled("d1", others) == stories.of("d1")
