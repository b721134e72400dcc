"""A text taken apart: which places it names, which words are left."""

import pytest

from linli.text.wording import MOST_CHARACTERS, places_of, words_of


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("3号楼2单元门口", {"号楼": {"3"}, "单元": {"2"}}),
        ("三号楼二单元", {"号楼": {"3"}, "单元": {"2"}}),
        ("十二栋、二十一幢和３号楼", {"号楼": {"12", "21", "3"}}),
        ("3号楼与5号楼之间", {"号楼": {"3", "5"}}),
        ("Building 6, entrance 2", {"号楼": {"6"}, "单元": {"2"}}),
        ("南大门里面", {"门": {"南"}}),
        ("三楼的住户，2019年", {}),  # a floor is no building, and a year no number of a house
        ("南门诊部", {}),
        ("", {}),
    ],
)
def test_places_are_found_however_they_are_written(text: str, named: dict[str, set[str]]) -> None:
    assert places_of(text) == named


def test_words_are_without_places_without_phrases_of_courtesy_and_in_one_order() -> None:
    said = words_of("尊敬的领导：您好！请问3号楼2单元的电梯什么时候修理？")
    assert said == words_of("电梯修理 时候")
    assert "号楼" not in said


def test_a_text_of_nothing_but_little_words_keeps_them() -> None:
    assert words_of("请问") == "请问"
    assert words_of("，。") == ""


def test_what_grows_when_it_is_made_plain_is_cut_again() -> None:
    for text in ("\ufdfa", "停水"):
        assert len(words_of(text * 10_000)) <= 2 * MOST_CHARACTERS  # a space after each word


def test_characters_without_a_shape_make_no_difference() -> None:
    assert words_of("电\u200b梯停\u00ad运") == words_of("电梯停运")
    assert places_of("3\u2060号楼") == places_of("３号楼")
