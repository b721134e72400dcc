"""A round from its first question to what is published, without a database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.base import Scope, strict_json, tolerant
from linli.contracts.erasure import emptied
from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.responses import GivenAnswer, ResponseErased, ResponseEvent
from linli.contracts.neighbourhood.rounds import Option, Question, QuestionKind, RoundEvent, RoundStage, RoundSummary
from neighbourhood.refusal import Refusal
from neighbourhood.rounds.domain import answering, deciding, response, round
from neighbourhood.rounds.domain import commands as do
from neighbourhood.rounds.domain import household_commands as answer
from neighbourhood.rounds.domain.checking import to_be_read
from neighbourhood.rounds.domain.response import Response, id_of
from neighbourhood.rounds.domain.round import Round
from tests.support.qingdao import ROUNDS

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 2, 1, tzinfo=UTC)  # Monday, 9:00 there
CLOSES = datetime(2026, 11, 16, tzinfo=ZONE)
SEED, SCAN = "5" * 64, "6" * 64
LIKED = ("lift", "paving", "piles")


def says(text: str) -> Wording:
    return Wording(zh=text)


def options(*ids: str) -> tuple[Option, ...]:
    return tuple(Option(id=id, text=says(id)) for id in ids)


QUESTIONS = (
    Question(id="first", kind=QuestionKind.SINGLE, text=says("最需要什么？"), options=options(*LIKED), required=True),
    Question(id="all", kind=QuestionKind.MULTIPLE, text=says("还需要什么？"), options=options(*LIKED), most=2),
    Question(id="now", kind=QuestionKind.SCALE, text=says("现在满意吗？"), least=1, most=5),
    Question(id="order", kind=QuestionKind.RANKING, text=says("先做什么？"), options=options(*LIKED)),
    Question(id="else", kind=QuestionKind.TEXT, text=says("其他需求"), needs=True, places=True, photos=2),
)


def wants(text: str = "三号楼加装电梯", consent: bool = True) -> tuple[GivenAnswer, ...]:
    return GivenAnswer(question="first", chosen=("lift",)), GivenAnswer(question="else", text=text, consent=consent)


def code_of(household: str) -> str:
    return f"{sum(household.encode()):064x}"


class Place:
    """A neighbourhood with a round, and all that was said."""

    def __init__(self, households: int = 3, questions: Sequence[Question] = QUESTIONS) -> None:
        self.now = START
        self.round: Round | None = None
        self.story: list[RoundEvent] = []
        self.responses: dict[str, Response] = {}
        self.stories: dict[str, list[ResponseEvent]] = {}
        self.does(do.DraftRound("r1", "desk", "test", "east", says("问需于民"), tuple(questions)))
        for number in range(households):
            self.answers(f"h{number}", answer.Invite("desk", f"h{number}", "b1", code_of(f"h{number}")))

    def does(self, command: do.Command) -> str | None:
        """The slug of the refusal, or None."""
        decision = deciding.decide(self.round, command, self.now, ROUNDS, ZONE, lambda day: day.weekday() < 5)
        if isinstance(decision, Refusal):
            assert decision.why and decision.why.chinese
            return decision.slug
        for event in decision:
            self.round = round.evolve(self.round, event)
            self.story.append(event)
        return None

    def answers(self, household: str, command: answer.Command) -> str | None:
        assert self.round
        id = id_of(self.round.id, household)
        decision = answering.decide(self.responses.get(id), command, self.round, self.now)
        if isinstance(decision, Refusal):
            assert decision.why and decision.why.chinese
            return decision.slug
        for event in decision:
            assert event.story == id
            self.responses[id] = response.evolve(self.responses.get(id), event)
            self.stories.setdefault(id, []).append(event)
        return None

    def opened(self) -> "Place":
        assert self.does(do.Open("desk", CLOSES)) is None
        return self

    def closed(self) -> "Place":
        self.now = CLOSES
        assert self.does(do.Close("desk", SEED)) is None
        return self

    def online(self, household: str, answers: tuple[GivenAnswer, ...] = wants()) -> str | None:
        return self.answers(household, answer.RecordAnswers(household, self.code(household), self.digest, answers))

    def on_paper(self, household: str, answers: tuple[GivenAnswer, ...] = wants(), by: str = "clerk") -> str | None:
        return self.answers(household, answer.RecordAnswers(by, answer.Sheet(SCAN), self.digest, answers))

    def code(self, household: str) -> answer.Code:
        return answer.Code(code_of(household))

    @property
    def digest(self) -> str:
        assert self.round and self.round.digest
        return self.round.digest

    @property
    def summary(self) -> RoundSummary:
        assert self.round and self.round.summary
        return self.round.summary

    def raises(self) -> frozenset[str]:
        """Makes demands of all needs."""
        for each in list(self.responses.values()):
            for need in each.to_raise:
                demand = f"d-{each.household}-{need.question}"
                assert self.answers(each.household, answer.Raise("linli", need.question, demand)) is None
        return frozenset(demand for each in self.responses.values() for demand in each.raised.values())

    def summarises(self) -> str | None:
        return self.does(do.Summarise("desk", tuple(self.responses.values())))


def test_double_vote_over_web_and_paper_is_one_opinion_of_a_household() -> None:
    """The embarrassing one: the same household by its code, and on a sheet."""
    place = Place().opened()
    assert place.online("h0") is None
    assert place.on_paper("h0") == "answered_already"
    assert place.on_paper("h1") is None
    assert place.online("h1") == "answered_already"
    assert sum(each.counts for each in place.responses.values()) == 2


def test_silence_is_not_counted() -> None:
    """The embarrassing one: who says nothing is neither for nor against."""
    place = Place(households=10).opened()
    place.online("h0", (GivenAnswer(question="first", chosen=("lift",)), GivenAnswer(question="now")))
    place.closed()
    assert place.summarises() is None
    summary = place.summary
    assert (summary.invited, summary.responses) == (10, 1)
    assert {each.question: each.answered for each in summary.questions}["now"] == 0


def test_nobody_answers_after_the_time_that_was_announced() -> None:
    """Also where nobody has closed the round yet."""
    place = Place().opened()
    place.now = CLOSES - timedelta(seconds=1)
    assert place.online("h0") is None
    place.now = CLOSES
    assert place.online("h1") == "round_not_open"
    assert place.answers("h0", answer.Withdraw("h0", place.code("h0"))) == "round_not_open"


def test_a_round_is_open_for_its_full_days_and_until_the_time_that_was_said() -> None:
    place = Place()
    assert place.does(do.Open("desk", datetime(2026, 11, 5, 23, 59, tzinfo=ZONE))) == "closes_too_early"
    assert place.does(do.Open("desk", datetime(2026, 11, 6, tzinfo=ZONE))) is None
    assert place.does(do.Close("desk", SEED)) == "closes_too_early"
    assert place.does(do.Extend("desk", datetime(2026, 11, 5, tzinfo=ZONE))) == "closes_too_early"
    assert place.does(do.Extend("desk", CLOSES)) is None
    assert place.does(do.Revise("desk", says("别的"), QUESTIONS)) == "round_stage"
    place.now = CLOSES
    assert place.does(do.Extend("desk", CLOSES + timedelta(days=3))) == "round_not_open"


def test_an_answer_taken_back_makes_room_for_another() -> None:
    place = Place().opened()
    place.online("h0")
    assert place.answers("h0", answer.Withdraw("h0", answer.Code("9" * 64))) == "code_invalid"
    assert place.answers("h0", answer.Withdraw("h0", place.code("h0"))) is None
    assert place.answers("h0", answer.Withdraw("h0", place.code("h0"))) == "not_answered"
    assert place.on_paper("h0") is None


def test_a_new_letter_makes_the_lost_one_worthless() -> None:
    place = Place().opened()
    place.answers("h0", answer.Invite("desk", "h0", "b1", "7" * 64))
    assert place.online("h0") == "code_invalid"
    assert (
        place.answers("h9", answer.RecordAnswers("h9", answer.Code("7" * 64), place.digest, wants())) == "not_invited"
    )


def test_answers_to_other_questions_are_none() -> None:
    place = Place().opened()
    command = answer.RecordAnswers("h0", place.code("h0"), "8" * 64, wants())
    assert place.answers("h0", command) == "other_questions"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"question": "first", "chosen": ("pool",)}, id="no such option"),
        pytest.param({"question": "first", "chosen": ("lift", "piles")}, id="two of a single choice"),
        pytest.param({"question": "all", "chosen": LIKED}, id="more than may be chosen"),
        pytest.param({"question": "order", "chosen": ("lift", "lift")}, id="twice in one order"),
        pytest.param({"question": "now", "value": 6}, id="not on the scale"),
        pytest.param({"question": "first", "value": 1}, id="a number where there is no scale"),
        pytest.param({"question": "first", "text": "x", "consent": True}, id="consent to no need"),
        pytest.param({"question": "now", "value": 1, "place": "3号楼"}, id="a place where none is asked"),
        pytest.param({"question": "else", "text": "x", "photos": ("1" * 64,) * 3}, id="too many photos"),
        pytest.param({"question": "weather", "text": "x"}, id="no such question"),
    ],
)
def test_what_is_no_answer_to_a_question_is_refused(wrong: dict[str, Any]) -> None:
    place = Place().opened()
    right = [each for each in wants() if each.question != wrong["question"]]
    assert place.online("h0", (*right, GivenAnswer(**wrong))) in {"answers_wrong", "answer_missing"}


def test_a_required_question_is_answered() -> None:
    assert Place().opened().online("h0", (GivenAnswer(question="now", value=3),)) == "answer_missing"


@pytest.mark.parametrize(
    "wrong",
    [
        Question(id="q", kind=QuestionKind.SINGLE, text=says("？"), options=options("a")),
        Question(id="q", kind=QuestionKind.MULTIPLE, text=says("？"), options=options("a", "a")),
        Question(id="q", kind=QuestionKind.MULTIPLE, text=says("？"), options=options("a", "b"), least=3),
        Question(id="q", kind=QuestionKind.SCALE, text=says("？"), least=5, most=5),
        Question(id="q", kind=QuestionKind.SCALE, text=says("？")),
        Question(id="q", kind=QuestionKind.TEXT, text=says("？"), options=options("a", "b")),
        Question(id="q", kind=QuestionKind.SCALE, text=says("？"), least=1, most=5, needs=True),
    ],
)
def test_what_cannot_be_answered_is_not_asked(wrong: Question) -> None:
    assert Place(questions=[wrong]).does(do.Open("desk", CLOSES)) == "question_wrong"


def test_a_sample_of_the_sheets_is_read_by_a_second_person() -> None:
    place = Place(households=4).opened()
    for household in ("h0", "h1", "h2", "h3"):
        place.on_paper(household, wants(consent=False))
    place.closed()
    assert place.summarises() == "sheets_not_checked"
    assert place.answers("h0", answer.CheckSheet("clerk", wants(consent=False))) == "cannot_check"
    for household in ("h0", "h1", "h2", "h3"):
        assert place.answers(household, answer.CheckSheet("other", wants("三号楼 加装电梯", consent=False))) is None
    assert place.summarises() is None
    assert place.summary.checked == 4


def test_whoever_erred_once_has_all_sheets_read() -> None:
    place = Place(households=20).opened()
    for number in range(20):
        place.on_paper(f"h{number}", wants(consent=False), by="hasty" if number < 10 else "careful")
    place.closed()
    sample = to_be_read(tuple(place.responses.values()), SEED, ROUNDS)
    assert len(sample) == 3
    wrong = next(each for each in place.responses.values() if each.id in sample)
    place.answers(wrong.household, answer.CheckSheet("other", wants("三号楼要车棚", consent=False)))
    theirs = {each.id for each in place.responses.values() if each.entered_by == wrong.entered_by}
    assert to_be_read(tuple(place.responses.values()), SEED, ROUNDS) == sample | theirs
    for each in list(place.responses.values()):
        if each.id in sample | theirs and each.id != wrong.id:
            place.answers(each.household, answer.CheckSheet("other", wants(consent=False)))
    assert place.summarises() == "sheets_not_checked"
    by_themselves = answer.CorrectSheet(wrong.entered_by or "", wants("三号楼要车棚", consent=False))
    assert place.answers(wrong.household, by_themselves) == "cannot_correct"
    assert place.answers(wrong.household, answer.CorrectSheet("other", wants("三号楼要车棚", consent=False))) is None
    assert place.summarises() == "sheets_not_checked", "what was put right is read once more"
    again = wants("三号楼要车棚", consent=False)
    assert place.answers(wrong.household, answer.CheckSheet("other", again)) == "cannot_check"
    assert place.answers(wrong.household, answer.CheckSheet("third", again)) is None
    assert place.summarises() is None


def test_what_was_found_to_differ_is_put_right_and_not_found_to_be_right_after_all() -> None:
    place = Place().opened()
    place.on_paper("h0", wants(consent=False))
    place.answers("h0", answer.CheckSheet("other", wants("车棚", consent=False)))
    assert place.answers("h0", answer.CheckSheet("friend", wants(consent=False))) == "cannot_check"
    assert place.closed().summarises() == "sheets_not_checked"


def test_what_was_erased_keeps_no_round_from_its_end_and_is_not_answered_anew() -> None:
    place = Place().opened()
    place.on_paper("h0")
    place.answers("h0", answer.EraseWords("desk"))
    assert place.answers("h0", answer.Withdraw("h0", place.code("h0"))) is None
    assert place.online("h0") == "erased"
    assert place.closed().summarises() is None


def test_a_need_becomes_a_demand_with_consent_alone() -> None:
    place = Place().opened()
    place.online("h0")
    place.online("h1", wants(consent=False))
    assert place.answers("h0", answer.Raise("linli", "else", "d1")) == "round_not_closed"
    place.closed()
    assert place.answers("h1", answer.Raise("linli", "else", "d2")) == "no_consent"
    assert place.summarises() == "needs_not_raised"
    assert place.answers("h0", answer.Raise("linli", "else", "d1")) is None
    assert place.answers("h0", answer.Raise("linli", "else", "d9")) == "no_consent"


def test_every_demand_is_in_a_cluster_or_has_its_reason() -> None:
    place = Place().opened()
    for household in ("h0", "h1", "h2"):
        place.online(household)
    known = place.closed().raises()
    assert place.summarises() == "demands_not_settled"
    first, second, third = sorted(known)
    assert place.does(do.SettleCluster("desk", "lifts", says("电梯"), (first, "d-none"), known)) == "no_demand"
    place.does(do.SettleCluster("desk", "lifts", says("电梯"), (first, second), known))
    assert place.summarises() == "demands_not_settled"
    place.does(do.LeaveOut("desk", third, says("不属本小区"), known))
    assert place.summarises() is None
    assert place.does(do.LeaveOut("desk", first, says("晚了"), known)) == "round_stage"
    assert place.does(do.Publish("desk")) is None
    assert place.round and place.round.stage is RoundStage.PUBLISHED


def test_a_demand_that_is_put_elsewhere_leaves_where_it_was() -> None:
    place = Place().opened()
    for household in ("h0", "h1", "h2"):
        place.online(household)
    first, second, third = sorted(known := place.closed().raises())
    place.does(do.SettleCluster("desk", "lifts", says("电梯"), (first, second), known))
    place.does(do.SettleCluster("desk", "paving", says("路面"), (second, third), known))
    place.does(do.LeaveOut("desk", third, says("重复"), known))
    assert place.round
    assert {id: sorted(each.demands) for id, each in place.round.clusters.items()} == {
        "lifts": [first],
        "paving": [second],
    }
    place.does(do.SettleCluster("desk", "all", says("一类"), (first, second, third), known))
    assert (set(place.round.clusters), place.round.left_out) == ({"all"}, {})


def test_the_sample_of_thirty_seven_demands_in_nine_clusters() -> None:
    place = Place(households=48).opened()
    for number in range(37):
        assert place.online(f"h{number}") is None
    demands = sorted(known := place.closed().raises())
    for cluster in range(9):
        place.does(do.SettleCluster("desk", f"c{cluster}", says("一类"), tuple(demands[cluster::9]), known))
    assert place.summarises() is None
    summary = place.summary
    assert (summary.responses, summary.clusters, summary.clustered, summary.left_out) == (37, 9, 37, 0)


def test_what_a_household_wrote_can_be_forgotten_and_what_it_chose_stays() -> None:
    place = Place().opened()
    place.online("h0", wants("王秀英家", consent=False))
    place.answers("h0", answer.EraseWords("desk"))
    story = place.stories[id_of("r1", "h0")]
    assert story[-1].forgets() is Scope.PERSON and isinstance(story[-1], ResponseErased)
    left = [emptied(event, Scope.PERSON) for event in story]
    assert "王秀英" not in "".join(strict_json(event).decode() for event in left)
    assert response.replayed(left) == place.responses[id_of("r1", "h0")]
    assert place.closed().summarises() is None
    assert place.summary.questions[0].counts[0].times == 1


ANSWERS = st.sampled_from([wants(), wants(consent=False), (GivenAnswer(question="first", chosen=("piles",)),)])
HOUSEHOLDS = st.sampled_from(["h0", "h1", "h2", "h9"])
DEEDS = (
    *("open", "close", "online", "paper", "withdraw", "check", "correct", "raise", "erase", "settle", "leave"),
    *("summarise", "publish", "invite"),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(DEEDS),
        HOUSEHOLDS,
        ANSWERS,
        st.integers(0, 100),
    ),
    max_size=60,
)


def take(place: Place, what: str, household: str, answers: tuple[GivenAnswer, ...]) -> None:
    known = frozenset(demand for each in place.responses.values() for demand in each.raised.values())
    digest = (place.round and place.round.digest) or "0" * 64
    of_round: dict[str, do.Command] = {
        "open": do.Open("desk", place.now + timedelta(days=5)),
        "close": do.Close("desk", SEED),
        "settle": do.SettleCluster("desk", household, says("一类"), tuple(sorted(known))[:2], known),
        "leave": do.LeaveOut("desk", max(known, default="d"), says("重复"), known),
        "summarise": do.Summarise("desk", tuple(place.responses.values())),
        "publish": do.Publish("desk"),
    }
    of_household: dict[str, answer.Command] = {
        "invite": answer.Invite("desk", household, "b1", code_of(household)),
        "online": answer.RecordAnswers(household, place.code(household), digest, answers),
        "paper": answer.RecordAnswers("clerk", answer.Sheet(SCAN), digest, answers),
        "withdraw": answer.Withdraw(household, place.code(household)),
        "check": answer.CheckSheet("other", answers),
        "correct": answer.CorrectSheet("other", answers),
        "raise": answer.Raise("linli", "else", f"d-{household}"),
        "erase": answer.EraseWords("desk"),
    }
    if what in of_round:
        place.does(of_round[what])
    else:
        place.answers(household, of_household[what])


@given(STEPS)
def test_whatever_is_done_the_stories_lead_to_the_same(
    steps: list[tuple[str, str, tuple[GivenAnswer, ...], int]],
) -> None:
    place = Place()
    for what, household, answers, hours in steps:
        place.now += timedelta(hours=hours)
        take(place, what, household, answers)
    again = [tolerant(type(event), strict_json(event)) for event in place.story]
    assert round.replayed(again) == place.round  # type: ignore[arg-type]
    for id, story in place.stories.items():
        told = [tolerant(type(event), strict_json(event)) for event in story]
        assert response.replayed(told) == place.responses[id]  # type: ignore[arg-type]
        if place.responses[id].erased:
            assert response.replayed(emptied(event, Scope.PERSON) for event in story) == place.responses[id]
    assert place.round
    demands = [demand for each in place.round.clusters.values() for demand in each.demands]
    assert len(set(demands)) == len(demands), "a demand is in one cluster at most"
    assert not set(demands) & place.round.left_out.keys()
