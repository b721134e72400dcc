"""What a text is found by."""

import pytest

from linli.text.grams import asked_for, grams_of

LIFT = grams_of("3号楼2单元电梯有异响", "ＷＩＦＩ也坏了，业主ABC反映", None)


@pytest.mark.parametrize(
    "q", ["电梯 异响", "异响", "３号楼", "wifi", "WiFi 电梯", "电梯\u200b异响 ".replace("\u200b", " "), "abc", "有异"]
)
def test_what_stands_there_is_found_however_it_is_cut(q: str) -> None:
    assert asked_for(q) <= LIFT


@pytest.mark.parametrize("q", ["停水", "电梯 停水", "wif", "13号楼", "ab"])
def test_what_does_not_stand_there_is_not(q: str) -> None:
    assert not asked_for(q) <= LIFT


def test_what_nobody_sees_makes_no_difference() -> None:
    assert grams_of("停\u200b水\u00ad了") == grams_of("停水了")


@pytest.mark.parametrize("q", ["", "灯", "，。", "🙂", "a"])
def test_a_single_letter_is_nothing_to_look_for(q: str) -> None:
    assert asked_for(q) == frozenset()


def test_so_much_of_a_text_is_read_that_the_index_stays_bounded() -> None:
    assert len(grams_of("".join(chr(0x4E00 + n) for n in range(8_000)))) < 600
