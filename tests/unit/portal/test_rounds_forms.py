"""What a form says to a round's questions, and back."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.rounds.answers import answers_of, fields_of, with_photos

OPTIONS = ("a", "b", "c.d")


def asked(id: str, kind: str) -> dict[str, Any]:
    options = [{"id": each} for each in OPTIONS] if kind in {"single", "multiple", "ranking"} else []
    return {"id": id, "kind": kind, "options": options}


QUESTIONS = [asked(f"q.{kind}", kind) for kind in ("single", "multiple", "ranking", "scale", "text")]
WORDS = st.text("楼道 <>&\"'x", max_size=20).map(str.strip)


@st.composite
def answered(draw: st.DrawFn) -> list[dict[str, Any]]:
    nothing = {"chosen": [], "value": None, "text": "", "place": "", "consent": False}
    several = st.lists(st.sampled_from(OPTIONS), unique=True)
    said = {
        "q.single": {"chosen": draw(st.lists(st.sampled_from(OPTIONS), max_size=1))},
        "q.multiple": {"chosen": sorted(draw(several))},
        "q.ranking": {"chosen": draw(several)},
        "q.scale": {"value": draw(st.none() | st.integers(-5, 10))},
        "q.text": {"text": draw(WORDS), "place": draw(WORDS), "consent": draw(st.booleans())},
    }
    return [{"question": id, **nothing, **each} for id, each in said.items()]


@given(answered())
def test_the_form_that_says_an_answer_is_read_as_that_answer(answers: list[dict[str, Any]]) -> None:
    read = {each["question"]: each for each in answers_of(QUESTIONS, fields_of(QUESTIONS, answers))}
    for each in answers:
        found = read.get(each["question"], {})
        if not (each["chosen"] or each["text"] or each["value"] is not None):
            assert not found
            continue
        for name in ("chosen", "value", "text", "place", "consent"):
            assert found.get(name, type(each[name])() if each[name] is not None else None) == each[name]


@given(
    st.dictionaries(
        st.sampled_from(["q-q.single", "r-q.ranking-a", "q-q.scale", "c-q.multiple-z"]), st.text() | st.text("-12٣²")
    )
)
def test_whatever_a_form_says_is_read(said: dict[str, str]) -> None:
    for each in answers_of(QUESTIONS, said):
        assert set(each) > {"question"}


def test_photos_of_a_form_go_to_the_questions_that_ask_for_them_and_none_is_lost() -> None:
    asking = [{"id": "first", "photos": 0}, {"id": "lamp", "photos": 1}, {"id": "else", "photos": 2}]
    said = [{"question": "first", "chosen": ["a"]}, {"question": "else", "text": "坑"}]
    assert with_photos(asking, said, []) == said
    found = {each["question"]: each for each in with_photos(asking, said, ["1", "2", "3", "4"])}
    assert found["lamp"] == {"question": "lamp", "photos": ["1"]}
    assert found["else"] == {"question": "else", "text": "坑", "photos": ["2", "3", "4"]}, "the service says: too many"
    assert "photos" not in found["first"]
