"""Letters about a partner's own system: who gets them, when, and what they say in both languages."""

import re
from datetime import timedelta

import pytest

from linli.contracts.kinds import Language
from linli.frozen import replace
from notify.deliveries.domain.deliveries import Delivery, State
from notify.deliveries.rendering import Addressee, letter
from notify.notices.domain.directory import Directory
from notify.notices.domain.kinds import ABOUT_PARTNERS, NoticeKind
from notify.partner_events.domain.endpoint import Endpoint
from notify.partner_events.domain.telling import facts_of, letters, news
from tests.support.builders import NOON, community
from tests.support.cases import with_party

HERE = Endpoint("test/water-co", "https://water.example", None, cursor=10, due_at=NOON, added_at=NOON)
DIRECTORY = Directory.of(community(**with_party("water-co", email="ops@water.example")))
FACTS = {"since": NOON.isoformat(), "until": (NOON + timedelta(days=5)).isoformat(), "reason": "http_500", "number": 3}


def told(kind: NoticeKind, directory: Directory = DIRECTORY) -> list[Delivery]:
    return letters(kind, "water-co", directory, FACTS, "20261129", NOON)


def test_the_desk_hears_of_each_and_the_partner_of_its_endpoint() -> None:
    desk = f"party:{DIRECTORY.community.triage}"
    for kind in ABOUT_PARTNERS:
        both = "endpoint" in kind
        assert [each.recipient for each in told(kind)] == [desk, *(["party:water-co"] if both else [])]


def test_a_partner_without_a_mailbox_gets_no_letter_and_a_desk_without_one_is_recorded() -> None:
    nobody = Directory.of(community(**with_party("water-co", email=None)))
    assert len(told(NoticeKind.PARTNER_ENDPOINT_OFF, nobody)) == 1
    desk = Directory.of(community(**with_party(DIRECTORY.community.triage, email=None)))
    [recorded] = told(NoticeKind.PARTNER_UNANSWERED, desk)
    assert (recorded.state, recorded.reason) == (State.UNDELIVERABLE, "no_channel")


def test_the_same_occasion_is_the_same_letter_and_another_day_is_another() -> None:
    first, again = told(NoticeKind.PARTNER_UNANSWERED), told(NoticeKind.PARTNER_UNANSWERED)
    assert [each.id for each in first] == [each.id for each in again]
    assert letters(NoticeKind.PARTNER_UNANSWERED, "water-co", DIRECTORY, {}, "20261130", NOON)[0].id != first[0].id


def test_a_warning_comes_before_the_end_and_each_is_told_once() -> None:
    warned = replace(HERE, warned=True, failing_since=NOON)
    off = replace(warned, off="http_500")
    assert news(HERE, warned) is NoticeKind.PARTNER_ENDPOINT_FAILING
    assert news(warned, warned) is None
    assert news(warned, off) is NoticeKind.PARTNER_ENDPOINT_OFF
    assert news(HERE, replace(HERE, off="http_410")) is NoticeKind.PARTNER_ENDPOINT_OFF
    assert facts_of(off, None) == {name: FACTS[name] for name in ("since", "until", "reason")}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", sorted(ABOUT_PARTNERS))
def test_each_says_whom_it_is_about_and_nothing_that_there_is_not(kind: NoticeKind, language: Language) -> None:
    for facts in (FACTS, FACTS | {"number": 1}):
        [delivery, *_] = letters(kind, "water-co", DIRECTORY, facts, "x", NOON)
        found = letter(delivery, Addressee(None, language), DIRECTORY)
        name = DIRECTORY.name("party", "water-co", language) or ""
        for text in (found.text, found.html):
            assert name in text
            assert not re.search(r"None|\{|https?:", text)
        assert name in found.subject


@pytest.mark.parametrize("language", list(Language))
def test_one_that_said_that_it_is_gone_had_not_failed_before(language: Language) -> None:
    [delivery, *_] = letters(NoticeKind.PARTNER_ENDPOINT_OFF, "water-co", DIRECTORY, {"reason": "http_410"}, "x", NOON)
    text = letter(delivery, Addressee(None, language), DIRECTORY).text
    assert "http_410" in text
    assert "None" not in text


def test_a_letter_about_an_endpoint_says_why_and_until_when_by_the_clock_of_the_place() -> None:
    [delivery, *_] = told(NoticeKind.PARTNER_ENDPOINT_FAILING)
    text = letter(delivery, Addressee(None, Language.EN), DIRECTORY).text
    assert "http_500" in text
    assert "28 November 2026, 12:00" in text  # 04:00 UTC in Shanghai, five days later
