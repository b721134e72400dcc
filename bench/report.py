"""What a run says: two tables for people, JSON for machines, and the page of the documentation."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.figures import Figure
from bench.goals import State, Verdict

BEGIN, END = "<!-- figures of make bench -->", "<!-- end of the figures -->"
GOALS = ("part", "what", "against", "goal", "measured", "so it is")
FIGURES = ("part", "what", "figure", "peer or limit", "ratio", "failed")
_COLOURS = {State.MET: "green", State.MISSED: "red", State.NOT_MEASURED: "yellow"}


def show(figures: Sequence[Figure], verdicts: Sequence[Verdict], failed: Mapping[str, str]) -> None:
    """Every figure, every goal, and what failed."""
    console = Console(width=None if Console().is_terminal else 170)
    figures_table, goals_table = Table(*FIGURES, box=None), Table(*GOALS, box=None)
    for figure in figures:
        figures_table.add_row(*figure_cells(figure))
    for verdict in verdicts:
        *cells, outcome = goal_cells(verdict)
        goals_table.add_row(*cells, f"[{_COLOURS[verdict.state]}]{outcome}[/]")
    console.print(figures_table, "", goals_table)
    for part, error in failed.items():
        console.print(f"{part}: FAILED: {error}", style="red", markup=False)


def figure_cells(figure: Figure) -> tuple[str, ...]:
    """One line of the figures."""
    peer = f"{_short(figure.peer_value)} {figure.peer}" if figure.peer_value is not None else ""
    ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else ""
    failed = f"{figure.failures:,}" if figure.failures else ""
    if figure.peer_failures:
        failed = f"{figure.failures:,}; the peer's {figure.peer_failures:,}"
    return (figure.part, figure.name, f"{_short(figure.value)} {figure.unit}", peer, ratio, failed)


def goal_cells(verdict: Verdict) -> tuple[str, ...]:
    """One line of the goals."""
    goal, measured = verdict.goal, ""
    if verdict.measured is not None:
        measured = f"{verdict.measured:.2f} ×" if goal.peer else f"{_short(verdict.measured)} {goal.unit}"
    return (goal.part, goal.name, goal.peer or "", str(goal), measured.strip(), str(verdict))


def as_json(
    facts: Mapping[str, Any],
    figures: Sequence[Figure],
    verdicts: Sequence[Verdict],
    failed: Mapping[str, str],
) -> dict[str, Any]:
    """All of a run, with what it was measured on."""
    goals = [
        asdict(verdict.goal) | {"state": verdict.state, "measured": verdict.measured, "margin": verdict.margin}
        for verdict in verdicts
    ]
    return {**facts, "goals": goals, "failed": dict(failed), "figures": [asdict(each) for each in figures]}


def write(path: Path, report: Mapping[str, Any]) -> None:
    """Whole or not at all: a run that is ended leaves what was measured before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    beside.replace(path)


def into_page(page: Path, figures: Sequence[Figure], verdicts: Sequence[Verdict]) -> None:
    """Put goals and figures into a page, between its two marks."""
    lines = [
        *_table(GOALS, [goal_cells(each) for each in verdicts]),
        "",
        *_table(FIGURES, [figure_cells(each) for each in figures]),
    ]
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(before + "\n".join([BEGIN, *lines, END]) + after)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
