"""What a round comes to in numbers, which sheets are read again, and which demands are proposed as one."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.responses import GivenAnswer, ResponseChannel
from linli.contracts.neighbourhood.rounds import Option, Question, QuestionKind
from linli.text.likeness import Matter
from neighbourhood.rounds.domain.checking import differing, sample_of
from neighbourhood.rounds.domain.clustering import proposals
from neighbourhood.rounds.domain.counting import summarised
from neighbourhood.rounds.domain.response import Response, Said
from neighbourhood.rounds.domain.round import Round
from tests.support.qingdao import ROUNDS

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
ABC = ("a", "b", "c")


def asked(kind: QuestionKind, most: int | None = None) -> Question:
    options = tuple(Option(id=id, text=Wording(zh=id)) for id in ABC) if kind is not QuestionKind.SCALE else ()
    return Question(id=kind.value, kind=kind, text=Wording(zh="？"), options=options, least=0, most=most)


ROUND = Round(
    "r1",
    "test",
    "east",
    Wording(zh="问需"),
    (asked(QuestionKind.SINGLE), asked(QuestionKind.RANKING), asked(QuestionKind.SCALE, 4)),
)


def household(number: int, *answers: GivenAnswer) -> Response:
    said = Said.ANSWERED if answers else Said.NOTHING
    return Response(f"r1~~{number}", "r1", str(number), "b1", "0" * 64, said, ResponseChannel.ONLINE, answers)


ANSWERED = st.builds(
    lambda one, order, value: (
        GivenAnswer(question="single", chosen=one),
        GivenAnswer(question="ranking", chosen=order),
        GivenAnswer(question="scale", value=value),
    ),
    st.sampled_from([(), *((each,) for each in ABC)]),
    st.permutations(ABC).flatmap(lambda order: st.integers(0, 3).map(lambda most: tuple(order[:most]))),
    st.none() | st.integers(0, 4),
)


@given(st.lists(ANSWERED, max_size=30), st.integers(0, 20), st.randoms())
def test_a_summary_counts_each_household_once_in_whatever_order(
    answers: list[tuple[GivenAnswer, ...]], silent: int, random: object
) -> None:
    responses = [household(number, *each) for number, each in enumerate(answers)]
    responses += [household(1000 + number) for number in range(silent)]
    summary = summarised(ROUND, responses)
    random.shuffle(responses)  # type: ignore[attr-defined]
    assert summarised(ROUND, responses) == summary
    assert (summary.invited, summary.responses) == (len(answers) + silent, len(answers))
    single, ranking, scale = summary.questions
    assert sum(each.times for each in single.counts) == single.answered == sum(bool(a[0].chosen) for a in answers)
    assert sum(each.times for each in scale.counts) == scale.answered <= len(answers)
    assert max(each.times for each in ranking.counts) <= ranking.answered
    assert sum(each.points for each in ranking.counts) == sum(sum((3, 2, 1)[: len(a[1].chosen)]) for a in answers)


def test_a_ranking_tells_who_is_put_first() -> None:
    orders = [("a", "b", "c"), ("a", "c"), ("b", "a", "c")]
    responses = [household(n, GivenAnswer(question="ranking", chosen=each)) for n, each in enumerate(orders)]
    counts = summarised(ROUND, responses).questions[1].counts
    assert [(each.answer, each.times, each.points) for each in counts] == [("a", 3, 8), ("b", 2, 5), ("c", 3, 4)]


@given(st.sets(st.integers(0, 10_000), max_size=80), st.integers(0, 2**64))
def test_a_sample_is_large_enough_and_the_same_for_all_who_draw_it(numbers: set[int], seed: int) -> None:
    sheets = [f"r1~~{number}" for number in numbers]
    drawn = sample_of(sheets, f"{seed:064x}", ROUNDS)
    assert drawn == sample_of(reversed(sheets), f"{seed:064x}", ROUNDS) <= set(sheets)
    assert len(drawn) * 10 >= len(sheets)
    assert len(drawn) >= min(3, len(sheets))


def test_another_seed_draws_other_sheets() -> None:
    sheets = [f"r1~~{number}" for number in range(200)]
    assert sample_of(sheets, "1" * 64, ROUNDS) != sample_of(sheets, "2" * 64, ROUNDS)


def test_a_space_is_no_difference_and_a_choice_is() -> None:
    one = (GivenAnswer(question="x", text="加装 电梯"), GivenAnswer(question="y", chosen=("a",)))
    assert differing(one, (GivenAnswer(question="y", chosen=("a",)), GivenAnswer(question="x", text="加装电梯"))) == ()
    assert differing(one, (GivenAnswer(question="x", text="加装电梯"),)) == ("y",)


def matters(**texts: str) -> dict[str, Matter]:
    return {id: Matter(title=text, at=NOON, neighbourhood="east") for id, text in texts.items()}


def test_demands_that_are_alike_are_proposed_as_one() -> None:
    found = proposals(
        matters(
            d1="希望加装电梯，老人上下楼不方便",
            d2="老人上下楼不方便，希望加装电梯",
            d3="小区路面坑洼，需要重新铺设",
            d4="小区路面坑洼，需要重新铺设沥青",
            d5="增加电动车充电桩",
        )
    )
    assert sorted(sorted(each.demands) for each in found) == [["d1", "d2"], ["d3", "d4"], ["d5"]]
    assert all(reasons for each in found for reasons in each.because.values())


@given(st.dictionaries(st.text("abcde", min_size=1, max_size=4), st.text("电梯路面充桩 ", max_size=12), max_size=12))
def test_every_demand_is_in_one_proposal_however_they_are_named(texts: dict[str, str]) -> None:
    given_now = {id: Matter(title=text, at=NOON) for id, text in texts.items()}
    found = proposals(given_now)
    assert sorted(id for each in found for id in each.demands) == sorted(texts)
    assert proposals(dict(reversed(given_now.items()))) == found
