"""Text messages: who gets one, what it says, and that it is short."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.kinds import Language
from notify.deliveries.channels.sms import message_id, secret_of
from notify.deliveries.domain.deliveries import State, on_channel
from notify.deliveries.domain.tries import Elsewhere, judge
from notify.deliveries.rendering import Addressee, text_message
from notify.deliveries.short import GSM, TWO_PARTS_GSM, TWO_PARTS_UCS2, cut, fits
from notify.notices.domain.kinds import Channel, NoticeKind
from notify.notices.domain.notices import takes_messages, ways
from tests.support.builders import NOON
from tests.support.cases import CODE
from tests.unit.notify.deliveries.test_rendering import DIRECTORY, LINK, made

TO_REPORTER = [kind for kind in NoticeKind if kind.startswith("reporter")]
E, S = Channel.EMAIL, Channel.SMS


def written(kind: NoticeKind, language: Language = Language.ZH, link: str = LINK, **fields) -> str:
    return text_message(made(kind, **fields), Addressee(None, language, CODE, link), DIRECTORY)


def parts(text: str) -> float:
    """How many messages of its alphabet it takes, joined."""
    if set(text) <= GSM:
        return 1 if len(text) <= 160 else len(text) / 153
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= 70 else units / 67


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", TO_REPORTER)
def test_every_notice_to_a_reporter_has_a_short_form_in_every_language(kind, language):
    text = written(kind, language)
    assert "楼道灯坏了" in text
    assert LINK in text
    assert "\n" not in text
    assert "None" not in text
    assert parts(text) <= 2


def test_the_follow_up_is_asked_by_its_own_link():
    assert written(NoticeKind.REPORTER_RESOLVED).endswith(f"{LINK}/follow-up")


@given(st.text(min_size=1, max_size=200), st.sampled_from(TO_REPORTER), st.sampled_from(list(Language)))
def test_whatever_the_title_is_it_takes_two_parts_at_most_and_the_link_is_whole(title, kind, language):
    text = written(kind, language, title=title)
    assert parts(text) <= 2
    assert LINK in text


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("退款请点 https://evil.example/x", "退款请点 evil example/x"),
        ("HTTP://EVIL.EXAMPLE", "EVIL EXAMPLE"),
        ("领奖evil.example.cn/a?b=c", "领奖evil example cn/a?b=c"),
        ("http://192.0.2.7/x", "“192 0.2.7/x”"),
        ("tel://110 www．evil。com", "110 www evil com"),
        ("灯坏了。Please repair it. 3.5米高, v2.0", "灯坏了。Please repair it. 3.5米高, v2.0"),
    ],
)
def test_anybody_may_leave_anothers_number_and_the_only_link_to_tap_is_ours(title, said):
    text = written(NoticeKind.REPORTER_PROGRESSED, title=title)
    assert said in text
    assert text.count("://") == 1
    assert text.endswith(LINK)


def test_the_title_gives_way_and_the_link_does_not():
    text = written(NoticeKind.REPORTER_DISPATCHED, title="路" * 200)
    assert ".." in text
    assert text.endswith(LINK)
    far = "https://" + "x" * 200 + ".example/v1/track/7K3M-Q2XW-9ABC"
    assert written(NoticeKind.REPORTER_PROGRESSED, link=far).endswith(far)


def test_plain_english_has_more_room_than_chinese():
    assert fits("x" * TWO_PARTS_GSM)
    assert not fits("x" * (TWO_PARTS_GSM + 1))
    assert fits("字" * TWO_PARTS_UCS2)
    assert not fits("字" * (TWO_PARTS_UCS2 + 1))
    assert not fits("😀" * (TWO_PARTS_UCS2 // 2 + 1))  # two places each
    assert (cut("abcdef", 6), cut("abcdef", 5)) == ("abcdef", "abc..")


@pytest.mark.parametrize(
    ("kind", "mail", "phone", "told"),
    [
        (NoticeKind.REPORTER_DISPATCHED, True, True, (E,)),
        (NoticeKind.REPORTER_PROGRESSED, True, True, (E,)),
        (NoticeKind.REPORTER_RESOLVED, True, True, (E, S)),
        (NoticeKind.REPORTER_RESOLVED, True, False, (E,)),
        (NoticeKind.REPORTER_DISPATCHED, False, True, (S,)),
        (NoticeKind.REPORTER_RESOLVED, False, True, (S,)),
        (NoticeKind.REPORTER_RESOLVED, False, False, (E,)),  # and nobody is found there
    ],
)
def test_who_has_no_address_is_told_by_message_and_the_follow_up_goes_every_way(kind, mail, phone, told):
    assert ways(kind, mail=mail, phone=phone) == told


@pytest.mark.parametrize(
    ("number", "takes"),
    [
        ("+8613800138000", True),
        ("+8619912345678", True),
        ("+8653287654321", False),  # a landline of Qingdao
        ("+864008001234", False),
        ("+12125550123", True),
        ("+442079460000", False),
        ("not a number", False),
    ],
)
def test_a_landline_takes_no_messages(number, takes):
    assert takes_messages(number) is takes


def test_a_letter_that_goes_elsewhere_is_replaced_and_the_message_is_due():
    letter = made(NoticeKind.REPORTER_RESOLVED)
    verdict = judge(Elsewhere(S), 0, (5.0,), NOON, 0.5)
    assert (verdict.state, verdict.reason) == (State.REPLACED, "by_sms")
    message = on_channel(letter, S, NOON)
    assert (message.channel, message.state, message.due_at) == (S, State.DUE, NOON)
    assert message.id == letter.id.removesuffix("email") + "sms"
    older = replace(letter, id="case-1.2.resident.r-1.email")
    assert on_channel(older, S, NOON).id == "case-1.2.resident.r-1.sms", "as the version before would have called it"
    assert (message.kind, message.facts, message.event_id) == (letter.kind, letter.facts, letter.event_id)


def test_a_gateway_learns_a_number_and_no_pseudonym_with_it():
    assert "r-1" not in message_id("case-1.2.resident.r-1.sms")
    assert message_id("a") == message_id("a") != message_id("b")
    assert secret_of("key").startswith("whsec_")
