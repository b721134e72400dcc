"""The benchmark runs, every part of it, and writes its results; what they are is not a test's business."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


def test_a_smoke_run_writes_figures_of_every_part(tmp_path: Path) -> None:
    pytest.importorskip("faststream", reason="a peer of the benchmark's own: uv sync --group bench")
    results = tmp_path / "results.json"
    subprocess.run([sys.executable, "-m", "bench", "--smoke", "--json", str(results)], check=True)
    written = json.loads(results.read_text())
    assert {"accept", "apply", "deliver", "end to end"} <= {figure["part"] for figure in written["figures"]}
    assert all(figure["runs"] for figure in written["figures"])
