"""What `linli topology` and `linli trace` print."""

import pytest

from linli.contracts.kinds import Language
from linli_cli.operations.topology import KINDS, RULES, STATES, finding_in_words, otherwise_in_words, standing
from linli_cli.operations.trace import in_lines
from linli_cli.terminal.language import speaking
from portal.topology.domain.findings import Rule
from portal.topology.domain.picture import Flow, Kind, State

FINDING = {
    "id": "parked@parking:notify",
    "rule": "parked",
    "node": "parking:notify",
    "evidence": {"parked": 2.0},
    "first_seen": "2026-11-29T12:00:00Z",
    "ended": None,
    "acknowledged_by": None,
}
STEP = {
    "id": "c1:1",
    "type": "linli.case.opened.v1",
    "service": "workflow",
    "topic": "linli.cases",
    "at": "2026-11-29T12:00:00Z",
    "sent": True,
    "gap": 0.25,
    "readers": [],
    "told": [],
}
WAY = {"case": "c1", "steps": [STEP], "away": [], "held": 0, "parked": []}


def test_there_is_a_word_for_whatever_the_portal_may_say() -> None:
    assert set(RULES) == {each.value for each in Rule}
    assert set(STATES) == {each.value for each in (*State, *Flow)}
    assert set(KINDS) == {each.value for each in Kind}


def test_a_finding_says_where_what_since_when_and_who_sees_to_it() -> None:
    line = finding_in_words(FINDING | {"acknowledged_by": "operator"})
    assert line.startswith("! parking:notify: records wait for a decision (since 2026-11-29")
    assert line.endswith("parked 2; operator sees to it")


def test_what_is_over_does_not_stand() -> None:
    assert standing([FINDING, FINDING | {"ended": "2026-11-29T12:01:00Z"}]) == [FINDING]


def test_the_difference_names_who_came_went_and_changed() -> None:
    changed = [{"id": "service:notify", "before": "well", "after": "stopped"}]
    lines = otherwise_in_words({"came": ["group:x"], "went": [], "changed": changed})
    assert lines == ["+ group:x", "~ service:notify: well → stopped"]
    assert otherwise_in_words({"came": [], "went": [], "changed": []}) == ["Nothing is otherwise."]


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        ({"taken": "waits", "at": None, "exactly": False}, "notify has yet to take it in"),
        ({"taken": "blocked", "at": None, "exactly": False}, "notify stands still before it, behind a parked record"),
        ({"taken": "applied", "at": None, "exactly": False}, "notify took it in"),
        ({"taken": "applied", "at": STEP["at"], "exactly": True}, "notify took it in at 2026-11-29"),
        ({"taken": "applied", "at": STEP["at"], "exactly": False}, "notify took it in by 2026-11-29"),
    ],
)
def test_a_step_says_who_took_it_in(reader: dict[str, object], said: str) -> None:
    first, second = in_lines(WAY | {"steps": [STEP | {"readers": [{"service": "notify"} | reader]}]})
    assert "+0.250 s  workflow → linli.cases  linli.case.opened.v1" in first
    assert second.strip().startswith(said)


def test_the_trace_is_named_where_there_is_one_and_where_it_changes() -> None:
    steps = [STEP | {"trace": trace} for trace in ("4bf9", "4bf9", None, "5c00")]
    named = [line.strip() for line in in_lines(WAY | {"steps": steps}) if "trace" in line]
    assert named == ["trace 4bf9", "trace 5c00"]


def test_what_is_missing_is_said() -> None:
    *_, held, parked, away = in_lines(WAY | {"held": 1, "parked": ["p1"], "away": ["notify"]})
    assert held == "1 wait for an earlier one."
    assert "p1" in parked
    assert away.startswith("notify does not answer")


def test_it_is_said_in_chinese_too() -> None:
    with speaking(Language.ZH):
        assert "有记录等待人工处理" in finding_in_words(FINDING)
