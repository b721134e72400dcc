"""What a round comes to, in numbers. Pure, in integers; 20,000 answers take well under a second.

Nothing is counted of a household that said nothing: it is neither for nor against, and the summary says how many were
asked beside how many answered.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from linli.contracts.neighbourhood.responses import GivenAnswer
from linli.contracts.neighbourhood.rounds import AnswerCount, Question, QuestionKind, QuestionSummary, RoundSummary
from neighbourhood.rounds.domain.response import Response
from neighbourhood.rounds.domain.round import Round


def summarised(round: Round, responses: Sequence[Response]) -> RoundSummary:
    """The round's summary as it stands. The order of the responses makes no difference."""
    counted = [each for each in responses if each.counts]
    on_paper = [each for each in counted if each.on_paper]
    by_question: dict[str, list[GivenAnswer]] = {each.id: [] for each in round.questions}
    for response in counted:
        for answer in response.answers:
            by_question[answer.question].append(answer)
    return RoundSummary(
        invited=len(responses),
        responses=len(counted),
        on_paper=len(on_paper),
        checked=sum(each.checked_by is not None for each in on_paper),
        clusters=len(round.clusters),
        clustered=sum(len(each.demands) for each in round.clusters.values()),
        left_out=len(round.left_out),
        questions=tuple(_summary(question, by_question[question.id]) for question in round.questions),
    )


def _summary(question: Question, answers: Sequence[GivenAnswer]) -> QuestionSummary:
    match question.kind:
        case QuestionKind.TEXT:
            return QuestionSummary(question=question.id, answered=sum(bool(each.text) for each in answers))
        case QuestionKind.SCALE:
            values = Counter(each.value for each in answers if each.value is not None)
            ends = range(question.least, (question.most or question.least) + 1)
            counts = tuple(AnswerCount(answer=str(value), times=values[value]) for value in ends)
            return QuestionSummary(question=question.id, answered=values.total(), counts=counts)
        case _:
            chosen = [each.chosen for each in answers if each.chosen]
            return QuestionSummary(question=question.id, answered=len(chosen), counts=_choices(question, chosen))


def _choices(question: Question, chosen: Iterable[tuple[str, ...]]) -> tuple[AnswerCount, ...]:
    """How often each was chosen, and of a ranking its points (Borda): what is not ranked gets none."""
    times, points = Counter[str](), Counter[str]()
    ranked = question.kind is QuestionKind.RANKING
    for each in chosen:
        times.update(each)
        for place, option in enumerate(each if ranked else ()):
            points[option] += len(question.options) - place
    return tuple(AnswerCount(answer=each.id, times=times[each.id], points=points[each.id]) for each in question.options)
