"""Goals: which side of its bound a figure is on, and by how much; and that the tables say so."""

import json
from pathlib import Path

import pytest

from bench import report
from bench.figures import Figure
from bench.goals import GOALS, Goal, Side, State, Verdict, judged

AT_LEAST = Goal("accept", "at 64 connections", "a peer", Side.AT_LEAST, 0.4)
AT_MOST = Goal("accept", "at 64 connections, p99 / p50", None, Side.AT_MOST, 3.0)


def rate(value: float, peer: float = 1_000.0) -> Figure:
    return Figure("accept", "at 64 connections", "requests/s", [value], "a peer", [peer])


def spread(value: float) -> Figure:
    return Figure("accept", "at 64 connections, p99 / p50", "×", [value])


@pytest.mark.parametrize(
    ("goal", "figure", "state", "measured", "margin"),
    [
        (AT_LEAST, rate(500), State.MET, 0.5, 0.25),
        (AT_LEAST, rate(400), State.MET, 0.4, 0.0),
        (AT_LEAST, rate(300), State.MISSED, 0.3, -0.25),
        (AT_MOST, spread(1.5), State.MET, 1.5, 0.5),
        (AT_MOST, spread(3.0), State.MET, 3.0, 0.0),
        (AT_MOST, spread(4.5), State.MISSED, 4.5, -0.5),
    ],
)
def test_a_figure_is_on_one_side_of_its_goal_by_a_share_of_the_bound(
    goal: Goal, figure: Figure, state: State, measured: float, margin: float
) -> None:
    (verdict,) = judged([goal], [figure])
    assert verdict.state is state
    assert (verdict.measured, verdict.margin) == (pytest.approx(measured), pytest.approx(margin))


def test_a_goal_that_was_not_measured_is_neither_met_nor_missed() -> None:
    other_peer = Figure("accept", "at 64 connections", "requests/s", [500.0], "another peer", [1_000.0])
    without_its_peer = Figure("accept", "at 64 connections", "requests/s", [500.0], "a peer")
    for figures in ([], [other_peer], [without_its_peer], [spread(1.0)]):
        assert judged([AT_LEAST], figures) == [Verdict(AT_LEAST, State.NOT_MEASURED)]
    assert str(Verdict(AT_LEAST, State.NOT_MEASURED)) == "not measured"


def test_the_table_says_of_each_goal_which_side_and_how_far() -> None:
    rows = [report.goal_cells(each) for each in judged([AT_LEAST, AT_MOST], [rate(300), spread(1.5)])]
    assert rows == [
        ("accept", "at 64 connections", "a peer", "at least 0.4 ×", "0.30 ×", "missed by 25%"),
        ("accept", "at 64 connections, p99 / p50", "", "at most 3", "1.5", "met by 50%"),
    ]


def test_json_has_each_goal_with_its_state_and_what_failed(tmp_path: Path) -> None:
    figures = [rate(300)]
    said = report.as_json({"at": "now"}, figures, judged([AT_LEAST, AT_MOST], figures), {"apply": "ValueError: no"})
    report.write(tmp_path / "results.json", said)
    written = json.loads((tmp_path / "results.json").read_text())
    assert [(goal["state"], goal["measured"], goal["bound"]) for goal in written["goals"]] == [
        ("missed", 0.3, 0.4),
        ("not measured", None, 3.0),
    ]
    assert written["failed"] == {"apply": "ValueError: no"}
    assert written["figures"][0]["runs"] == [300]


def test_failures_stand_beside_the_figure_that_they_are_not_in() -> None:
    figure = Figure("accept", "at 256 connections", "requests/s", [10.0], "a peer", [20.0], failures=2, peer_failures=1)
    assert report.figure_cells(figure)[-1] == "2; the peer's 1"


def test_the_page_gets_both_tables_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.into_page(page, [rate(300)], judged([AT_LEAST], [rate(300)]))
    text = page.read_text()
    assert "old" not in text and text.startswith("before\n") and text.endswith("\nafter\n")
    assert "| accept | at 64 connections | a peer | at least 0.4 × | 0.30 × | missed by 25% |" in text
    assert "| accept | at 64 connections | 300 requests/s | 1,000 a peer | 0.30 |  |" in text


def test_no_figure_has_two_goals() -> None:
    assert len({(goal.part, goal.name, goal.peer) for goal in GOALS}) == len(GOALS)
