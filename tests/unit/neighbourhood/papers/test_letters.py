"""Letters of a round, read back from the PDF: whom, what, how, until when."""

from datetime import UTC, datetime

import pytest

from linli.frozen import replace
from neighbourhood.papers.letters import MOST_DOORS, Door, letters
from neighbourhood.papers.setting import packed, set_in_type, unpacked
from neighbourhood.papers.sheet import TooLong
from neighbourhood.papers.text import grouped, until
from tests.support.papers import (
    LINK,
    ZONE,
    a_stairwell,
    fonts,
    is_read_aloud,
    pages,
    printed,
    qr_codes,
    squeezed,
    words,
)

ODD = "〇 #let $x$ *粗* _斜_ <a> @b \\ \" ' ` [c] // /* \u202e\x07"
"""What a typesetter, a shell or a browser would take for its own."""


def test_each_household_has_a_letter_and_a_return_sheet_and_they_say_all_that_is_needed() -> None:
    read = pages(printed(letters(a_stairwell())))
    assert len(read) == 6
    letter, sheet = read[2], read[3]
    assert letter.endswith("第1页") and sheet.endswith("第2页")
    for expected in ("槐荫里", "3号楼1单元201", "“一小区一方案”需求征集", "Whatdoesouryardneed?", "k7qm-x2p2"):
        assert expected in letter
    assert "截止：2026年11月15日（星期日）24:00" in letter and "AnswerbySunday,15November2026,24:00" in letter
    assert "旧码随即作废" in letter and "https://linli.example/a" in letter
    assert "3号楼1单元201" in sheet and "沿此线剪下" in sheet and "问卷555555555555" in sheet
    for question in ("1.最需要什么？", "Whatfirst?", "加装电梯", "最多2项", "1最低，5最高", "同意把这项需求登记并办理"):
        assert question in sheet


def test_a_return_sheet_has_no_code_so_whoever_carries_it_can_answer_for_nobody() -> None:
    read = pages(printed(letters(a_stairwell())))
    assert not any("k7qm" in each for each in read[1::2])


def test_printed_on_both_sides_a_return_sheet_is_no_letters_back() -> None:
    read = pages(printed(letters(replace(a_stairwell(2), two_sided=True))))
    assert ["回执" in each or "扫描" in each for each in read] == [True, False, True, False, True, False, True]


def test_a_phone_reads_each_households_own_link_from_the_printed_page() -> None:
    found = qr_codes(letters(a_stairwell()))
    assert found == [[f"{LINK}k7qmx2p1"], [], [f"{LINK}k7qmx2p2"], [], [f"{LINK}k7qmx2p3"], []]


def test_all_fonts_are_in_the_file_and_it_can_be_read_aloud() -> None:
    pdf = printed(letters(a_stairwell()))
    assert {name for name, _ in fonts(pdf)} == {"NotoSansSC-Regular", "DejaVuSansMono"}
    assert all(embedded for _, embedded in fonts(pdf))
    assert is_read_aloud(pdf)


def test_what_people_write_is_printed_as_they_wrote_it_and_runs_nothing() -> None:
    odd = squeezed(ODD.replace("\u202e", "").replace("\x07", ""))
    assert odd in words(letters(a_stairwell(1, title=ODD)))


def test_the_same_letters_are_the_same_bytes_here_and_in_the_process() -> None:
    of = letters(a_stairwell())
    assert set_in_type(of) == set_in_type(letters(a_stairwell())) == set_in_type(unpacked(packed(of)))


def test_codes_are_in_no_text_about_a_letter() -> None:
    of = a_stairwell()
    assert "k7qm" not in repr(of) and "k7qm" not in repr(letters(of))


def test_a_print_is_bounded() -> None:
    with pytest.raises(TooLong):
        letters(a_stairwell(MOST_DOORS + 1))
    long = replace(a_stairwell(1), doors=(Door("3-1-101", "k", LINK + "k" * 300),))
    with pytest.raises(ValueError, match="no link that fits"):
        letters(long)
    assert "k" * 300 not in repr(long)


def test_codes_are_in_groups_of_four_and_an_end_at_midnight_is_the_end_of_a_day() -> None:
    assert [grouped(each) for each in ("K7QMX2P4R", "k7qm-x2p4 r", "ab")] == ["K7QM-X2P4-R", "k7qm-x2p4-r", "ab"]
    assert until(datetime(2026, 11, 16, 9, tzinfo=UTC), ZONE).zh == "2026年11月16日（星期一）17:00"
    assert until(datetime(2027, 1, 1, tzinfo=ZONE), ZONE).zh == "2026年12月31日（星期四）24:00"
