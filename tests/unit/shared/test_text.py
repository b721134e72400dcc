"""What must not travel in an event is made unreadable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.text import masked

WRITTEN = [
    "0０零〇",
    "1１一幺壹",
    "2２二两贰",
    "3３三叁",
    "4４四肆",
    "5５五伍",
    "6６六陆",
    "7７七柒",
    "8８八捌",
    "9９九玖",
]
"""Digit → how it is written."""


@pytest.mark.parametrize(
    ("written", "travels"),
    [
        ("打13812345678找我", "打138****5678找我"),
        ("打138 1234 5678找我", "打138****5678找我"),
        ("手机１３８１２３４５６７８", "手机138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("座机0532-88881234", "座机0532-****1234"),
        ("座机053288881234", "座机0532-****1234"),
        ("身份证37021219900101123X", "身份证3702**********X"),
        ("卡号6222 0212 3456 7890 123", "卡号6222**********3"),
        ("邮箱zhang.san@qq.com，谢谢", "邮箱z***@***，谢谢"),
        ("（0532）87654321", "（0532-****4321"),
        ("139.0000.0101 或 139-000-00101", "139****0101 或 139****0101"),
        ("+86 (139) 0000-0101", "139****0101"),
        ("打幺三八零零零零一二三四", "打138****1234"),
        ("打幺三八零零零零一二三四一直没人接", "打138****1234一直没人接"),
        ("打幺三八零零零零一二三四3号楼", "打138****12343号楼"),
        ("就这一个：一 三 八 - 〇〇〇〇 - 一 两 三 四。", "就这一个：138****1234。"),
        ("+86 壹叁捌 零零零零 壹贰叁肆", "138****1234"),
        ("138零零零零1234，１３８幺２三四-五六七八", "138****1234，138****5678"),
        ("一三八零零零零一二三四、一三九零零零零一二三四", "138****1234、139****1234"),
        ("_wang@qq.com，张三@例子.中国", "w***@***，张***@***"),
    ],
)
def test_numbers_and_addresses_of_people_are_masked(written: str, travels: str) -> None:
    assert masked(written) == travels


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.lists(st.integers(0, 5), min_size=11, max_size=11),
    st.sampled_from([(3, 7), (3, 6), ()]),
    st.sampled_from(["", " ", "-", " - ", "\u3000"]),
)
def test_a_mobile_number_is_masked_however_its_digits_are_written(
    number: str, choices: list[int], ends: tuple[int, ...], gap: str
) -> None:
    letters = [forms[n % len(forms)] for n, forms in zip(choices, (WRITTEN[int(d)] for d in number), strict=True)]
    groups = [letters[a:b] for a, b in zip((0, *ends), (*ends, 11), strict=True)]
    said = gap.join("".join(group) for group in groups)
    assert masked(f"打{said}，谢谢") == f"打{number[:3]}****{number[-4:]}，谢谢"


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.lists(st.integers(2, 5), min_size=11, max_size=11),
    st.lists(st.sampled_from(["", " ", "-", "·"]), min_size=10, max_size=10),
)
def test_numerals_alone_may_stand_apart_anywhere(number: str, choices: list[int], gaps: list[str]) -> None:
    numerals = [WRITTEN[int(d)][2:][n % len(WRITTEN[int(d)][2:])] for n, d in zip(choices, number, strict=True)]
    said = "".join(numeral + gap for numeral, gap in zip(numerals, [*gaps, ""], strict=True))
    assert masked(f"打{said}，谢谢") == f"打{number[:3]}****{number[-4:]}，谢谢"


NUMERALS = st.text("〇零一二三四五六七八九十", min_size=1, max_size=4)


@given(
    st.dates().map(lambda day: "".join(WRITTEN[int(d)][-1 if d == "0" else 2] for d in f"{day.year:04}")),
    st.sampled_from("一二三四五六七八九十"),
    NUMERALS,
)
def test_dates_and_houses_in_chinese_numerals_are_left_alone(year: str, month: str, number: str) -> None:
    for text in (f"{year}年十{month}月{number}日", f"{year}-{month}-{number}", f"{number}号楼{month}单元{number}室"):
        assert masked(text) == text


@given(st.text("〇零一二三四五六七八九", max_size=10) | st.text("〇零一二三四五六七八九", min_size=14))
def test_shorter_and_longer_numbers_in_numerals_are_left_alone(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "2019年4月25日9:32:09",
        "电费0.64元，水费4.23元",
        "3号楼2单元501室",
        "房号20190425",
        "二〇二六年十一月二十六日上午九点三十分",
        "一三五七九号楼，二四六八零室",
        "13/8/2026 10.3 一",
        "座机88881234，订单88881234",
        "八八八八一二三四",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert masked(text) == text
