"""What `linli report` shows and writes."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from linli.contracts.community import PartyKind
from linli_cli.main import app
from linli_cli.report import KINDS, SHEETS, show, write_csv


def row(key: str, name: str | None, returns: int | None = None) -> dict[str, Any]:
    counts = {"cases": 4, "resolved": 3, "escalated": 1, "returns": returns}
    rate = {"rate": None, "yes": 0, "of": 0}
    return {"key": key, "name": name} | counts | dict.fromkeys(("response", "resolution", "satisfaction"), rate)


NAME = "浮山路街道办事处城市管理和综合行政执法服务中心"


def measures() -> dict[str, list[dict[str, Any]]]:
    rows = {by: [row("x", NAME)] for by in SHEETS} | {"party": [row("estate", NAME, returns=0)]}
    return rows | {"level": [row("household", None)]}


def shown(found: dict[str, list[dict[str, Any]]], width: int) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show(found, "2026-11", console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_what_nobody_counted_is_no_zero(tmp_path: Path) -> None:
    write_csv(tmp_path / "r.csv", measures())
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        returned = {line["分类"]: line["退单数"] for line in csv.DictReader(file)}
    assert returned == {"总计": "", "责任方": "0", "层级": "", "类别": "", "小区": ""}


def test_a_level_is_named_in_chinese() -> None:
    assert set(KINDS) == set(PartyKind) | {"unknown"}
    assert "党员中心户" in shown(measures(), 160)


@pytest.mark.parametrize("width", [80, 160])
def test_a_long_name_is_whole_at_every_width(width: int) -> None:
    lines = shown({by: measures()[by] if by == "party" else [] for by in SHEETS}, width).splitlines()
    folded = "".join(line.split()[0] for line in lines if line[:3].strip())
    assert NAME in folded


def test_an_empty_month_says_so() -> None:
    assert shown({by: [] for by in SHEETS}, 80) == "2026-11: no cases.\n"


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "r.csv"
    out.write_text("kept")
    done = CliRunner().invoke(app, ["report", "--month", "2026-11", "--out", str(out)])
    assert (done.exit_code, "add --force" in done.output, out.read_text()) == (1, True, "kept")
