"""Residents read why something was refused in the language that their browser asks for."""

import ast
import re
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal

import httpx2
import pytest
from pydantic import AnyHttpUrl, AwareDatetime, BaseModel, Field, ValidationError

import intake
import linli
import notify
import workflow
from linli.contracts.kinds import Kind, Language
from linli.contracts.workflow.case import CaseState, Stage
from linli.messaging.parked import Chosen
from linli.photos.limits import cut_off, too_heavy, unreadable
from linli.web.app import field_errors
from linli.web.localized import Localized, in_chinese, no_category, of_error, sentence_of, word
from linli.web.problem_words import _OURS, ANSWER_IN, WORDS, document, wanted
from linli.web.problems import Problem, Refused, not_found
from notify.deliveries.domain.deliveries import State
from tests.unit.linli.web.test_edge import app_with, asking
from workflow.cases.api.searching import place_in, words_in
from workflow.cases.domain.action import Action, NotAllowed
from workflow.cases.domain.cascade import Divided
from workflow.cases.order import Order, Place
from workflow.community.publishing import _has_cases

MADE_BY = {"Problem", "_wrong"}


@pytest.fixture
def chinese() -> Iterator[None]:
    before = ANSWER_IN.set(Language.ZH)
    yield
    ANSWER_IN.reset(before)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN", Language.ZH),
        ("zh", Language.ZH),
        ("zh-CN,zh;q=0.9,en;q=0.8", Language.ZH),
        ("zh-Hant-TW, en;q=0.5", Language.ZH),
        ("fr, zh;q=0.3", Language.ZH),
        ("en-GB,en;q=0.9,zh-CN;q=0.8", Language.EN),
        ("zh;q=0, en;q=0.1", Language.EN),
        *((header, Language.EN) for header in ("", "*", "fr", "en", "zhx", "q=1", "zh;q=2", ",;,;q=", "\xff" * 90)),
    ],
)
def test_chinese_is_for_who_prefers_it(header: str, language: Language) -> None:
    if header == "zh;q=2":  # no weight at all: as if none were said
        language = Language.ZH
    assert wanted(header) is language


async def test_a_browser_that_asks_for_chinese_reads_chinese_to_the_last_field() -> None:
    async with asking(app_with()) as client:
        chinese = {"Accept-Language": "zh-CN,zh;q=0.9"}
        answer = await client.post("/words", json={"text": "x" * 2_000, "other": 1}, headers=chinese)
        assert (answer.status_code, answer.headers["content-language"]) == (422, "zh-CN")
        assert "Accept-Language" in answer.headers["vary"]
        told = answer.json()
        assert told["type"] == "urn:linli:problem:invalid", "programs go by the slug"
        assert (told["title"], told["errors"]) == ("内容有误", [{"field": "text", "message": "不能超过 1000 个字"}])
        assert (await client.get("/nothing", headers=chinese)).json()["title"] == "没有找到"
        english: httpx2.Response = await client.post("/words", json={})
        assert english.json()["errors"] == [{"field": "text", "message": "is required"}]


class Everything(BaseModel, extra="forbid"):
    """One field for each way to be wrong."""

    required: str
    short: Annotated[str, Field(min_length=8)] = ""
    long: Annotated[str, Field(max_length=3)] = ""
    code: Annotated[str, Field(pattern="^[a-z]+$")] = ""
    kind: Literal["demand", "report"] = "demand"
    language: Language = Language.ZH
    number: Annotated[int, Field(ge=1, le=9)] = 1
    share: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] = 0.5
    yes: bool = True
    at: AwareDatetime | None = None
    day: date | None = None
    hour: time | None = None
    web: AnyHttpUrl | None = None
    named: dict[str, int] = Field(default_factory=dict)
    once: frozenset[str] = frozenset()
    few: Annotated[list[str], Field(min_length=2, max_length=3)] = Field(default_factory=list)
    within: "Everything | None" = None


WRONG = {
    "extra": 1,
    "short": "x",
    "long": "xxxx",
    "code": "9",
    "kind": "wish",
    "language": "fr",
    "number": [0, 10, "x", 1.5],
    "share": [0, 1, "x", "inf"],
    "yes": "perhaps",
    "at": ["2026-03", "tomorrow", "2026-03-01T08:30:00", 1e30, []],
    "day": ["tomorrow", "2026-03-01T08:30:00", 1e30, []],
    "hour": ["25:00", []],
    "web": ["x", 3],
    "named": ["x", 3],
    "once": ["x", 3],
    "few": [[], ["a"] * 4, "x"],
    "within": [3, "x"],
}


@pytest.mark.parametrize("language", Language)
def test_no_field_is_told_of_in_a_librarys_words(language: Language) -> None:
    before = ANSWER_IN.set(language)
    try:
        for field, values in WRONG.items():
            for value in values if isinstance(values, list) else [values]:
                with pytest.raises(ValidationError) as refused:
                    Everything.model_validate({"required": "x", field: value})
                for told in field_errors(refused.value.errors()):
                    said = told["message"]
                    assert not re.search(r"[Ii]nput|should|[Ss]tring|[Vv]alid|[{}]", said), (field, value, said)
                    assert bool(re.search("[\u4e00-\u9fff]", said)) is (language is Language.ZH), (field, value, said)
                    assert said != "填写有误", (field, value)
    finally:
        ANSWER_IN.reset(before)


def test_a_wait_is_told_and_what_only_we_say_of_a_field_too(chinese: None) -> None:
    assert "30 秒" in document(Problem("too_many_requests", 429, "x", retry_after=30))["detail"]
    said = [
        {"loc": ("body", "phone"), "msg": "Value error, this is no telephone number; in China …", "type": "value_error"}
    ]
    assert "电话号码" in field_errors(said)[0]["message"]
    future = Problem("invalid", 422, "x", errors=[{"field": "submitted_at", "message": "lies in the future"}])
    assert document(future)["errors"][0]["message"] == "时间不能在将来"
    assert document(not_found("case"))["detail"] == "没有这件事项。"
    assert document(Problem("never_heard_of", 409, "English."))["title"] == "无法办理"


def slugs(path: Path) -> set[str]:
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and node.args)
    first = (node.args[0] for node in calls if isinstance(node.func, ast.Name) and node.func.id in MADE_BY)
    return {str(each.value) for each in first if isinstance(each, ast.Constant)}


def plain_sentences_with_values(path: Path) -> Iterator[str]:
    """Problems whose detail is an f-string: its values are lost in Chinese, where `Localized` keeps them."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    for call in calls:
        made = isinstance(call.func, ast.Name) and call.func.id == "Problem" and len(call.args) > 2
        if made and isinstance(call.args[2], ast.JoinedStr):
            yield f"{path.name}:{call.lineno}"


WITHOUT_CHINESE = {"app.py"}
"""What a parser of JSON says of a body."""


def test_no_refusal_with_particulars_loses_them_in_chinese() -> None:
    packages = [Path(each.__path__[0]) for each in (linli, intake, workflow, notify)]
    files = [path for package in packages for path in package.rglob("*.py") if path.name not in WITHOUT_CHINESE]
    assert not (lost := [each for path in files for each in plain_sentences_with_values(path)]), lost


def test_particulars_stand_in_both_languages(chinese: None) -> None:
    said = Localized("There is no party '{id}' in {of}.", "街道“{of}”没有单位“{id}”。", id="x", of="{y}")
    assert (said, in_chinese(said)) == ("There is no party 'x' in {y}.", "街道“{y}”没有单位“x”。")
    assert document(Problem("unknown_party", 422, said))["detail"] == "街道“{y}”没有单位“x”。"
    assert document(Refused(Problem("forbidden", 403, said), "x"))["detail"] == "街道“{y}”没有单位“x”。"
    fault = no_category("f", "c")
    told = document(Problem("unknown_category", 422, sentence_of(fault), errors=[{"field": "c", "message": fault}]))
    assert (told["detail"], told["errors"][0]["message"]) == ("街道“f”没有类别“c”。", "街道“f”没有类别“c”")


def test_a_part_and_a_state_are_named_in_chinese() -> None:
    assert in_chinese(of_error(Divided(Action.RESOLVE, 2))) == "事项还有 2 个分办没有办完，现在不能“办结”。"
    refused = of_error(NotAllowed(Action.CLOSE, CaseState.ACCEPTED))
    assert in_chinese(refused) == "事项现在“办理中”，不能“结案”；可以这样做的状态：已办结。"
    assert refused == "A case that is accepted cannot be changed by 'close'; that is possible when: resolved."
    for name in (*Action, *CaseState, *Kind, *Stage, *State):
        assert re.search("[\u4e00-\u9fff]", in_chinese(word(name))), name


def test_parties_that_have_cases_are_named_with_how_many() -> None:
    problem = _has_cases({f"p{number}": number for number in range(1, 13)}, None)
    assert "p1 (1), p2 (2)" in problem.detail
    assert problem.detail.endswith(" and 2 more.")
    assert "p1（1 件）、p2（2 件）" in in_chinese(problem.detail)
    assert in_chinese(problem.detail).endswith("，另有 2 个单位。")


def test_each_reason_why_a_photo_is_not_taken_has_its_own_chinese() -> None:
    heic = unreadable(b"\0\0\0\x18ftypheic" + bytes(16))
    pdf, empty, other = unreadable(b"%PDF-1.7"), unreadable(b""), unreadable(b"words")
    told = [in_chinese(each.detail) for each in (heic, pdf, empty, other, cut_off(), too_heavy())]
    assert all(re.match("[\u4e00-\u9fff]", each) for each in told)
    assert len(set(told)) == len(told)
    assert "HEIC" in told[0]
    assert "兼容性最佳" in told[0]
    assert "没有收到" in told[4]
    assert "10 MB" in told[5]


def test_what_a_resident_is_refused_with_at_every_turn_has_words() -> None:
    """What else there is says at least, in Chinese, whose fault it is."""
    shared, at_intake, at_workflow, at_notify = (Path(each.__path__[0]) for each in (linli, intake, workflow, notify))
    web = ("app", "edge", "problems", "http_protocol", "idempotency", "waiting_room")
    met = [shared / "web" / f"{name}.py" for name in web]
    met += [shared / name for name in ("security/auth.py", "security/rates.py", "storage/disk.py")]
    met += [shared / "storage/group_commit.py", at_intake / "submissions/domain/directory.py"]
    met += [at_intake / "photos/allowance.py", at_notify / "timeline/stream.py"]
    met += [at_workflow / "cases/api/tracking.py", at_workflow / "cases/api/follow_up.py"]
    missing = {slug: path.name for path in met for slug in slugs(path) if slug not in WORDS}
    assert not missing, f"say them in linli/web/problem_words.py: {missing}"


def own_findings(path: Path) -> Iterator[ast.expr]:
    """What is said where a value from outside is refused."""
    for node in ast.walk(ast.parse(path.read_text())):
        made = isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        if made and node.exc.args and ast.unparse(node.exc.func) == "ValueError":
            yield node.exc.args[0]


def test_what_only_we_find_wrong_in_a_request_has_chinese() -> None:
    services = [Path(each.__path__[0]) for each in (intake, workflow, notify)]
    files = [path for each in services for path in each.rglob("*.py") if {"api", "domain"} & {*path.parts}]
    files += [path for each in services for path in each.rglob("*.py") if path.name in {"views.py", "api.py"}]
    files += [Path(linli.__path__[0]) / name for name in ("web/rfc3339.py", "messaging/parked.py", "text/fields.py")]
    untold = []
    for path in files:
        for said in own_findings(path):
            is_said = isinstance(said, ast.Call) and ast.unparse(said.func) in {"Localized"}
            if not is_said and not any(each.search(ast.unparse(said)) for each, _ in _OURS):
                untold.append(f"{path.name}:{said.lineno}")
    assert not untold, untold


def test_a_finding_that_has_both_languages_is_told_in_the_one_that_is_asked_for(chinese: None) -> None:
    with pytest.raises(ValidationError) as refused:
        Chosen.model_validate({})
    assert field_errors(refused.value.errors())[0]["message"] == "请写明编号、原因、主题或时间"
    with pytest.raises(Problem) as single:
        words_in("灯")
    told = document(single.value)
    assert (told["detail"], told["errors"][0]["message"]) == ("q：请写两个字以上的词。", "请写两个字以上的词")
    with pytest.raises(Problem) as other:
        place_in(Order.DUE, str(Place("x")))
    assert document(other.value)["errors"][0]["message"].startswith("属于另一种排序")
