"""A parked record may hold anything that anybody has sent: what can be told to be a person's is not shown."""

import pytest

from linli.messaging.parked import SHOWN, _shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('{"name": "夏侯惇", "floor": "6"}', '{"name": "***", "floor": "6"}'),
        ('{"reporterName":"Xiahou \\"Yuanrang\\" Dun","x":1}', '{"reporterName":"***","x":1}'),
        ('{"name": "\\u590f\\u4faf\\u60c7"}', '{"name": "***"}'),
        ('{"姓名" : "夏侯惇", "住址": "槐荫里3号"}', '{"姓名" : "***", "住址": "***"}'),
        ('{"home_address": "槐荫里3号", "phone": "0532 8888"}', '{"home_address": "***", "phone": "***"}'),
        ('{"name": "夏侯', '{"name": "***"'),
        ('{"data": "{\\"name\\":\\"夏侯惇\\"}"}', '{"data": "{\\"name\\":"***"}'),
        ('{"name": "夏侯\\', '{"name": "***"'),
        ('{"title": "停水了", "kind": "report"}', '{"title": "停水了", "kind": "report"}'),
        ("请打13812348000", "请打138****8000"),
    ],
)
def test_members_that_are_called_a_name_an_address_and_the_like_are_masked(written: str, shown: str) -> None:
    assert _shown(written.encode()) == shown


def test_what_is_no_text_is_shown_as_far_as_it_is_one() -> None:
    assert _shown(b'\xff{"name": "\xcf\xc4\xba\xee"}') == '\ufffd{"name": "***"}'


def test_a_long_value_is_cut_when_it_is_masked_and_not_before() -> None:
    long = '{"name": "' + "夏" * 2 * SHOWN + '", "title": "x"}'
    assert _shown(long.encode()) == '{"name": "***", "title": "x"}'
    assert len(_shown(b"a" * 1_000_000)) == SHOWN
    assert len(_shown(b'"name' * 200_000)) <= SHOWN, "and soon"
