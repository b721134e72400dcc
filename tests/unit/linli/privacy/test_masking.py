"""What must not travel in an event is made unreadable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.privacy.masking import masked

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


@pytest.mark.parametrize(
    "number",
    [
        *(f"138{unseen}5678{unseen}1234" for unseen in "\u2060\ufeff\u00ad\u200b\u200d\u200c\u2063\u180e\ufe0f\u0336"),
        "1\u200b3\u200b8\u200b5\u200b6781234",
        "".join(f"{digit}\ufe0f\u20e3" for digit in "13856781234"),
        "".join(f"{digit}\u0336" for digit in "13856781234"),
        "①③⑧⑤⑥⑦⑧①②③④",
        "⑴⑶⑻⑸⑹⑺⑻⑴⑵⑶⑷",
        "❶❸❽❺❻❼❽❶❷❸❹",
        "𝟏𝟑𝟖𝟓𝟔𝟕𝟖𝟏𝟐𝟑𝟒",
        "¹³⁸⁵⁶⁷⁸¹²³⁴",
        "١٣٨٥٦٧٨١٢٣٤",
        "㈠㈢㈧㈤㈥㈦㈧㈠㈡㈢㈣",
        "138 56 78 12 34",
        "138-56-78-12-34",
        "13856 781234",
        "1385 6781 234",
        "1 3 8 5 6 7 8 1 2 3 4",
        "1.3.8.5.6.7.8.1.2.3.4",
        "138_5678_1234",
        "138*5678*1234",
        "+86 138 56 78 12 34",
    ],
)
def test_a_mobile_number_in_disguise_is_masked(number: str) -> None:
    assert masked(f"找{number}，谢谢") == "找138****1234，谢谢"


@pytest.mark.parametrize(
    ("written", "travels"),
    [
        ("电话87654321", "电话****4321"),
        ("座机：8765 4321", "座机:****4321"),
        ("打87654321找我", "打****4321找我"),
        ("电话是 87654321、87654322", "电话是 ****4321、****4322"),
        ("87654321没人接", "****4321没人接"),
        ("联系电话 5551234", "联系电话 ****1234"),
        ("Call 8765 4321 please", "Call ****4321 please"),
        ("0532 87 65 43 21", "0532-****4321"),
        ("+86 532 8765 4321", "532-****4321"),
        ("+852 9123 4567", "+852****4567"),
        ("wang at qq dot com", "w***@***"),
        ("wang [at] qq [dot] com", "w***@***"),
        ("wang（at）qq.com", "w***@***"),
        ("wang艾特qq点com", "w***@***"),
        ("wang @ qq.com", "w***@***"),
        ("wang＠qq．com", "w***@***"),
        ("𝐰𝐚𝐧𝐠@𝐪𝐪.𝐜𝐨𝐦", "w***@***"),
        ("wang@q\u200bq.com", "w***@***"),
    ],
)
def test_what_the_words_around_it_say_is_a_number_or_an_address_is_masked(written: str, travels: str) -> None:
    assert masked(written) == travels


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.lists(st.sampled_from(["", "\u200b", "\u2060", "\u0301", "\ufeff\u00ad"]), min_size=10, max_size=10),
)
def test_nothing_unseen_keeps_a_number_from_being_found(number: str, between: list[str]) -> None:
    said = "".join(digit + unseen for digit, unseen in zip(number, [*between, ""], strict=True))
    assert masked(f"打{said}，谢谢") == f"打{number[:3]}****{number[-4:]}，谢谢"


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


@given(st.text("〇零一二三四五六七八九", max_size=10) | st.text("〇零一二三四五六七八九", min_size=16))
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
        "工号88881234，订单88881234",
        "八八八八一二三四",
        "来电20261128",
        "工单号20261103001",
        "车牌号码12345678，房号87654321",
        "12345、110、119、96111",
        "拨打12345没人接",
        "400-810-8888",
        "2026.11.28-2026.12.31",
        "36.067108,120.382609 或 120.382609 36.067108",
        "192.168.10.123",
        "1 3 4 5 6 7 8 9 号楼",
        "150 20 30",
        "①先修灯②再修路③再清扫",
        "面积138.56平方米",
        "look at example.com, we met at 3 dot",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert masked(text) == text
