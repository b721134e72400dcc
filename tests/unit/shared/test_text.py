"""What must not travel in an event is made unreadable."""

import pytest

from linli.text import masked


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
        ("_wang@qq.com，张三@例子.中国", "w***@***，张***@***"),
    ],
)
def test_numbers_and_addresses_of_people_are_masked(written: str, travels: str) -> None:
    assert masked(written) == travels


@pytest.mark.parametrize(
    "text", ["2019年4月25日9:32:09", "电费0.64元，水费4.23元", "3号楼2单元501室", "房号20190425", ""]
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert masked(text) == text
