"""What is known of a person is found however it is written, and other words are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.privacy import known
from linli.privacy.known import Known, stands_in, without


def one(value: Known | None) -> list[Known]:
    assert value is not None
    return [value]


NAME, LATIN = one(known.name("王秀英")), one(known.name("Anna Li"))
NUMBER, CITY = one(known.number("13812345678")), one(known.number("87654321", whole=True))
MAIL, HOME = one(known.email("Wang.X@Resident.Example")), one(known.address("槐荫里3号楼2单元402室"))


@pytest.mark.parametrize(
    ("who", "written", "travels"),
    [
        (NAME, "王秀英家漏水，找王 秀 英", "王**家漏水，找王**"),
        (NAME, "王\n秀英", "王**"),
        (LATIN, "anna  li called, ＡＮＮＡ ＬＩ", "A** called, A**"),
        (NUMBER, "打１３８-1234 5678", "打138****5678"),
        (NUMBER, "幺三八一二三四五六七八", "138****5678"),
        (NUMBER, "0086 138 1234 5678。", "0086 138****5678。"),
        (CITY, "座机8765 4321", "座机****4321"),
        (MAIL, "写信到wang.x ＠resident。example", "写信到W***@***"),
        (HOME, "住槐荫里３号楼 2单元-402室，门口", "住***，门口"),
    ],
)
def test_it_is_masked_however_it_is_written(who: list[Known], written: str, travels: str) -> None:
    assert without(written, who) == travels
    assert stands_in(written, who)


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (NAME, "王家秀色英才"),
        (LATIN, "Joanna Lidl, Susanna Liu"),
        (CITY, "订单号9876543210"),
        (NUMBER, "138号1234室"),
        (HOME, "槐荫里3号楼"),
        (NAME, ""),
    ],
)
def test_other_words_and_numbers_are_left_alone(who: list[Known], text: str) -> None:
    assert without(text, who) == text
    assert not stands_in(text, who)


@pytest.mark.parametrize(
    "short", [known.name("王"), known.name("Li"), known.number("12345"), known.address("3号"), known.name("!?")]
)
def test_what_is_too_short_to_mean_one_person_is_not_looked_for(short: Known | None) -> None:
    assert short is None


@given(st.text(), st.text())
def test_whatever_stands_around_it_stays(before: str, after: str) -> None:
    text = without(f"{before}王秀英{after}", NAME)
    assert not stands_in(text, NAME)
    assert text.startswith(without(before, NAME)[:1]) and text.endswith(without(after, NAME)[-1:])


@given(st.text(alphabet="王秀英 13８1２345678-一二", max_size=60))
def test_nothing_of_it_is_left(text: str) -> None:
    assert not stands_in(without(text, NUMBER + NAME), NUMBER + NAME)
