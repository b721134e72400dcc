"""What stands in the cells of other people's tables: dates, telephone numbers, ids, coordinates."""

from zoneinfo import ZoneInfo

import pytest

from linli_cli.importing.tables.dates import InvalidTime, Order, Reading, parse_time
from linli_cli.importing.tables.numbers import Spoilt, degrees, whole
from linli_cli.importing.tables.phones import phone_in
from linli_cli.importing.tables.rows import FromNumber

SHANGHAI = Reading(ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2019/4/25 9:32:09", "2019-04-25T01:32:09Z"),
        ("2019-04-08 08:37:20", "2019-04-08T00:37:20Z"),
        ("2019.4.25 9:32", "2019-04-25T01:32:00Z"),
        ("2019-04-25", "2019-04-24T16:00:00Z"),
        ("2019-04-25T09:32:09+08:00", "2019-04-25T01:32:09Z"),
        ("2019-04-25T01:32:09Z", "2019-04-25T01:32:09Z"),
        ("2019-04-25 09:32:09.5", "2019-04-25T01:32:09Z"),
        ("2019-04-25 09:32 +0800", "2019-04-25T01:32:00Z"),
        ("2019-04-25 01:32 UTC", "2019-04-25T01:32:00Z"),
        ("2019-04-25 09:32 北京时间", "2019-04-25T01:32:00Z"),
        ("２０１９－０４－２５ ０９：３２", "2019-04-25T01:32:00Z"),
        ("2019年4月25日", "2019-04-24T16:00:00Z"),
        ("2019年4月25日 9时32分", "2019-04-25T01:32:00Z"),
        ("2019年4月25日9时32分09秒", "2019-04-25T01:32:09Z"),
        ("2019年4月25日（星期四）9：32", "2019-04-25T01:32:00Z"),
        ("2019-04-25 9时", "2019-04-25T01:00:00Z"),
        ("2019-04-25 9点半", "2019-04-25T01:30:00Z"),
        ("2019-04-25 9点三刻", "2019-04-25T01:45:00Z"),
        ("2019/4/25 上午9:32:09", "2019-04-25T01:32:09Z"),
        ("2019-04-25 下午3点", "2019-04-25T07:00:00Z"),
        ("2019年4月25日下午3点20分", "2019-04-25T07:20:00Z"),
        ("2019-04-25 上午12:05", "2019-04-24T16:05:00Z"),
        ("2019-04-25 下午12:05", "2019-04-25T04:05:00Z"),
        ("2019-04-25 中午1点", "2019-04-25T05:00:00Z"),
        ("2019-04-25 晚上8点", "2019-04-25T12:00:00Z"),
        ("2019-04-25 晚上12点", "2019-04-25T16:00:00Z"),
        ("2019-04-25 凌晨2点", "2019-04-24T18:00:00Z"),
        ("2019-04-25 09:32 PM", "2019-04-25T13:32:00Z"),
        ("2019-04-25 24:00", "2019-04-25T16:00:00Z"),
        ("二〇一九年四月二十五日下午三点二十分", "2019-04-25T07:20:00Z"),
        ("二零一九年十月十日", "2019-10-09T16:00:00Z"),
        ("20190425", "2019-04-24T16:00:00Z"),
        ("20190425093209", "2019-04-25T01:32:09Z"),
        ("43580.397", "2019-04-25T01:31:41Z"),
        ("43580", "2019-04-24T16:00:00Z"),
        ("1556155929000", "2019-04-25T01:32:09Z"),
        ("25 Apr 2019 9:32 AM", "2019-04-25T01:32:00Z"),
        ("April 25, 2019", "2019-04-24T16:00:00Z"),
        ("Thu, 25 Apr 2019 09:32:09 +0800", "2019-04-25T01:32:09Z"),
    ],
)
def test_times_are_read_as_offices_write_them(text: str, utc: str) -> None:
    assert parse_time(text, SHANGHAI) == utc


@pytest.mark.parametrize(
    "text",
    [
        *("昨天", "2019/13/1", "2019-02-30 10:00:00", "0001-01-01", "9:32", "4月25日", "2019年4月", "12345", "99999"),
        *("2019-04-25 25:00", "2019-04-25 24:01", "2019-04-25 9:60", "９" * 5_000, "2019-04-25 下午", "2019" * 2_000),
    ],
)
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(InvalidTime, match="is no time; write it like 2019-04-25 09:32:09"):
        parse_time(text, SHANGHAI)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("11/03/2026 09:32:09 AM", "Say --dates mdy or --dates dmy"),
        ("25/4/2019", "Say --dates mdy or --dates dmy"),
        ("26/11/3", "two digits"),
        ("2026-11-03 晚上1点", "of that day or the next"),
        ("2026-11-03 09:32 CST", r"write \+08:00"),
    ],
)
def test_what_may_be_two_times_is_not_guessed(text: str, words: str) -> None:
    with pytest.raises(InvalidTime, match=words):
        parse_time(text, SHANGHAI)


@pytest.mark.parametrize(("order", "utc"), [("mdy", "2026-11-03T01:32:09Z"), ("dmy", "2026-03-11T01:32:09Z")])
def test_the_user_says_what_stands_first(order: str, utc: str) -> None:
    assert parse_time("11/03/2026 09:32:09 AM", Reading(SHANGHAI.zone, Order(order))) == utc


def test_days_are_counted_from_the_year_that_the_workbook_says() -> None:
    assert parse_time("42118", Reading(SHANGHAI.zone, from_1904=True)) == parse_time("43580", SHANGHAI)


@pytest.mark.parametrize(
    ("cell", "number", "more"),
    [
        ("13900000101", "13900000101", False),
        ("139 0000 0101", "139 0000 0101", False),
        ("+86 139-0000-0101", "+86 139-0000-0101", False),
        ("0532-8765 4321", "0532-8765 4321", False),
        ("(0532)87654321", "(0532)87654321", False),
        ("１３９０００００１０１", "13900000101", False),
        ("13900000101.0", "13900000101", False),
        ("13900000101/13900000102", "13900000101", True),
        ("13900000101 13900000102", "13900000101", True),
        ("13900000101、0532-87654321", "13900000101", True),
        ("139****0101/13900000102", "13900000102", True),
        ("13900000101(家属)", "13900000101", True),
        ("王女士：13900000101 转 8", "13900000101", True),
        ("0532－87654321－8001", "0532-87654321", True),
        ("138****1234", None, True),
        ("87654321", None, True),
        ("打不通", None, True),
        ("1.39E+10", None, True),
        ("1" * 5_000, None, True),
    ],
)
def test_the_number_that_can_be_called_is_found(cell: str, number: str | None, more: bool) -> None:
    found = phone_in(cell)

    assert (found.number, found.more) == (number, more)


@pytest.mark.parametrize(
    "cell",
    ["2.02611E+17", "3.70202e+17", "2E+05", FromNumber("202611030000000096"), FromNumber(2**53), "#N/A", "######"],
)
def test_an_id_that_a_spreadsheet_has_spoilt_is_refused(cell: str) -> None:
    with pytest.raises(Spoilt, match="spreadsheet"):
        whole(cell)


@pytest.mark.parametrize(
    "cell", ["370202202611030123", "GD2E5", "1.5", FromNumber("20261103001"), FromNumber(2**53 - 1)]
)
def test_any_other_id_is_taken(cell: str) -> None:
    assert whole(cell) == cell


@pytest.mark.parametrize(
    ("cell", "number"),
    [("120.38", 120.38), ("36,07", 36.07), ("120.38°", 120.38), ("无", None), ("nan", None), ("", None)],
)
def test_degrees_are_read(cell: str, number: float | None) -> None:
    assert degrees(cell) == number
