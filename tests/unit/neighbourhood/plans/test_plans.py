"""A plan from its first item until it is final, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.base import strict_json, tolerant
from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.plan_text import CostShare, ItemCategory, Payer, PlanItem
from linli.contracts.neighbourhood.plans import ObjectionOutcome, PlanEvent, PlanStage
from linli.contracts.neighbourhood.publicity import Subject
from linli.frozen import replace
from neighbourhood.digests import digest_of
from neighbourhood.plans.domain import commands as do
from neighbourhood.plans.domain.comparing import compared
from neighbourhood.plans.domain.deciding import decide
from neighbourhood.plans.domain.objecting import MOST_OF_A_HOUSEHOLD
from neighbourhood.plans.domain.plan import Plan, PlanVersion, evolve, replayed
from neighbourhood.plans.seen import without_households
from neighbourhood.publicity.domain import deciding as publicity
from neighbourhood.publicity.domain.notice import PostedNotice
from neighbourhood.publicity.domain.notice import evolve as hangs_on
from neighbourhood.refusal import Refusal
from tests.support.qingdao import PUBLICITY

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 2, 1, tzinfo=UTC)  # Monday, 9:00 there
WORDS = "3" * 64
DAYS = (date(2026, 11, 3), date(2026, 11, 9))


def says(text: str) -> Wording:
    return Wording(zh=text)


def item(id: str, *demands: str, fen: int = 100_00, **other: Any) -> PlanItem:
    shares = (CostShare(payer=Payer.GOVERNMENT, fen=fen),)
    said: dict[str, Any] = {"category": ItemCategory.BASIC, "title": says(id), "estimate": fen, "shares": shares}
    return PlanItem(id=id, demands=demands, **(said | other))


class Drawing:
    """A plan that is being drawn, and all that happened to it."""

    def __init__(self, *demands: str) -> None:
        self.now = START
        self.plan: Plan | None = None
        self.story: list[PlanEvent] = []
        self.does(do.DraftPlan("p1", "desk", "test", "east", says("东区改造方案")))
        if demands:
            self.does(do.TakeDemands("desk", demands))

    def does(self, command: do.Command) -> str | None:
        """The slug of the refusal, or None."""
        decision = decide(self.plan, command, self.now)
        if isinstance(decision, Refusal):
            assert decision.why and decision.why.chinese
            return decision.slug
        for event in decision:
            self.plan = evolve(self.plan, event)
            self.story.append(event)
        return None

    def writes(self, *items: PlanItem) -> "Drawing":
        for each in items:
            assert self.does(do.WriteItem("desk", each)) is None
        return self

    def freezes(self) -> "Drawing":
        assert self.does(do.FreezeVersion("desk")) is None
        return self

    def hung(self, days: tuple[date, date] | None = DAYS) -> do.Hung:
        """A notice of exactly the newest version."""
        assert self.plan
        return do.Hung("n1", "p1", self.plan.versions[-1].digest, days)

    def announces(self) -> "Drawing":
        assert self.does(do.Announce("desk", self.hung(None))) is None
        return self

    def objects(self, id: str = "o1") -> "Drawing":
        assert self.does(do.FileObjection(id, "h7", "h7", WORDS, "shed")) is None
        return self

    def answers(self, outcome: ObjectionOutcome, id: str = "o1") -> str | None:
        return self.does(do.AnswerObjection("desk", id, outcome, says("棚移到北侧")))

    def finalises(self, hung: do.Hung | None = None) -> str | None:
        return self.does(do.Finalise("desk", hung or self.hung()))

    @property
    def versions(self) -> tuple[PlanVersion, ...]:
        assert self.plan
        return self.plan.versions

    @property
    def stage(self) -> PlanStage:
        assert self.plan
        return self.plan.stage


def posted() -> Drawing:
    return Drawing("d1").writes(item("shed", "d1")).freezes().announces()


def test_short_notice_finalises_nothing() -> None:
    """The embarrassing one: the days are not over."""
    drawing = posted()
    assert drawing.finalises(drawing.hung(None)) == "days_not_over"
    assert drawing.finalises() is None
    assert drawing.stage is PlanStage.FINALISED


def test_one_changed_character_after_the_notice_begins_it_anew() -> None:
    """The embarrassing one: what hung for its days is not what would be final."""
    drawing = posted()
    hung = drawing.hung()
    drawing.writes(item("shed", "d1", title=says("shed。")))
    assert drawing.stage is PlanStage.DRAFTING
    assert drawing.finalises(hung) == "not_frozen"
    drawing.freezes()
    assert drawing.does(do.Announce("desk", hung)) == "other_text"
    assert drawing.finalises(hung) == "not_noticed"
    drawing.announces()
    assert drawing.finalises(hung) == "other_text"
    assert drawing.finalises() is None


def test_a_change_and_its_contrary_begin_the_notice_anew_as_well() -> None:
    drawing = posted()
    hung = drawing.hung()
    drawing.writes(item("shed", "d1", fen=1), item("shed", "d1"))
    drawing.freezes()
    assert drawing.does(do.Announce("desk", hung)) == "other_text"


def test_the_same_text_again_is_no_change() -> None:
    drawing = posted()
    before = drawing.plan
    drawing.writes(item("shed", "d1"))
    drawing.freezes().announces()
    drawing.does(do.TakeDemands("desk", ("d1",)))
    assert drawing.plan == before


def test_every_demand_is_cited_or_declined() -> None:
    drawing = Drawing("d1", "d2").writes(item("shed", "d1"))
    assert drawing.does(do.FreezeVersion("desk")) == "demands_unanswered"
    assert drawing.does(do.Decline("desk", "d1", says("不做"))) == "demand_cited"
    assert drawing.does(do.Decline("desk", "d2", says("不属本次范围"))) is None
    assert drawing.does(do.WriteItem("desk", item("lift", "d2"))) == "demand_declined"
    drawing.freezes()
    assert drawing.plan
    assert drawing.plan.versions[0].outcomes == {"d1": ("shed",), "d2": says("不属本次范围")}


def test_what_a_removed_item_answered_is_open_again() -> None:
    drawing = Drawing("d1").writes(item("shed", "d1"), item("road"))
    drawing.does(do.RemoveItem("desk", "shed"))
    assert drawing.does(do.FreezeVersion("desk")) == "demands_unanswered"
    drawing.does(do.Decline("desk", "d1", says("不做")))
    drawing.does(do.Reconsider("desk", "d1"))
    assert drawing.does(do.FreezeVersion("desk")) == "demands_unanswered"


def test_an_item_cites_what_there_is_and_is_paid_for() -> None:
    drawing = Drawing("d1")
    assert drawing.does(do.WriteItem("desk", item("shed", "d9"))) == "no_demand"
    assert drawing.does(do.WriteItem("desk", item("shed", "d1", estimate=1))) == "shares_wrong"
    assert drawing.does(do.FreezeVersion("desk")) == "plan_empty"


def test_objections_are_answered_before_the_plan_is_final() -> None:
    drawing = posted().objects()
    assert drawing.finalises() == "objections_open"
    assert drawing.answers(ObjectionOutcome.EXPLAINED) is None
    assert drawing.answers(ObjectionOutcome.UPHELD) == "objection_closed"
    assert drawing.finalises() is None


def test_an_objection_that_was_right_wants_another_version() -> None:
    drawing = posted().objects()
    drawing.answers(ObjectionOutcome.UPHELD)
    assert drawing.finalises() == "objection_upheld"
    drawing.writes(item("shed", "d1", title=says("电动车棚移到北侧"))).freezes().announces()
    assert drawing.finalises() is None


def test_whoever_objected_may_take_it_back_and_nobody_else() -> None:
    drawing = posted().objects()
    assert drawing.does(do.WithdrawObjection("h8", "o1", "h8")) == "not_theirs"
    assert drawing.does(do.WithdrawObjection("h7", "o1", "h7")) is None
    assert drawing.finalises() is None


def test_one_household_does_not_use_up_the_objections_of_all() -> None:
    drawing = posted()
    for at in range(MOST_OF_A_HOUSEHOLD):
        assert drawing.does(do.FileObjection(f"o{at}", "h7", "h7", WORDS, None)) is None
        assert drawing.does(do.WithdrawObjection("h7", f"o{at}", "h7")) is None
    assert drawing.does(do.FileObjection("more", "h7", "h7", WORDS, None)) == "household_objected_enough"
    assert drawing.does(do.FileObjection("o0", "h7", "h7", WORDS, None)) is None, "the same again is no other one"
    assert drawing.does(do.FileObjection("other", "h8", "h8", WORDS, None)) is None


def test_a_company_reads_what_was_objected_to_and_no_household() -> None:
    drawing = posted().objects().objects("o2")
    assert drawing.does(do.FileObjection("o3", "h8", "h8", WORDS, None)) is None
    assert drawing.plan
    shown = without_households(drawing.plan).objections
    assert [each.household for each in shown.values()] == ["household-1", "household-1", "household-2"]
    assert {(each.words, each.number) for each in shown.values()} == {("", 1)}


def test_a_final_plan_is_changed_by_another_alone() -> None:
    drawing = posted()
    assert drawing.does(do.Supersede("linli", "p2")) == "plan_not_final"
    drawing.finalises()
    assert drawing.does(do.WriteItem("desk", item("road"))) == "plan_final"
    assert drawing.does(do.FileObjection("o9", "h7", "h7", WORDS)) == "plan_final"
    assert drawing.does(do.Supersede("linli", "p2")) is None
    assert drawing.stage is PlanStage.SUPERSEDED


def test_a_notice_of_another_plan_does_not_count() -> None:
    drawing = Drawing("d1").writes(item("shed", "d1")).freezes()
    assert drawing.does(do.Announce("desk", replace(drawing.hung(), plan_id="p2"))) == "other_text"
    assert drawing.finalises() == "not_noticed"


def test_whoever_has_a_version_can_compute_its_hash_anew() -> None:
    drawing = posted()
    version = drawing.versions[0]
    read = type(version.text).model_validate_json(version.text.model_dump_json())
    assert digest_of((read,)) == version.digest
    other = read.model_copy(update={"title": says("东区改造方案.")})
    assert digest_of((other,)) != version.digest


def test_two_versions_side_by_side() -> None:
    drawing = Drawing("d1", "d2", "d3").writes(item("shed", "d1"), item("road", "d2"))
    drawing.does(do.Decline("desk", "d3", says("不做")))
    drawing.freezes()
    drawing.does(do.RemoveItem("desk", "road"))
    drawing.does(do.Reconsider("desk", "d3"))
    drawing.does(do.Decline("desk", "d2", says("另案办理")))
    drawing.writes(item("lift", "d3", fen=900_00), item("shed", "d1", fen=150_00)).freezes()
    versions = drawing.versions
    found = compared(*versions)
    assert ([each.id for each in found.added], [each.id for each in found.removed]) == (["lift"], ["road"])
    assert [each.fields for each in found.changed] == [("estimate", "shares")]
    assert found.outcomes == {"d2": (("road",), says("另案办理")), "d3": (says("不做"), ("lift",))}
    assert found.estimate == (200_00, 1050_00)
    assert compared(versions[1], versions[1]).same


def test_the_sample_cites_thirty_four_declines_three_and_is_final_in_its_second_version() -> None:
    """With publicity that hangs in two buildings and counts the days of Qingdao."""
    demands = [f"d{number:02}" for number in range(37)]
    drawing = Drawing(*demands)
    drawing.writes(*(item(f"i{n}", *demands[:34][n::9]) for n in range(8)), item("shed", *demands[:34][8::9]))
    for demand in demands[34:]:
        drawing.does(do.Decline("desk", demand, says("不属改造范围")))
    drawing.freezes()
    hanging = Sheets(drawing)
    drawing.does(do.Announce("desk", hanging.hung))
    drawing.objects().answers(ObjectionOutcome.UPHELD)
    drawing.now += timedelta(days=6)
    drawing.writes(item("shed", *demands[:34][8::9], title=says("车棚让出消防通道"))).freezes()
    hanging.changes()
    assert drawing.does(do.Announce("desk", hanging.hung)) is None
    drawing.now += timedelta(days=3)
    assert hanging.completes() == "days_not_over", "nine days have gone by, three of them with this text"
    assert drawing.finalises(hanging.hung) == "days_not_over"
    drawing.now += timedelta(days=6)
    assert hanging.completes() is None
    assert drawing.finalises(hanging.hung) is None
    version = drawing.versions[-1]
    assert version.number == 2
    outcomes = list(version.outcomes.values())
    assert (sum(isinstance(each, tuple) for each in outcomes), len(outcomes)) == (34, 37)


class Sheets:
    """The notice of a plan, in two buildings."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.notice: PostedNotice | None = None
        rule = PUBLICITY.rules[Subject.PLAN]
        self.does(publicity.Prepare("n1", "desk", "test", "east", Subject.PLAN, "p1", self.digest, ("b1", "b2"), rule))
        self.posts()

    @property
    def digest(self) -> str:
        assert self.drawing.plan
        return self.drawing.plan.versions[-1].digest

    @property
    def hung(self) -> do.Hung:
        assert self.notice
        done = self.notice.completed
        return do.Hung(
            "n1", self.notice.subject_id, self.notice.digest, (done.first_day, done.last_day) if done else None
        )

    def does(self, command: publicity.Command) -> str | None:
        decision = publicity.decide(self.notice, command, self.drawing.now, ZONE, lambda day: day.weekday() < 5)
        if isinstance(decision, Refusal):
            return decision.slug
        for event in decision:
            self.notice = hangs_on(self.notice, event)
        return None

    def posts(self) -> None:
        for building in ("b1", "b2"):
            assert self.does(publicity.Post("desk", building, self.digest, self.drawing.now)) is None

    def changes(self) -> None:
        self.does(publicity.ChangeText("desk", self.digest))
        self.posts()

    def completes(self) -> str | None:
        return self.does(publicity.Complete("linli"))


DEMANDS = st.sampled_from(["d1", "d2", "d3"])
ITEMS = st.builds(item, st.sampled_from(["shed", "road"]), DEMANDS, fen=st.sampled_from([1, 2]))
COMMANDS: st.SearchStrategy[Any] = st.one_of(
    st.builds(do.TakeDemands, st.just("desk"), st.lists(DEMANDS, max_size=3).map(tuple)),
    st.builds(do.WriteItem, st.just("desk"), ITEMS),
    st.builds(do.RemoveItem, st.just("desk"), st.sampled_from(["shed", "road"])),
    st.builds(do.Decline, st.just("desk"), DEMANDS, st.just(says("不做"))),
    st.builds(do.Reconsider, st.just("desk"), DEMANDS),
    st.builds(do.FreezeVersion, st.just("desk")),
    st.builds(do.FileObjection, st.sampled_from(["o1", "o2"]), st.just("h1"), st.just("h1"), st.just(WORDS)),
    st.builds(
        do.AnswerObjection,
        st.just("desk"),
        st.sampled_from(["o1", "o2"]),
        st.sampled_from(ObjectionOutcome),
        st.just(says("答")),
    ),
    st.builds(do.WithdrawObjection, st.just("h1"), st.sampled_from(["o1", "o2"]), st.just("h1")),
    st.sampled_from(["announce", "finalise", "finalise an old one"]),
)


@given(st.lists(COMMANDS, max_size=60))
def test_whatever_is_done_the_story_leads_to_the_same_and_what_is_final_was_read_by_all(steps: list[Any]) -> None:
    drawing = Drawing("d1")
    for step in steps:
        assert drawing.plan
        if not isinstance(step, str):
            drawing.does(step)
        elif drawing.plan.versions:
            digest = drawing.plan.versions[0 if "old" in step else -1].digest
            hung = do.Hung(f"n{digest[:5]}", "p1", digest, DAYS)
            drawing.does(do.Announce("desk", hung) if step == "announce" else do.Finalise("desk", hung))
    plan = drawing.plan
    assert plan and plan.version == len(drawing.story)
    assert replayed(tolerant(type(each), strict_json(each)) for each in drawing.story) == plan  # type: ignore[misc]
    assert [each.number for each in plan.versions] == list(range(1, len(plan.versions) + 1))
    assert len({each.digest for each in plan.versions}) == len(plan.versions)
    assert not plan.cited & plan.declined.keys()
    if plan.stage is PlanStage.FINALISED:
        final = plan.versions[-1]
        assert drawing.story[-1].digest == final.digest  # type: ignore[attr-defined]
        assert final.outcomes.keys() == plan.demands
        assert not any(each.open for each in plan.objections.values())


@pytest.mark.parametrize("category", list(ItemCategory))
def test_the_three_kinds_of_works_have_their_place(category: ItemCategory) -> None:
    drawing = Drawing().writes(item("x", category=category)).freezes()
    assert drawing.plan and drawing.plan.versions[0].text.items[0].category is category
