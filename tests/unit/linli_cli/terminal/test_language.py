"""A terminal in Chinese is told of cases in Chinese, with names in place of ids."""

from pathlib import Path

import pytest

from linli.contracts.catalogue import event_types
from linli.contracts.kinds import Kind, Language
from linli.contracts.workflow.case import CaseEvent, CaseState
from linli_cli.cases.act_many import shown
from linli_cli.cases.act_words import done
from linli_cli.cases.actions import Action, Options, body_with
from linli_cli.cases.case_steps import step_lines
from linli_cli.cases.planned import PlannedAction
from linli_cli.cases.repeats import in_lines
from linli_cli.community.faults import CommunityFaults
from linli_cli.community.files import load_rules
from linli_cli.community.names import Names
from linli_cli.importing.columns import ColumnsUnclear, match_columns
from linli_cli.importing.tables import UnreadableTable, read_table
from linli_cli.operations import deliveries
from linli_cli.terminal.errors import UsageFault
from linli_cli.terminal.language import chinese, installed_for, padded, say, speaking, term
from linli_cli.terminal.sentences.words import WORDS
from tests.support.builders import community

DONE = {
    **{"title": "停水", "state": "accepted", "version": 3, "waiting_for": "resident"},
    **{"party": {"id": "water", "name": "供水公司"}, "part_of": None},
}
STEP = {
    "type": "linli.case.corrected.v1",
    "at": "2026-11-24T08:00:00Z",
    "by": "operator",
    "data": {"changed": ["category"], "was_category": "water", "category": "facilities.lift", "state": "triage"},
}


def test_every_state_kind_and_step_has_a_word() -> None:
    steps = {event.TYPE.split(".")[2] for event in event_types() if issubclass(event, CaseEvent)}
    assert not {*CaseState, *Kind, *steps} - set(WORDS)


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LINLI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("said", "is_chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, False),
        ({"LC_MESSAGES": "zh_TW"}, True),
        ({"LANG": "en_GB.UTF-8"}, False),
        ({}, False),
        ({"LINLI_LANGUAGE": "en", "LC_ALL": "zh_CN.UTF-8"}, False),
        ({"LINLI_LANGUAGE": "zh-CN", "LANG": "en_GB.UTF-8"}, True),
        ({"LINLI_LANGUAGE": "", "LC_MESSAGES": "zh_CN.UTF-8"}, True),
    ],
)
def test_the_terminal_says_in_which(monkeypatch: pytest.MonkeyPatch, said: dict[str, str], is_chinese: bool) -> None:
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    assert chinese() is is_chinese
    assert term("triage") == ("待分派" if is_chinese else "triage")


@pytest.mark.parametrize("silent", ["", "C", "C.UTF-8", "POSIX"])
def test_where_nothing_else_says_it_the_installations_language_is_spoken(
    monkeypatch: pytest.MonkeyPatch, silent: str
) -> None:
    monkeypatch.setenv("LANG", silent)
    with speaking(None):
        installed_for(["浮山路街道"])
        assert chinese()
        installed_for(["Fushan Road"])
        assert not chinese()
        installed_for(["浮山路街道"])
        monkeypatch.setenv("LC_MESSAGES", "en_GB.UTF-8")
        assert not chinese()
    monkeypatch.delenv("LC_MESSAGES")
    assert not chinese()


def test_what_scripts_read_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert say("There is no such case.") == "没有这件案件。"
    with speaking(Language.EN):
        assert say("There is no such case.") == "There is no such case."


def test_an_action_that_lacks_something_says_so_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(UsageFault) as refused:
        body_with(Action.RESOLVE, Options())
    assert refused.value.message == "`resolve` 需要 --message：给反映人的答复。"
    (told,) = done(Action.PAUSE, DONE)
    assert told == "停水：已挂起，等待反映人，时限暂停计算。版本 3，承办单位：供水公司 water。"


def test_what_is_wrong_in_a_clerks_files_is_told_in_chinese(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    (tmp_path / "rules.yaml").write_text("- id: 停水\n  name: 停水\n")
    with pytest.raises(CommunityFaults) as found:
        load_rules(tmp_path / "rules.yaml")
    told = str(found.value)
    assert "rules.yaml 第 1 行，id：为 '停水'；只能用" in told and "role：没有填写" in told
    with pytest.raises(UnreadableTable, match="文件是空的"):
        read_table(written(tmp_path / "a.csv", ""))
    with pytest.raises(ColumnsUnclear, match="哪一列是标题"):
        match_columns(["甲", "乙"], {})


def written(file: Path, text: str) -> Path:
    file.write_text(text)
    return file


def test_a_delivery_is_told_with_its_partys_name(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = {"id": "d1", "kind": "party_dispatched", "recipient": "party:street", "channel": "email", "state": "sent"}
    sent |= {"reason": None, "created_at": STEP["at"], "attempts": 0}
    names = Names.of(community())
    assert "party_dispatched to party 街道党工委 street by email: sent" in deliveries.in_lines(sent, names)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = deliveries.in_lines(sent, names)
    assert "承办单位：已派单，发给 承办单位 街道党工委 street，邮件：已发" in told


def test_a_step_is_told_with_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    named = Names.of(community())
    (line,) = step_lines(STEP, named)
    assert "更正" in line and "操作员" in line and "待分派" in line
    assert named.categories["water"] in line and "facilities.lift" not in line
    assert named.party("street") == "街道党工委" and named.party("gone") == "gone"


def test_repeats_and_what_would_be_acted_on_are_told_in_the_terminals_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    like = {"score": 0.9, "id": "c1", "state": "dispatched", "opened_at": STEP["at"], "party": None, "title": "灯"}
    assert "已派单  受理" in in_lines(like | {"reasons": []})
    (line,) = shown([PlannedAction("c1", Action.ACCEPT, Options())], {"c1": like})
    assert "已派单" in line


def test_a_chinese_word_takes_its_place_in_a_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert padded("triage", 10) == "待分派    "
    monkeypatch.setenv("LC_ALL", "C")
    assert padded("triage", 10) == "triage    "
