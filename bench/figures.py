"""What was measured: one figure a line, with its peer and its goal; as a table and as JSON."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

BEGIN, END = "<!-- figures of make bench -->", "<!-- end of the figures -->"


@dataclass(frozen=True, slots=True)
class Figure:
    """The median of some runs, interleaved with those of its peer."""

    part: str
    name: str
    unit: str
    runs: Sequence[float]
    peer: str | None = None
    """What it is compared with."""
    peer_runs: Sequence[float] = ()
    at_least: float | None = None
    """The goal: for the ratio where there is a peer, else for the value."""
    at_most: float | None = None
    value: float = field(init=False)
    peer_value: float | None = field(init=False)
    ratio: float | None = field(init=False)
    met: bool | None = field(init=False)

    def __post_init__(self) -> None:
        put: Callable[..., None] = object.__setattr__
        put(self, "value", median(self.runs))
        put(self, "peer_value", median(self.peer_runs) if self.peer_runs else None)
        put(self, "ratio", self.value / self.peer_value if self.peer_value else None)
        judged = self.value if self.ratio is None else self.ratio
        wanted = (self.at_least is not None and judged >= self.at_least) or (
            self.at_most is not None and judged <= self.at_most
        )
        put(self, "met", wanted if self.goal else None)

    @property
    def goal(self) -> str:
        times = " x" if self.peer_runs else ""
        if self.at_least is not None:
            return f"at least {self.at_least:g}{times}"
        return f"at most {self.at_most:g}{times}" if self.at_most is not None else ""


def show(figures: Sequence[Figure]) -> None:
    """The table, for people."""
    table = Table("part", "what", "figure", "peer or limit", "ratio", "goal", "met", box=None)
    for each in figures:
        peer = f"{_short(each.peer_value)} {each.peer}" if each.peer_value is not None else ""
        ratio = f"{each.ratio:.2f}" if each.ratio is not None else ""
        met = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[each.met]
        table.add_row(each.part, each.name, f"{_short(each.value)} {each.unit}", peer, ratio, each.goal, met)
    Console(width=None if Console().is_terminal else 170).print(table)


def write(path: Path, facts: dict[str, Any], figures: Sequence[Figure]) -> None:
    """The same for machines, with what it was measured on. Parts that were left out keep the figures that they had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    measured = {each.part for each in figures}
    before = json.loads(path.read_text())["figures"] if path.exists() else []
    kept = [each for each in before if each["part"] not in measured]
    listed = [asdict(each) | {"goal": each.goal, "at": facts["at"]} for each in figures]
    path.write_text(json.dumps(facts | {"figures": kept + listed}, indent=1, ensure_ascii=False) + "\n")


def into_page(page: Path, results: Path) -> None:
    """Put all figures of the results into a page, between its two marks."""
    found = json.loads(results.read_text())["figures"]
    lines = ["| part | what | figure | peer or limit | ratio | goal | met |", "|---|---|---|---|---|---|---|"]
    for each in found:
        peer = f"{_short(each['peer_value'])} {each['peer']}" if each["peer_value"] is not None else ""
        ratio = f"{each['ratio']:.2f}" if each["ratio"] is not None else ""
        met = {True: "yes", False: "**no**", None: ""}[each["met"]]
        cells = (each["part"], each["name"], f"{_short(each['value'])} {each['unit']}", peer, ratio, each["goal"], met)
        lines.append(f"| {' | '.join(cells)} |")
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(before + "\n".join([BEGIN, *lines, END]) + after)


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
