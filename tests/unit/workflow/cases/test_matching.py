"""On what a rule's condition rests, and what words it finds."""

from typing import Any

import pytest

from linli.contracts.workflow.community import Condition, Rule
from tests.unit.workflow.cases.test_routing import facts, with_rules
from workflow.cases.domain.matching import Match, failed_condition, matches
from workflow.cases.domain.routing import NeedsTriage, route, trials


def when(**said: Any) -> Condition:
    return Condition.model_validate(said)


@pytest.mark.parametrize(
    "case",
    [
        {"title": "ＷＩＦＩ坏了"},
        {"title": "停\u200b水了"},
        {"title": "停 水了"},
        {"title": "停　水了"},
        {"text": "there is a gas  leak"},
        {"text": "a smell of gas\nleak somewhere"},
        {"title": "GAS　LEAK"},
        {"text": "gas-leak"},
        {"text": "w\u00adifi"},
    ],
)
def test_words_are_found_however_they_are_typed(case: dict[str, str]) -> None:
    assert failed_condition(when(words=["wifi", "停水", "gas leak"]), facts(**case)) is None
    assert failed_condition(when(words=["ＷｉＦｉ", "停\u200b水", "Gas-Leak"]), facts(**case)) is None


def test_words_do_not_reach_from_the_title_into_the_text_nor_over_a_line_in_chinese() -> None:
    assert failed_condition(when(words=["停水"]), facts(title="车乱停", text="水管坏了")) == "words"
    assert failed_condition(when(words=["停水"]), facts(text="车乱停\n水管坏了")) == "words"


def test_words_may_be_meant_for_the_title_alone_or_for_the_place() -> None:
    in_title = when(words=["电梯"], words_in=["title"])
    assert failed_condition(in_title, facts(text="等电梯的时候")) == "words"
    assert failed_condition(in_title, facts(title="电梯坏了")) is None
    assert failed_condition(when(words=["地库"], words_in=["place"]), facts(place="东门地库")) is None


def test_a_word_that_must_not_be_there_keeps_a_rule_from_matching() -> None:
    condition = when(words=["停水"], not_words=["停水通知", "已恢复"])
    assert failed_condition(condition, facts(title="停水了")) is None
    assert failed_condition(condition, facts(title="没收到停 水通知")) == "not_words"
    assert failed_condition(when(not_words=["测试"]), facts(title="测试")) == "not_words"


def test_near_words_must_stand_beside_the_words() -> None:
    condition = when(words=["漏水"], near=["楼上"], near_within=4)
    assert failed_condition(condition, facts(title="楼上一直漏水")) is None
    assert failed_condition(condition, facts(title="漏水的是楼上")) is None
    assert failed_condition(condition, facts(title="楼上的人说我们家厨房漏水")) == "near"
    assert failed_condition(condition, facts(title="漏水", text="楼上")) == "near"
    assert failed_condition(condition, facts(text="楼上的人说我们家厨房漏水，楼上也漏水")) is None


def test_near_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="say which in words"):
        when(near=["楼上"])


def test_what_a_rule_rests_on_is_named_with_where_it_stands() -> None:
    condition = when(kind=["report"], words=["断水", "停水"], attributes={"full": True}, category=["water"])
    found = matches(condition, facts(text="你好，我们家停 水了", attributes={"full": True}, category="water.supply"))
    assert found == [
        Match("kind", "report", "kind", "report"),
        Match("category", "water", "category", "water.supply"),
        Match("attributes", "full: True", "attributes.full", "True"),
        Match("words", "停水", "text", "你好，我们家【停 水】了"),
    ]


def test_of_a_long_text_only_what_is_around_the_word_is_shown() -> None:
    [found] = matches(when(words=["停水"]), facts(text="一" * 50 + "停水" + "二" * 50))
    assert found.said == "…" + "一" * 12 + "【停水】" + "二" * 12 + "…"


class _Broken:
    never = False

    def contain(self, _: object) -> bool:
        raise TypeError("can't compare offset-naive and offset-aware times")


def test_a_rule_that_cannot_be_judged_sends_the_case_to_triage_and_says_so() -> None:
    directory = with_rules({"role": "grid", "when": {"hours": {"from": "08:00", "to": "18:00"}}}, {"role": "community"})
    first: Rule = directory.community.rules[0]
    broken = first.model_copy(update={"when": first.when.model_copy(update={"hours": _Broken()})})
    rules = (broken, *directory.community.rules[1:])
    directory.community = directory.community.model_copy(update={"rules": rules})

    assert route(facts(), directory) == NeedsTriage(directory.triage, "rule_failed")
    assert [(trial.rule.id, trial.failed_on) for trial in trials(facts(), directory)] == [("r0", "error")]
