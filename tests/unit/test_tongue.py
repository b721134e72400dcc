"""A terminal in Chinese is told of cases in Chinese, with names in place of ids."""

import pytest

from linli.contracts.case import CaseEvent, CaseState
from linli.contracts.catalogue import EVENTS
from linli.contracts.kinds import Kind
from linli_cli.act_many import shown
from linli_cli.case_steps import told_of
from linli_cli.deeds import Action, Options
from linli_cli.deeds_from import Deed
from linli_cli.names import Names
from linli_cli.repeats import in_lines
from linli_cli.tongue import CHINESE, chinese, padded, tongue
from tests.support.builders import community

STEP = {
    "type": "linli.case.corrected.v1",
    "at": "2026-11-24T08:00:00Z",
    "by": "operator",
    "data": {"changed": ["category"], "was_category": "water", "category": "facilities.lift", "state": "triage"},
}


def test_every_state_kind_and_step_has_a_word() -> None:
    steps = {event.TYPE.split(".")[2] for event in EVENTS if issubclass(event, CaseEvent)}
    assert not {*CaseState, *Kind, *steps} - set(CHINESE)


@pytest.mark.parametrize(
    ("said", "is_chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, False),
        ({"LC_MESSAGES": "zh_TW"}, True),
        ({"LANG": "en_GB.UTF-8"}, False),
        ({}, False),
    ],
)
def test_the_terminal_says_in_which(monkeypatch: pytest.MonkeyPatch, said: dict[str, str], is_chinese: bool) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    assert chinese() is is_chinese
    assert tongue("triage") == ("待分拨" if is_chinese else "triage")


def test_a_step_is_told_with_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    named = Names.of(community())
    (line,) = told_of(STEP, named)
    assert "更正" in line and "操作员" in line and "待分拨" in line
    assert named.categories["water"] in line and "facilities.lift" not in line
    assert named.party("street") == "街道党工委" and named.party("gone") == "gone"


def test_repeats_and_what_would_be_acted_on_are_told_in_the_terminals_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    like = {"score": 0.9, "id": "c1", "state": "dispatched", "opened_at": STEP["at"], "party": None, "title": "灯"}
    assert "已派单  受理" in in_lines(like | {"reasons": []})
    (line,) = shown([Deed("c1", Action.ACCEPT, Options())], {"c1": like})
    assert "已派单" in line


def test_a_chinese_word_takes_its_place_in_a_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert padded("triage", 10) == "待分拨    "
    monkeypatch.setenv("LC_ALL", "C")
    assert padded("triage", 10) == "triage    "
