"""What a run of the benchmark leaves behind."""

from pathlib import Path

import pytest

from bench.__main__ import RESULTS, kept_at, parser


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ([], RESULTS),
        (["--full", "--rounds", "1"], RESULTS),
        (["--smoke"], None),
        (["--only", "pages"], None),
        (["--only", "pages", "--json", "here.json"], Path("here.json")),
        (["--smoke", "--json", "here.json"], Path("here.json")),
    ],
)
def test_only_a_whole_run_takes_the_place_of_what_was_measured_before(said: list[str], kept: Path | None) -> None:
    assert kept_at(parser().parse_args(said)) == kept
