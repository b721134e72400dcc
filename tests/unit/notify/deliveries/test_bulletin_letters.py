"""Letters to residents who read a neighbourhood's bulletins: of what, from which level on, and in which words."""

import re
from typing import Any

import pytest

from linli.contracts.envelope import Envelope
from linli.contracts.intake.subscription import Hears
from linli.contracts.kinds import Language
from linli.contracts.neighbourhood import taskforce
from notify.deliveries.bulletins import _letter
from notify.deliveries.rendering import Addressee, letter
from notify.notices.domain.bulletin_rules import BULLETIN_RULES
from notify.notices.domain.directory import Directory
from notify.notices.domain.kinds import NoticeKind
from tests.support.builders import NOON, community

DIRECTORY = Directory.of(community())
LINK = "https://linli.example/bulletins/0A1B-2C3D-4E5F"
BULLETIN = taskforce.BulletinIssued.model_validate(
    {"community": "test", "neighbourhood": "east", "at": NOON, "by": "key:a1", "taskforce_id": "t-1"}
    | {"number": 3, "title": "七月开工", "text": "周一进场。\n请挪车。"}
)


def written(kind: NoticeKind, language: Language) -> Any:
    event = Envelope("linli/neighbourhood", "t-1", 3, NOON, "t-1", BULLETIN)
    made = _letter(event, kind, "test", "n1", BULLETIN.model_dump(mode="json"), NOON)
    assert (made.told, made.party, made.recipient) == ("n1", None, "resident:n1")
    return letter(made, Addressee(None, language, link=LINK, letters="https://linli.example/v1/letters/x"), DIRECTORY)


def test_a_bulletin_is_told_with_its_words_and_where_to_end_it() -> None:
    chinese = written(NoticeKind.BULLETIN, Language.ZH)
    assert chinese.subject == "东院改造简报：七月开工"
    assert "请挪车。" in chinese.text and LINK in chinese.text and LINK in chinese.html
    assert written(NoticeKind.BULLETIN, Language.EN).subject == "Bulletin of 东院: 七月开工"


@pytest.mark.parametrize("language", list(Language))
def test_the_owner_of_a_mailbox_is_asked_and_reads_nothing_yet(language: Language) -> None:
    asked = written(NoticeKind.BULLETINS_ASKED, language)
    assert LINK in asked.text and LINK in asked.html and "东院" in asked.subject
    assert "七月开工" not in asked.text


@pytest.mark.parametrize("type_", BULLETIN_RULES, ids=lambda type_: type_.TYPE)
def test_a_row_speaks_of_fields_that_its_event_has(type_: Any) -> None:
    known, rule = {*type_.model_fields, "neighbourhood"}, BULLETIN_RULES[type_]
    assert {"community", "neighbourhood"} <= set(type_.model_fields), "it is known whose readers hear of it"
    for text in (rule.zh, rule.en):
        assert set(re.findall(r"{(\w+)}", text)) <= known
    assert not rule.quotes or rule.quotes in known
    assert re.search(r"[一-鿿]", rule.zh) and not re.search(r"[一-鿿]", rule.en)


def test_who_wants_less_hears_less_and_everybody_hears_what_it_comes_to() -> None:
    heard = {level: {t for t, rule in BULLETIN_RULES.items() if level in rule.levels} for level in Hears}
    assert heard[Hears.ENDS] < heard[Hears.MILESTONES] < heard[Hears.EVERY_STEP] == set(BULLETIN_RULES)
    assert taskforce.BulletinIssued in heard[Hears.MILESTONES] - heard[Hears.ENDS]
