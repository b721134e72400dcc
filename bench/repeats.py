"""`python -m bench.repeats [--development]`: how well likely repeats are found, on matters that nothing was tuned on.

Two labelled sets, each with a part for development and one held out (docs/repeats.md tells how they were made):

- `labelled/written.csv`: reports written for this, in families of matters that are easily taken for one another.
- `labelled/messages.csv`: pairs of real messages, by id; the messages are not part of this project. `--messages FILE`
  names them; where there are none, that part is left out, and the output says so.
"""

import argparse
import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from rich.console import Console
from rich.table import Table

from linli.contracts.intake.submission import Point
from linli.text.likeness import LIKELY, Matter, likeness

LABELLED = Path(__file__).with_name("labelled")
MESSAGES = Path(__file__).parents[2] / "shared" / "data" / "messages_with_replies.csv"
DEVELOPMENT, HELD_OUT = "development", "held-out"
THRESHOLDS = (0.45, 0.50, 0.55, 0.60, 0.65, 0.70)
WINDOWS = {
    DEVELOPMENT: (datetime(2018, 11, 1, tzinfo=UTC), datetime(2019, 2, 1, tzinfo=UTC)),
    HELD_OUT: (datetime(2019, 6, 1, tzinfo=UTC), datetime(2019, 9, 1, tzinfo=UTC)),
}
"""Of the real messages in these windows every pair is labelled: all titles were read; what is not listed differs."""
FIRST_DAY = datetime(2026, 11, 1, tzinfo=UTC)

Pair = tuple[float, bool]
"""A score, and whether the two are one matter."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a threshold makes of pairs. A ratio of nothing is 0."""

    found: int
    """Repeats that are suggested."""
    wrong: int
    """Suggested, and no repeats."""
    missed: int

    @property
    def precision(self) -> float:
        return _ratio(self.found, self.found + self.wrong)

    @property
    def recall(self) -> float:
        return _ratio(self.found, self.found + self.missed)

    @property
    def f1(self) -> float:
        return _ratio(2 * self.found, 2 * self.found + self.wrong + self.missed)


def outcome(pairs: Iterable[Pair], threshold: float) -> Outcome:
    """Counted over pairs; one that scores the threshold is suggested."""
    found = wrong = missed = 0
    for score, same in pairs:
        suggested = score >= threshold
        found += suggested and same
        wrong += suggested and not same
        missed += same and not suggested
    return Outcome(found, wrong, missed)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


# The reports that were written for this ------------------------------------------------------------------------------


def part_of(family: str) -> str:
    """A family is in one part as a whole, so that no wording of the part that is held out was ever tuned on."""
    return HELD_OUT if hashlib.sha256(family.encode()).digest()[0] % 2 else DEVELOPMENT


def written(part: str) -> list[Pair]:
    """Every pair of the part's reports."""
    rows = [row for row in _rows(LABELLED / "written.csv") if part_of(row["family"]) == part]
    matters = [(row["matter"], _written(row)) for row in rows]
    return [(likeness(a, b).score, one == other) for (one, a), (other, b) in combinations(matters, 2)]


def _written(row: Mapping[str, str]) -> Matter:
    lon, _, lat = row["point"].partition(" ")
    return Matter(
        row["title"],
        FIRST_DAY + timedelta(days=int(row["day"])),
        row["text"],
        row["place"] or None,
        row["neighbourhood"] or None,
        row["category"] or None,
        Point(lon=float(lon), lat=float(lat)) if lat else None,
    )


# Real messages -------------------------------------------------------------------------------------------------------


def windows(messages: Mapping[str, Matter], part: str) -> list[Pair]:
    """Every pair of the messages that came in within the part's window; those whose label is unsure are left out."""
    begin, end = WINDOWS[part]
    within = [(id, matter) for id, matter in messages.items() if begin <= matter.at < end]
    labels = {frozenset((row["a"], row["b"])): row["same"] for row in _labels(part) if row["found_by"] == "read"}
    pairs = ((labels.get(frozenset((a, b)), "no"), one, other) for (a, one), (b, other) in combinations(within, 2))
    return [(likeness(one, other).score, same == "yes") for same, one, other in pairs if same != "unsure"]


def chosen(messages: Mapping[str, Matter], part: str) -> list[Pair]:
    """The pairs from all other years, which were picked because they look like one another in some way."""
    rows = [row for row in _labels(part) if row["found_by"] != "read" and row["same"] != "unsure"]
    return [(likeness(messages[row["a"]], messages[row["b"]]).score, row["same"] == "yes") for row in rows]


def read_messages(path: Path) -> dict[str, Matter]:
    """The real messages by id; they have a title, a text and a time, and no place or category."""
    return {row["id"]: Matter(row["title"].strip(), _moment(row["created_at"]), row["body"]) for row in _rows(path)}


def _labels(part: str) -> Iterator[dict[str, str]]:
    return (row for row in _rows(LABELLED / "messages.csv") if row["part"] == part)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _moment(text: str) -> datetime:
    """As the file has them: `2019/4/25 9:32:09`, `2019-04-08 10:00:00`."""
    year, month, day, hour, minute, second = map(int, re.findall(r"\d+", text)[:6])
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


# What is printed -----------------------------------------------------------------------------------------------------


def main() -> None:
    """Precision, recall and F1 with the counts behind them."""
    parser = argparse.ArgumentParser(prog="python -m bench.repeats", description="How well likely repeats are found.")
    parser.add_argument("--development", action="store_true", help="the parts that weights may be tuned on, instead")
    parser.add_argument("--messages", type=Path, default=MESSAGES, metavar="FILE", help="the real messages, as CSV")
    given = parser.parse_args()
    part, console = DEVELOPMENT if given.development else HELD_OUT, Console(width=120, highlight=False)
    _show(console, f"written for this, {part}: every pair", written(part), given.development)
    if not given.messages.exists():
        console.print(f"SKIPPED: real messages, {part}. There is no {given.messages}")
        return
    messages = read_messages(given.messages)
    begin, end = WINDOWS[part]
    name = f"real messages, {part}: every pair of {begin:%Y-%m} to {end - timedelta(days=1):%Y-%m}"
    _show(console, name, windows(messages, part), given.development)
    _show(console, f"real messages, {part}: pairs that look alike", chosen(messages, part), given.development)


def _show(console: Console, name: str, pairs: Sequence[Pair], all_thresholds: bool) -> None:
    table = Table("threshold", "precision", "recall", "F1", "found", "wrong", "missed", box=None)
    for threshold in THRESHOLDS if all_thresholds else (LIKELY,):
        made = outcome(pairs, threshold)
        ratios = (f"{value:.2f}" for value in (threshold, made.precision, made.recall, made.f1))
        counts = map(str, (made.found, made.wrong, made.missed))
        table.add_row(*ratios, *counts, style="bold" if threshold == LIKELY else "")
    console.print(f"{name}; {len(pairs):,} pairs, {sum(same for _, same in pairs)} of them one matter")
    console.print(table, "")


if __name__ == "__main__":
    main()
