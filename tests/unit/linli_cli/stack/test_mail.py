"""Letters that are kept to be looked at go when their time is over."""

from datetime import UTC, datetime
from pathlib import Path

from linli_cli.stack.embedded.mail import delete_before

WHEN = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_letters_from_before_a_moment_go_and_those_since_stay(tmp_path: Path) -> None:
    old = ["20250601T000000.000000-aaaaaa.eml", "20260601T115959.999999-bbbbbb.eml", ".20260531T000000.000000-cc.eml"]
    kept = ["20260601T120000.000000-dddddd.eml", ".20260601T120001.000000-ee.eml", "notes.txt"]
    for name in old + kept:
        (tmp_path / name).touch()
    delete_before(tmp_path, WHEN)
    assert {path.name for path in tmp_path.iterdir()} == set(kept)


def test_where_nothing_has_come_there_is_nothing_to_delete(tmp_path: Path) -> None:
    delete_before(tmp_path, WHEN)
    assert list(tmp_path.iterdir()) == []
