"""What nobody sees does not travel, and makes no difference."""

import unicodedata
from typing import Annotated

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from linli.text.fields import Line, Paragraphs
from linli.text.visible import MOST_MARKS, folded, seen, shows, where

TITLE = TypeAdapter(Annotated[str, Line(200, 1)])
ODD = st.text(
    st.sampled_from("ab停水 \n-_é\u0301\u200b\u200d\u200c\u202e\u2066\ufe0f\u00ad👨👩❤ا1ﬁ㎡\u2028\u2800ʼŉİ"),
    max_size=30,
)


@pytest.mark.parametrize(
    "character", "\u200b\u2800\u3164\ufeff\u00ad\u115f\u200e\u2060\u034f\U000e0041\u0301\uffa0\u200d\ufe0f"
)
def test_a_title_that_nobody_sees_is_refused(character: str) -> None:
    for title in (character, character * 3, f" {character} "):
        with pytest.raises(ValidationError):
            TITLE.validate_python(title)


@pytest.mark.parametrize("title", ["?", "1", "灯", "🔥", "❤️", "é", "か\u3099", "ก็"])
def test_a_title_of_one_sign_is_a_title(title: str) -> None:
    assert TITLE.validate_python(title) == title


@pytest.mark.parametrize("control", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
def test_no_control_of_the_direction_turns_a_line_round(control: str) -> None:
    assert TITLE.validate_python(f"路灯{control}坏了") == "路灯坏了"


def test_accents_do_not_pile_up() -> None:
    assert TITLE.validate_python("a" + "\u0301" * 150) == "a" + "\u0301" * MOST_MARKS


def test_the_length_is_that_of_what_is_seen() -> None:
    assert TITLE.validate_python("灯" * 200 + "\u200b" * 50) == "灯" * 200


@pytest.mark.parametrize(
    "text",
    ["👨‍👩‍👧 在3号楼", "❤️ 1️⃣ #️⃣", "葛\U000e0100飾区", "می‌خواهم", "ئۇيغۇر", "क्‍ष", "ᠤ᠋ᠨ", "Nguyễn", "ก็ที่", "…“”·—"],
)
def test_what_a_script_or_an_emoji_needs_stays(text: str) -> None:
    assert seen(text) == text


def test_line_ends_of_all_kinds_are_line_breaks() -> None:
    text = TypeAdapter(Annotated[str, Paragraphs(100)]).validate_python("一\u2028二\u2029三")
    assert text == "一\n二\n三"


@given(ODD | st.text())
def test_to_leave_out_what_is_not_seen_twice_is_to_do_it_once(text: str) -> None:
    assert seen(seen(text)) == seen(text)


@given(st.text())
def test_nothing_that_has_a_shape_is_left_out(text: str) -> None:
    def shapes(some: str) -> str:
        return "".join(each for each in some if unicodedata.category(each)[0] in "NPS" or each.isalpha())

    fillers = str.maketrans("", "", "\u115f\u1160\u3164\uffa0\u2800\ufffc")
    assert shapes(seen(text).translate(fillers)) == shapes(text.translate(fillers))
    assert shows(seen(text)) or not shapes(text.translate(fillers))


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("ＷＩＦＩ坏了", "wifi", "ＷＩＦＩ"),
        ("停\u200b水了", "停水", "停\u200b水"),
        ("又停 水了", "停水", "停 水"),
        ("停　水了", "停水", "停　水"),
        ("there is a gas  leak", "gas leak", "gas  leak"),
        ("a gas\nleak", "gas leak", "gas\nleak"),
        ("GAS　LEAK", "gas leak", "GAS　LEAK"),
        ("gas-leak", "gas leak", "gas-leak"),
        ("gas leak", "Gas‑Leak", "gas leak"),
        ("w\u00adifi", "WiFi", "w\u00adifi"),
        ("Émile", "emile", "Émile"),
        ("ﬁre", "fire", "ﬁre"),
        ("车乱停\n水管坏了", "停水", None),
        ("gasleak", "gas leak", None),
        ("停水", "", None),
        ("停水", "\u200b", None),
    ],
)
def test_a_word_is_found_however_it_is_typed(text: str, word: str, found: str | None) -> None:
    place = where(text, word)
    assert (place and text[slice(*place)]) == found


@given(ODD, ODD)
def test_where_finds_what_is_in_the_folded_text(text: str, word: str) -> None:
    assert (where(text, word) is not None) == (folded(word) != "" and folded(word) in folded(text))


@example("\u0300\u0300\u0300\u0300\u0345")
@given(ODD | st.text())
def test_what_is_not_seen_makes_no_difference_to_what_is_compared(text: str) -> None:
    assert folded(seen(text)) == folded(text)
