"""What Linli writes for a spreadsheet is not run there, not changed there, and read back as it was."""

import csv
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.text.spreadsheet_cells import marked, private_file, unmarked, write_csv

RUN_OR_CHANGED = [
    *("=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(1+1)*cmd|' /C calc'!A0", "＝1+1", "＋1", "－1", "＠SUM(1)", "\u22121"),
    *("\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u3000=1+1", "\u00a0=1+1", "\ufeff=1+1", "\u200b@x", "\tabc", "\rabc"),
    *("370202202611030123", "202611030001", "05328765", "007", "2.02611E+17", "12e5", "3-2", "11/3"),
]
LEFT_ALONE = ["", "路灯坏了", "13900000101", "3号楼-2单元", "a=b", "2026-11-03", "12345", "'", "it's", "0", "1.5"]


@pytest.mark.parametrize("text", RUN_OR_CHANGED)
def test_a_cell_that_a_spreadsheet_would_run_or_change_is_marked_as_text(text: str) -> None:
    assert marked(text) == "'" + text
    assert unmarked(marked(text)) == text


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_any_other_cell_is_written_and_read_as_it_is(text: str) -> None:
    assert (marked(text), unmarked(text)) == (text, text)


@pytest.mark.parametrize("value", [None, -3, 0.5, 370202202611030123])
def test_numbers_are_no_texts(value: object) -> None:
    assert marked(value) == value


@given(st.text(alphabet="'=＋@\t\r 0123E-a路\u200b"))
def test_reading_takes_away_what_writing_put_there_and_nothing_else(text: str) -> None:
    assert unmarked(marked(text)) == text


def test_a_file_of_residents_is_for_its_owner_alone_and_replaces_none(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    with private_file(path) as file:
        write_csv(file, [["编号", "标题"], ["370202202611030123", "=1+1"]])

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as read:
        assert list(csv.reader(read))[1] == ["'370202202611030123", "'=1+1"]
    with pytest.raises(FileExistsError), private_file(path):
        pass


def test_a_file_that_others_could_read_is_closed_to_them_when_it_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("old")
    path.chmod(0o644)

    with private_file(path, replace=True) as file:
        write_csv(file, [["a"]])

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
