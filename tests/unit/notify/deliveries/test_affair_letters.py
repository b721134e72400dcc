"""Letters about common affairs: whom a row of `affair_rules` names, and what the letter says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from linli.contracts.envelope import Envelope
from linli.contracts.kinds import Language
from linli.contracts.neighbourhood import actions, meetings, taskforce, works_checked
from linli.contracts.neighbourhood.actions import ActionOrigin, ComesOf
from linli.contracts.workflow import mediation
from notify.deliveries.affairs import letters_of
from notify.deliveries.domain.deliveries import State
from notify.deliveries.rendering import Addressee, letter, webhook_body
from notify.notices.domain.affair_rules import AFFAIR_RULES, in_words
from notify.notices.domain.directory import Directory
from notify.notices.domain.kinds import Channel
from tests.support.builders import NOON, community

DIRECTORY = Directory.of(community())
COMMON: dict[str, Any] = {"community": "test", "neighbourhood": "east", "at": NOON, "by": "key:a1", "party": "village"}
OWED: dict[str, Any] = {"action_id": "x-1", "owner": "water-co", "due": "2026-12-20", "what": "迁移电表箱"}
ASSIGNED = actions.ActionAssigned.model_validate(
    {**COMMON, **OWED, "taskforce_id": "t-1", "comes_of": ComesOf(origin=ActionOrigin.MEETING, id="m-1")}
)


def told(event: Any) -> Envelope[Any]:
    return Envelope("linli/neighbourhood", event.story, 3, NOON, event.correlation, event)


def whom(event: Any) -> list[str]:
    return [each.recipient.removeprefix("party:") for each in letters_of(told(event), DIRECTORY, NOON)]


def missed(**changes: Any) -> actions.ActionMissed:
    return actions.ActionMissed.model_validate({**COMMON, **OWED, "by": "linli", "party": None} | changes)


def called(**changes: Any) -> meetings.MeetingCalled:
    said = {
        **COMMON,
        "meeting_id": "m-1",
        "taskforce_id": "t-1",
        "starts_at": "2026-12-01T06:00:00Z",
        "place": "社区议事厅",
        "agenda": [{"id": "a", "title": "车棚位置"}, {"id": "b", "title": "开工时间"}],
        "parties": ["village", "estate", "gone"],
    }
    return meetings.MeetingCalled.model_validate(said | changes)


def test_who_owes_an_action_hears_of_it_and_the_office_once_its_day_is_over() -> None:
    assert whom(ASSIGNED) == ["water-co"]
    assert whom(missed()) == ["water-co", "village"]
    assert whom(missed(owner="village")) == ["village"]
    assert whom(missed(owner="m-01")) == ["village"], "a person is no party"
    persons = ASSIGNED.model_copy(update={"owner": "m-01"})
    [passed_on] = letters_of(told(persons), DIRECTORY, NOON)
    assert passed_on.party == "village", "the office knows whose seat that is"
    chinese = letter(passed_on, Addressee(None, Language.ZH), DIRECTORY)
    assert chinese.subject == "请转告任务责任人（m-01）：请在 2026年12月20日 前完成“迁移电表箱”"


def test_whoever_does_something_itself_need_not_be_told() -> None:
    done = actions.ActionReported.model_validate({**COMMON, **OWED, "done": "已迁移。"})
    assert whom(done) == []
    assert whom(done.model_copy(update={"party": "water-co"})) == ["village"]


def test_a_meeting_is_told_to_those_whose_people_sit_there_and_a_bulletin_to_all() -> None:
    assert whom(called()) == ["village", "estate"]
    said = {**COMMON, "taskforce_id": "t-1", "number": 1, "title": "第一期", "text": "七月开工。"}
    assert whom(taskforce.BulletinIssued.model_validate(said)) == ["street", "grid-1", "estate", "water-co"]


def test_of_works_those_hear_whose_turn_it_is() -> None:
    said = {**COMMON, "package_id": "w-1", "hidden_id": "z-1", "what": "接地线", "asks": ["estate", "village"]}
    notified = works_checked.HiddenWorkNotified.model_validate(said)
    assert whom(notified) == ["estate"], "the village has said it itself"
    [told_once] = letters_of(told(notified), DIRECTORY, NOON)
    assert letter(told_once, Addressee(None, Language.ZH), DIRECTORY).subject.startswith(
        "隐蔽工程“接地线”请验收（东院）"
    )


def test_a_letter_is_told_once_and_one_without_a_mailbox_is_recorded() -> None:
    [first], [again] = (letters_of(told(ASSIGNED), DIRECTORY, NOON) for _ in range(2))
    assert first.id == again.id == "x-1.3.neighbourhood.party.water-co.email"
    assert (first.state, first.case_id) == (State.DUE, "")
    [recorded] = letters_of(told(ASSIGNED.model_copy(update={"owner": "group-1"})), DIRECTORY, NOON)
    assert (recorded.channel, recorded.state, recorded.reason) == (Channel.NONE, State.UNDELIVERABLE, "no_channel")


def test_a_party_with_a_webhook_gets_the_event_itself_beside_the_letter() -> None:
    data = community().model_dump()
    for each in data["parties"]:
        if each["id"] == "water-co":
            each["webhook"] = "https://water.example/hook"
    both = letters_of(told(ASSIGNED), Directory.of(type(community()).model_validate(data)), NOON)
    assert [(each.channel, each.recipient) for each in both] == [
        (Channel.EMAIL, "party:water-co"),
        (Channel.WEBHOOK, "party:water-co"),
    ]
    assert len({each.id for each in both}) == 2
    body = json.loads(webhook_body(both[1]))
    assert (body["type"], body["data"]["sequence"], "rule" in body["data"]) == ("linli.action.assigned.v1", 3, False)
    assert actions.ActionAssigned.model_validate({k: v for k, v in body["data"].items() if k != "sequence"}) == ASSIGNED


def mediated(kind: Any, **fields: Any) -> Any:
    common = {"mediation_id": "s1.mediation", "case_id": "s1", "community": "test", "state": "open", "by": "grid-1"}
    event = kind.model_validate(common | {"parties": ["estate", "village"]} | fields)
    return Envelope("linli/workflow", "s1.mediation", 3, NOON, "s1", event)


def test_who_takes_part_in_a_mediation_hears_of_each_step_and_nothing_of_what_was_said() -> None:
    appointed = letters_of(
        mediated(mediation.MediatorAppointed, mediator="party:village", party="village"), DIRECTORY, NOON
    )
    said = {each.party: letter(each, Addressee(None, Language.ZH), DIRECTORY).subject for each in appointed}
    assert said == {"village": "请贵单位调解一件纠纷（事项 s1）", "estate": "纠纷调解（事项 s1）：已确定调解员"}
    called = mediated(mediation.SessionCalled, session=1, starts_at="2026-12-01T06:00:00Z", online=False)
    first, second = letters_of(called, DIRECTORY, NOON)
    assert (first.party, second.party) == ("estate", "village")
    assert "2026年12月01日 14:00" in letter(first, Addressee(None, Language.ZH), DIRECTORY).subject
    broken = letters_of(mediated(mediation.AgreementBroken, number=1), DIRECTORY, NOON)
    assert letter(broken[0], Addressee(None, Language.EN), DIRECTORY).subject == (
        "Mediation (case s1): the agreement is not kept"
    )
    assert not letters_of(mediated(mediation.AgreementBroken, number=1, parties=[]), DIRECTORY, NOON)


def test_a_letter_says_what_is_owed_until_when_and_what_will_be_talked_about() -> None:
    [owed] = letters_of(told(ASSIGNED), DIRECTORY, NOON)
    chinese = letter(owed, Addressee(None, Language.ZH), DIRECTORY)
    assert chinese.subject == "请在 2026年12月20日 前完成任务“迁移电表箱”（东院）"
    assert "水务公司：" in chinese.text and 'lang="zh-CN"' in chinese.html
    english = letter(owed, Addressee(None, Language.EN), DIRECTORY)
    assert english.subject == "Please do “迁移电表箱” by 20 December 2026 (东院)"
    meeting = letter(letters_of(told(called()), DIRECTORY, NOON)[0], Addressee(None, Language.ZH), DIRECTORY)
    assert meeting.subject == "东院改造专班 2026年12月01日 14:00 在社区议事厅开会"
    assert "1. 车棚位置\n2. 开工时间" in meeting.text
    before = letters_of(told(missed(what=None)), DIRECTORY, NOON)[0]
    assert "…" in letter(before, Addressee(None, Language.ZH), DIRECTORY).subject, "an event from before says less"


@pytest.mark.parametrize("type_", AFFAIR_RULES, ids=lambda type_: type_.TYPE)
def test_a_row_speaks_of_fields_that_its_event_has(type_: Any) -> None:
    known = {*type_.model_fields, "neighbourhood"}
    for rule in AFFAIR_RULES[type_]:
        for text in (rule.zh, rule.en):
            assert set(re.findall(r"{(\w+)}", text)) <= known
        assert not rule.quotes or rule.quotes in known
        assert re.search(r"[一-鿿]", rule.zh) and not re.search(r"[一-鿿]", rule.en)


def test_the_documents_say_who_hears_what_of_common_affairs() -> None:
    rows = "\n".join(in_words(type_) for type_ in AFFAIR_RULES)
    written = (Path(__file__).parents[4] / "docs/architecture.md").read_text()
    assert rows in written, f"docs/architecture.md, Who hears what, should read:\n{rows}"
