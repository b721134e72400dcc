"""Letters of a round for one stairwell: to each door one page with its own code, and a return sheet to cut off.

No name is on them. The return sheet has the door and which questionnaire it is, and never the code: whoever carries
sheets to the office cannot answer for anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from linli.contracts.neighbourhood.rounds import Question, QuestionKind
from neighbourhood.papers.qr import link_of
from neighbourhood.papers.sheet import Sheet, TooLong, sheet
from neighbourhood.papers.text import Both, both, grouped, until

MOST_DOORS = 200
"""In one print: a stairwell of a high building has fewer."""


@dataclass(frozen=True, slots=True)
class Door:
    """To whom a letter goes, and by what it is answered."""

    door: str
    """Such as `3号楼1单元402`."""
    code: str = field(repr=False)
    link: str = field(repr=False)
    """With the code in it."""


@dataclass(frozen=True, slots=True)
class RoundLetters:
    """A stairwell's letters."""

    title: Both
    about: Both
    """What it is for, in a few sentences."""
    neighbourhood: Both
    office: Both
    """Where sheets go and who helps: place, hours, telephone."""
    address: str
    """The page on which a code is typed, without any code."""
    closes_at: datetime
    zone: tzinfo
    questions: tuple[Question, ...]
    digest: str
    """Of what is asked: a sheet of other questions is told by it."""
    doors: tuple[Door, ...]
    printed_at: datetime
    two_sided: bool = False
    """With empty pages, so that a return sheet is no letter's back."""


def letters(of: RoundLetters) -> Sheet:
    """Raises `TooLong` and, for a link that fits on no paper, `ValueError`."""
    if len(of.doors) > MOST_DOORS:
        raise TooLong
    words = {
        "title": of.title,
        "about": of.about,
        "neighbourhood": of.neighbourhood,
        "office": of.office,
        "address": of.address,
        "two_sided": of.two_sided,
        "mark": f"问卷 {of.digest[:12]}",
        "labels": _labels(of),
        "questions": [_question(each) for each in of.questions],
        "households": ways_in(of.doors),
    }
    return sheet("letters", words, of.printed_at)


def ways_in(doors: Sequence[Door]) -> list[dict[str, Any]]:
    """For each door its code for typing, and its link to be drawn."""
    return [{"door": each.door, "code": grouped(each.code), "qr": link_of(each.link)} for each in doors]


WAY_IN = {
    "scan": Both("手机扫描二维码填写。", "Scan this with your phone."),
    "type": Both("或打开网址，输入下面的码：", "Or open this page and type the code:"),
    "keep": Both(
        "此码只属于本户，请勿转给他人；遗失可补发，旧码随即作废。",
        "The code is your household's own. If it is lost you get a new one, and this one ends.",
    ),
}


def _labels(of: RoundLetters) -> dict[str, Both]:
    ends = until(of.closes_at, of.zone)
    return {
        **WAY_IN,
        "until": Both(f"截止：{ends.zh}", f"Answer by {ends.en}"),
        "on_paper": Both(
            "不便上网的，请填写下一页的回执，沿线剪下交回。",
            "Or fill in the sheet on the next page, cut it off and hand it in.",
        ),
        "one_answer": Both(
            "每户一份答卷，网上或纸上任选一种；截止前可以撤回重填。未答复不代表同意。",
            "One answer a household, here or on paper; until the end it can be taken back and given anew."
            " Saying nothing is not taken for consent.",
        ),
        "cut": Both("沿此线剪下", "cut here"),
        "return_title": Both("纸质回执", "Return sheet"),
        "return_how": Both(
            f"请在 □ 内打 √，于{ends.zh}前交回。{of.office.zh}", f"Tick boxes; hand it in by {ends.en}. {of.office.en}"
        ),
        "filled_on": Both("填写日期", "date"),
    }


def _question(question: Question) -> dict[str, Any]:
    kind = question.kind
    most = question.most if question.most is not None else question.least
    return {
        "kind": kind.value,
        "text": both(question.text),
        "options": [both(each.text) for each in question.options],
        "steps": [str(step) for step in range(question.least, most + 1)] if kind is QuestionKind.SCALE else [],
        "hint": _hint(question),
        "consent": Both("同意把这项需求登记并办理", "This may be registered as a demand") if question.needs else "",
    }


def _hint(question: Question) -> Both | str:
    most = question.most if question.most is not None else len(question.options)
    match question.kind:
        case QuestionKind.SINGLE:
            return Both("（单选）", "(one)")
        case QuestionKind.MULTIPLE if question.least > 1:
            return Both(f"（选 {question.least} 至 {most} 项）", f"({question.least} to {most})")
        case QuestionKind.MULTIPLE:
            return Both(f"（可多选，最多 {most} 项）", f"(up to {most})")
        case QuestionKind.RANKING:
            return Both(f"（按先后填 1、2、3…，最多 {most} 项）", f"(write 1, 2, 3 …; up to {most})")
        case QuestionKind.SCALE:
            ends = question.least, question.most
            return Both(f"（{ends[0]} 最低，{ends[1]} 最高）", f"({ends[0]} lowest, {ends[1]} highest)")
        case QuestionKind.TEXT:
            return ""
