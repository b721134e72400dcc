"""What can be asked, and what is an answer to it. Pure checks: None, or why not."""

from collections.abc import Iterable, Sequence

from linli.contracts.neighbourhood.responses import GivenAnswer
from linli.contracts.neighbourhood.rounds import Question, QuestionKind
from neighbourhood.refusal import Refusal, refused

MOST_QUESTIONS = 60
LONGEST_SCALE = 20
"""Steps; more than that nobody tells apart on paper."""
_CHOICES = {QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.RANKING}


def questionnaire_fault(questions: Sequence[Question]) -> Refusal | None:
    """Why these cannot be asked."""
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        english = "A round asks between 1 and {most} questions."
        return refused("questions_wrong", english, "问卷应有 1 至 {most} 道题。", "/questions", most=MOST_QUESTIONS)
    if _twice(each.id for each in questions):
        return refused("questions_wrong", "Two questions have one id.", "题目编号重复。", "/questions")
    for at, question in enumerate(questions):
        if fault := _question_fault(question, f"/questions/{at}"):
            return fault
    return None


def answers_fault(questions: Sequence[Question], answers: Sequence[GivenAnswer]) -> Refusal | None:
    """Why these do not answer the questions. Who leaves a question out that need not be answered says nothing to it."""
    asked = {each.id: each for each in questions}
    if _twice(each.question for each in answers):
        return refused("answers_wrong", "A question is answered twice.", "同一道题答了两次。", "/answers")
    for at, answer in enumerate(answers):
        if (question := asked.get(answer.question)) is None:
            return refused("answers_wrong", "There is no such question.", "没有这道题。", f"/answers/{at}/question")
        if fault := _answer_fault(question, answer, f"/answers/{at}"):
            return fault
    given = {each.question for each in answers if says_something(each)}
    if missing := [each for each in questions if each.required and each.id not in given]:
        first = missing[0].text
        english = "Please answer: {what}"
        return refused(
            "answer_missing", english, "请回答：{asked}", "/answers", what=first.en or first.zh, asked=first.zh
        )
    return None


def says_something(answer: GivenAnswer) -> bool:
    """An empty answer is none: silence is not counted as anything."""
    return bool(answer.chosen or answer.text or answer.photos) or answer.value is not None


def _question_fault(question: Question, pointer: str) -> Refusal | None:
    most = question.most if question.most is not None else len(question.options)
    match question.kind:
        case QuestionKind.SCALE:
            right = question.most is not None and 0 < question.most - question.least < LONGEST_SCALE
            english, chinese = "A scale goes from its lower to its upper end.", "评分题应有从低到高的两端。"
        case QuestionKind.TEXT:
            right = not question.options
            english, chinese = "A free text has nothing to choose from.", "填空题不能有选项。"
        case _:
            right = len(question.options) >= 2 and not _twice(each.id for each in question.options)
            right = right and 0 <= question.least <= most <= len(question.options) and most > 0
            english, chinese = "Name what there is to choose from, and how many may be.", "请写明选项及可选数量。"
    if not right or (question.options and question.kind not in _CHOICES):
        return refused("question_wrong", english, chinese, pointer)
    if question.needs and question.kind is not QuestionKind.TEXT:
        return refused("question_wrong", "A demand is told in words.", "需求应以文字填写。", f"{pointer}/needs")
    return None


def _answer_fault(question: Question, answer: GivenAnswer, pointer: str) -> Refusal | None:
    """`text` beside a choice is a remark; what answers another kind of question is not."""
    options = {each.id for each in question.options}
    if set(answer.chosen) - options or _twice(answer.chosen):
        return refused("answers_wrong", "Choose of what there is, each once.", "请在选项中选择，不要重复。", pointer)
    if answer.value is not None and not _on_scale(question, answer.value):
        return refused("answers_wrong", "That is not on the scale.", "评分超出范围。", f"{pointer}/value")
    if len(answer.chosen) not in _how_many(question):
        return refused(
            "answers_wrong", "Too many or too few are chosen.", "选择的数量不符合要求。", f"{pointer}/chosen"
        )
    if len(answer.photos) > question.photos or (answer.place and not question.places):
        english = "The question asks for no such photos or place."
        return refused("answers_wrong", english, "这道题不收照片或位置。", pointer)
    if answer.consent and not (question.needs and answer.text):
        english = "There is nothing here that could become a demand."
        return refused("answers_wrong", english, "这里没有可以转为需求的内容。", f"{pointer}/consent")
    return None


def _on_scale(question: Question, value: int) -> bool:
    if question.kind is not QuestionKind.SCALE:
        return False
    return question.least <= value <= (question.least if question.most is None else question.most)


def _how_many(question: Question) -> range | tuple[int, ...]:
    """How many options may be chosen; none always may, where the question need not be answered."""
    most = question.most if question.most is not None else len(question.options)
    match question.kind:
        case QuestionKind.SINGLE:
            return (0, 1)
        case QuestionKind.MULTIPLE:
            return (0, *range(max(question.least, 1), most + 1))
        case QuestionKind.RANKING:
            return (0, *range(max(question.least, 1), most + 1))
        case _:
            return (0,)


def _twice(ids: Iterable[str]) -> bool:
    every = list(ids)
    return len(set(every)) < len(every)
