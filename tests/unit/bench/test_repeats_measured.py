"""The measuring of likely repeats: its arithmetic, and that what is held out stays apart."""

import csv
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from bench.repeats import DEVELOPMENT, HELD_OUT, LABELLED, main, outcome, part_of

PAIRS = [(0.9, True), (0.8, True), (0.7, False), (0.6, True), (0.5, False), (0.1, False)]


@pytest.mark.parametrize(
    ("threshold", "found", "wrong", "missed", "precision", "recall", "f1"),
    [
        (0.75, 2, 0, 1, 1.0, 2 / 3, 0.8),
        (0.6, 3, 1, 0, 0.75, 1.0, 6 / 7),
        (0.0, 3, 3, 0, 0.5, 1.0, 2 / 3),
        (0.95, 0, 0, 3, 0.0, 0.0, 0.0),
    ],
)
def test_precision_recall_and_f1_are_counted_over_pairs(
    threshold: float, found: int, wrong: int, missed: int, precision: float, recall: float, f1: float
) -> None:
    made = outcome(PAIRS, threshold)
    assert (made.found, made.wrong, made.missed) == (found, wrong, missed)
    assert (made.precision, made.recall, made.f1) == pytest.approx((precision, recall, f1))


def test_of_no_pairs_every_ratio_is_0() -> None:
    made = outcome([], 0.5)
    assert (made.precision, made.recall, made.f1) == (0, 0, 0)


def rows(name: str) -> list[dict[str, str]]:
    with (LABELLED / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_no_matter_is_in_two_families_so_none_is_in_both_parts() -> None:
    families = defaultdict(set)
    for row in rows("written.csv"):
        families[row["matter"]].add(row["family"])
    assert all(len(found) == 1 for found in families.values())
    assert {part_of(family) for found in families.values() for family in found} == {DEVELOPMENT, HELD_OUT}


def test_no_real_message_is_in_both_parts_and_none_of_its_text_is_here() -> None:
    parts = defaultdict(set)
    for row in rows("messages.csv"):
        assert set(row) == {"a", "b", "same", "found_by", "part"}
        assert row["a"].isdecimal() and row["b"].isdecimal()
        assert row["same"] in {"yes", "no", "unsure"}
        parts[row["a"]].add(row["part"])
        parts[row["b"]].add(row["part"])
    assert all(len(found) == 1 for found in parts.values())


@pytest.mark.parametrize("part", [DEVELOPMENT, HELD_OUT])
def test_each_part_has_repeats_and_many_more_pairs_that_are_none(part: str) -> None:
    matters = [row["matter"] for row in rows("written.csv") if part_of(row["family"]) == part]
    same = [one == other for one, other in combinations(matters, 2)]
    assert 20 < sum(same) < len(same) / 20


def test_without_the_real_messages_the_rest_is_measured_and_the_output_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["repeats", "--messages", str(tmp_path / "none.csv")])
    main()
    printed = capsys.readouterr().out
    assert "written for this, held-out" in printed
    assert "SKIPPED: real messages, held-out." in printed
