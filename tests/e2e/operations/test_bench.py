"""The benchmark runs, every part of it, and writes its results; what they are is not a test's business."""

import json
import shutil
import subprocess
import sys
from typing import Any

import pytest

from bench.goals import GOALS
from bench.peers import (
    ANSWERED,
    BARE_LETTERS,
    BARE_LOOP,
    BARE_WEBHOOKS,
    FASTAPI_ALONE,
    FASTAPI_INSERT,
    FASTAPI_INSERT_SEND,
    FASTSTREAM_ACK,
    FASTSTREAM_DEFAULT,
    INSERT_ALONE,
    INSERT_MANY,
    SLOWEST_STAGE,
    WEBHOOKS,
    WITHOUT_IT,
    WITHOUT_STORAGE,
)

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
PEERS = {
    *(
        ANSWERED,
        INSERT_ALONE,
        INSERT_MANY,
        BARE_LETTERS,
        BARE_LOOP,
        BARE_WEBHOOKS,
        FASTAPI_ALONE,
        FASTAPI_INSERT,
        FASTAPI_INSERT_SEND,
    ),
    *(FASTSTREAM_ACK, FASTSTREAM_DEFAULT, SLOWEST_STAGE, WEBHOOKS, WITHOUT_IT, WITHOUT_STORAGE),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a smoke run writes."""
    pytest.importorskip("faststream", reason="a peer of the benchmark's own: uv sync --group bench")
    if shutil.which("wrk") is None:
        pytest.skip("pages are looked at with wrk: on Debian and Ubuntu, apt install wrk")
    results = tmp_path_factory.mktemp("bench") / "results.json"
    subprocess.run([sys.executable, "-m", "bench", "--smoke", "--json", str(results)], check=True)
    said: dict[str, Any] = json.loads(results.read_text())
    return said


def test_a_smoke_run_writes_figures_of_every_part(written: dict[str, Any]) -> None:
    assert written["failed"] == {}
    parts = {"accept", "apply", "deliver", "orders", "end to end", "deadlines", "memory", "pages"} | {
        "renewal",
        "all parts",
    }
    assert parts == {figure["part"] for figure in written["figures"]}
    assert all(figure["runs"] for figure in written["figures"])


def test_a_smoke_run_measures_beside_every_peer(written: dict[str, Any]) -> None:
    beside = {figure["peer"] for figure in written["figures"] if figure["ratio"]}
    assert beside >= PEERS


def test_a_smoke_run_judges_every_goal_but_those_that_take_a_million(written: dict[str, Any]) -> None:
    assert len(written["goals"]) == len(GOALS)
    unmeasured = {goal["name"] for goal in written["goals"] if goal["state"] == "not measured"}
    assert unmeasured == {goal.name for goal in GOALS if "1,000" in goal.name}


def test_every_service_and_its_memory_is_among_the_figures(written: dict[str, Any]) -> None:
    told = {(figure["part"], figure["name"]): figure["value"] for figure in written["figures"]}
    for part, service in (("accept", "intake"), ("apply", "workflow"), ("deliver", "notify"), ("all parts", "intake")):
        assert told[part, f"{service}, memory at most"] > 20
