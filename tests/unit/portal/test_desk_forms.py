"""Forms of the desk: what they make of what was filled in, and where a refusal is said."""

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.rendering import Pages
from portal.renewal import words
from portal.renewal.forms import Field, Filled, Form, body_of, nested, read
from portal.renewal.giving import Giving, refused

ZONE = ZoneInfo("Asia/Shanghai")
FORM = Form(
    "Propose",
    "Send",
    "It is sent.",
    (
        Field("title.zh", "Title"),
        Field("title.en", "Title in English", required=False),
        Field("until", "Until", "moment"),
        Field("matters.0.text", "Text", "area", required=False, group="Matter 1"),
        Field("matters.0.class", "Class", required=False, reasons=frozenset({"no-rule"}), group="Matter 1"),
        Field("ways", "Ways", "some", options=(("code", "Code"), ("paper", "Paper"))),
        Field("sure", "Sure", "yes", required=False),
        Field("heads", "Heads", "number", required=False),
        Field("metres", "Area", "metres", required=False),
        Field("names", "Names", "lines", required=False),
        Field("who", "Who", "choice", options=(("a", "A"),), required=False, reasons=frozenset({"too-many"})),
        Field("scan", "Scan", "scan", required=False),
        Field("door", "Door", options=(("402", "402"),), required=False),
    ),
)
SAID = {"title.zh": ("车棚",), "until": ("2026-03-24T18:00",), "ways": ("code", "paper")}


def pages() -> Pages:
    made = Pages(lambda: None, "Asia/Shanghai")  # type: ignore[arg-type, return-value]  # no page here tells the time
    made.add_filters(metres=words.metres, day=words.day, wording=words.wording)
    return made


@pytest.fixture(params=list(Language))
def language(request: pytest.FixtureRequest) -> Iterator[Language]:
    before = ANSWER_IN.get()
    pages()
    ANSWER_IN.set(request.param)
    yield request.param
    ANSWER_IN.set(before)


def test_a_form_becomes_the_command_s_body() -> None:
    said = SAID | {
        "heads": ("12",),
        "metres": ("1680.5",),
        "names": ("王一\n\n 王二 ",),
        "sure": ("yes",),
        "matters.0.text": ("x",),
    }
    body, faults = body_of(FORM, Filled(said), ZONE)
    assert faults == {}
    assert body == {
        "title": {"zh": "车棚"},
        "until": "2026-03-24T18:00:00+08:00",
        "ways": ["code", "paper"],
        "heads": 12,
        "metres": 1_680_50,
        "names": ["王一", "王二"],
        "sure": True,
        "matters": [{"text": "x"}],
    }
    assert nested({"a.1": 1, "a.0": 0, "b": 2}) == {"a": [0, 1], "b": 2}


def test_what_is_missing_or_no_time_is_said_at_its_field(language: Language) -> None:
    _, faults = body_of(FORM, Filled({"until": ("tomorrow",)}), ZONE)
    assert set(faults) == {"title.zh", "until", "ways"}
    assert ("请" in faults["title.zh"]) is (language is Language.ZH)


def test_a_refusal_is_said_at_the_field_that_has_to_be_changed() -> None:
    filled = Filled(SAID)
    whole = refused(FORM, filled, Problem("not_allowed", 409, "Too many.", reason="too-many"))
    assert (whole.faults, whole.refused, whole.status) == ({"who": "Too many."}, None, 409)
    assert whole.key != filled.key, "what is changed is another request"
    assert whole.said == SAID
    wrong = [{"field": "matters.0", "message": "No text."}, {"field": "title.zh.1", "message": "Long."}]
    parts = refused(FORM, filled, Problem("invalid", 422, "Wrong.", errors=wrong))
    assert parts.faults == {"matters.0.text": "No text.", "title.zh": "Long."}
    of_part = refused(FORM, filled, Problem("invalid", 422, "No.", errors=wrong[:1], reason="no-rule"))
    assert of_part.faults == {"matters.0.class": "No text."}, "of a matter the field that the reason is about"
    unknown = [{"field": "elsewhere", "message": "No."}]
    assert refused(FORM, filled, Problem("invalid", 422, "Wrong.", errors=unknown)).refused == "Wrong."
    assert refused(FORM, filled, Problem("not_allowed", 409, "State.", reason="state")).refused == "State."
    with pytest.raises(Problem):
        refused(FORM, filled, Problem("unavailable", 503, "Away."))


@pytest.mark.parametrize("area", ["x", "1.234", "-1", "1,680.00", "9" * 30, "1.x", "0.-1", "1e5", "+5", "1_0", "٣"])
def test_what_is_no_area_is_said_at_its_field(area: str) -> None:
    assert set(body_of(FORM, Filled(SAID | {"metres": (area,)}), ZONE)[1]) == {"metres"}


async def sent(*pairs: tuple[str, Any]) -> Filled:
    async def form() -> FormData:
        return FormData(list(pairs))

    return await read(SimpleNamespace(form=form))  # type: ignore[arg-type]  # all that is asked of a request


async def test_of_a_file_its_hash_is_sent_and_held_while_the_form_is_put_right() -> None:
    content = b"a scan"
    digest = sha256(content).hexdigest()
    first = await sent(("scan", UploadFile(BytesIO(content), size=len(content))), ("key", "a" * 32), ("a", "1"))
    assert (first.one("scan"), first.key, first.one("a")) == (digest, "a" * 32, "1")
    empty = UploadFile(BytesIO(), size=0)
    assert (await sent(("kept.scan", digest), ("scan", empty))).one("scan") == digest
    another = await sent(("kept.scan", "b" * 64), ("scan", UploadFile(BytesIO(content), size=len(content))))
    assert another.one("scan") == digest
    made_up = await sent(("kept.scan", "no hash"), ("key", "short"))
    assert made_up.one("scan") == "" and made_up.key != "short"


def test_every_kind_of_field_is_shown_with_what_was_filled_in_and_what_is_wrong(language: Language) -> None:
    asked = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""})
    asked.state.person = SimpleNamespace(may=lambda _: True, csrf="x", role="party", principal="key:a", party="estate")
    said = SAID | {"names": ("<b>",), "sure": ("yes",), "scan": ("0" * 64,), "who": ("a",), "door": ("402",)}
    faults = {each.name: "Wrong." for each in FORM.fields if each.name != "scan"}
    giving = Giving(FORM, "/desk/x", "/v1/x", "/desk", "Desk")
    values = {"giving": giving, "form": FORM, "filled": Filled(said, faults=faults)}
    page = pages().text(asked, "renewal/desk_give.html", w=words, at=at, said=None, **values)
    assert page.count("Wrong.") == len(faults)
    assert page.count('aria-invalid="true"') == len(faults)
    assert "&lt;b&gt;" in page and 'name="kept.scan"' in page and 'enctype="multipart/form-data"' in page
