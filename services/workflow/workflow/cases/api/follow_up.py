"""The follow-up: the reporter's answer after the resolution, by the link in the letter. 回访"""

from datetime import datetime
from urllib.parse import parse_qs

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from linli.contracts.kinds import Language
from linli.contracts.workflow.permissions import FOLLOW_UP, TRACK
from linli.security.auth import Who, needs
from linli.security.principals import Principal
from linli.web.app import field_errors, problems, router
from linli.web.bodies import takes
from linli.web.localized import in_chinese
from linli.web.problems import Problem
from workflow.cases.api.bodies import FollowUpGiven
from workflow.cases.api.given import DeskDep, StoreDep
from workflow.cases.api.pages import HEADERS, page
from workflow.cases.api.tracking import tracked
from workflow.cases.api.views import FollowUpTaken
from workflow.cases.desk import Desk
from workflow.cases.domain.case import Case
from workflow.cases.domain.feedback import FollowUp
from workflow.cases.domain.follow_up import refusal

routes = router(prefix="/v1/track/{code}/follow-up", tags=["residents"])

QUESTIONS = ("contacted", "solved", "satisfied")
YES_OR_NO = {"true": True, "false": False}
"""As the page says it."""
WORDS = {
    Language.ZH: {
        "heading": "回访：",
        "contacted": "工作人员联系过您吗？",
        "solved": "问题解决了吗？",
        "satisfied": "您对办理结果满意吗？",
        "yes": "是",
        "no": "否",
        "message": "还想说的话（请不要写姓名和电话）",
        "send": "提交",
        "thanks": "谢谢，已收到您的回答。",
        "may_change": "结案前可以再次修改。",
        "over": "现在不能作答：事项尚未办结、已经结案、办结已满14天，或者已修改多次。",
        "invalid": "请回答全部三个问题，文字不超过1000字。",
    },
    Language.EN: {
        "heading": "How was it: ",
        "contacted": "Did somebody get in touch with you?",
        "solved": "Is it solved?",
        "satisfied": "Are you satisfied?",
        "yes": "yes",
        "no": "no",
        "message": "Anything else (please no names or telephone numbers)",
        "send": "Send",
        "thanks": "Thank you, we have your answer.",
        "may_change": "You can change it until the case is closed.",
        "over": "No answer is taken now: it is not dealt with yet, closed, over for 14 days, or was changed often.",
        "invalid": "Please answer all three questions, in no more than 1,000 characters.",
    },
}
NOT_TAKEN = 409
AS_A_PAGE = {
    status: answer | {"content": answer["content"] | {"text/html": {}}}
    for status, answer in problems(400, 409, 422).items()
}
"""Whoever sent the page's form is answered by a page."""


@routes.get("", response_class=HTMLResponse, dependencies=[needs(TRACK)], responses=problems(404))
async def form(code: str, request: Request, store: StoreDep) -> HTMLResponse:
    """The three questions as a page, for who comes from a letter."""
    case = await tracked(store, request, code)
    words = WORDS[case.language]
    if refusal(case, store.now()):
        return _page(case, f"<p>{words['over']}</p>")
    asked = "".join(
        f"<fieldset><legend>{words[name]}</legend>"
        f'<label><input type="radio" name="{name}" value="true" required>{words["yes"]}</label> '
        f'<label><input type="radio" name="{name}" value="false">{words["no"]}</label></fieldset>'
        for name in QUESTIONS
    )
    text = f'<p><label>{words["message"]}<br><textarea name="message" maxlength="1000"></textarea></label></p>'
    return _page(case, f'<form method="post">{asked}{text}<button>{words["send"]}</button></form>')


@routes.post(
    "",
    response_model=FollowUpTaken,
    dependencies=[needs(FOLLOW_UP), takes(FollowUpGiven)],
    responses=problems(404, 413) | AS_A_PAGE | {200: {"content": {"text/html": {}}}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                kind: {"schema": FollowUpGiven.model_json_schema()}
                for kind in ("application/json", "application/x-www-form-urlencoded")
            },
        }
    },
)
async def answer(code: str, request: Request, who: Who, store: StoreDep, desk: DeskDep) -> Response:
    """The reporter's answer; a later one takes its place until the case is closed.

    Taken for 14 days after the resolution, as JSON or from the page. What is not solved, or not well, asks a person to
    reopen the case.
    """
    case = await tracked(store, request, code)
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        try:
            after = await _take(desk, case, _from_form(await request.body()), who)
        except Problem as error:  # the page's reader is a person
            words = WORDS[case.language]
            return _page(case, f"<p>{words['over' if error.status == NOT_TAKEN else 'invalid']}</p>", error.status)
        return _page(case, f"<p>{thanks(after, store.now())}</p>")
    given = _from_json(await request.body())
    after = await _take(desk, case, given, who)
    taken = FollowUpTaken(
        contacted=given.contacted,
        solved=given.solved,
        satisfied=given.satisfied,
        reopen_requested=after.clock.decide_by is not None,
    )
    return Response(taken.model_dump_json(), media_type="application/json", headers=HEADERS)


def thanks(case: Case, now: datetime) -> str:
    """And whether the answer can still be changed: who sends it once more after the end is told of the end."""
    words, over = WORDS[case.language], refusal(case, now)
    after = words["may_change"] if over is None else in_chinese(over) if case.language is Language.ZH else over
    return words["thanks"] + ("" if case.language is Language.ZH else " ") + after


async def _take(desk: Desk, case: Case, given: FollowUpGiven, who: Principal) -> Case:
    answer = FollowUp(given.contacted, given.solved, given.satisfied, given.message)
    return await desk.follow_up(case.id, answer, who)


def _from_json(body: bytes) -> FollowUpGiven:
    try:
        return FollowUpGiven.model_validate_json(body)
    except ValidationError as error:
        raise _invalid(error) from None


def _from_form(body: bytes) -> FollowUpGiven:
    try:
        fields = {name: values[-1] for name, values in parse_qs(body.decode(), max_num_fields=10).items()}
        # A page counts a line break as one character and sends two.
        texts = {name: value.replace("\r\n", "\n") for name, value in fields.items()}
        answers = {name: YES_OR_NO.get(texts[name]) for name in QUESTIONS if name in texts}
        return FollowUpGiven.model_validate(texts | answers)
    except ValidationError as error:
        raise _invalid(error) from None
    except ValueError:
        raise Problem("invalid", 422, "The form cannot be read.") from None


def _invalid(error: ValidationError) -> Problem:
    return Problem("invalid", 422, "The answer is not complete.", errors=field_errors(error.errors()))


def _page(case: Case, body: str, status: int = 200) -> HTMLResponse:
    return page(case.language, f"{WORDS[case.language]['heading']}{case.as_reported.title}", body, status)
