"""deploy/monitor: rules and pictures speak of what the services tell, and each alert is explained."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from linli_cli.connection.settings import PROGRAMS
from linli_cli.main import app

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "alerts.md"
MONITOR = ROOT / "deploy" / "monitor"
BOARDS = sorted((MONITOR / "grafana" / "boards").glob("*.json"))

OF_EVERY_PROCESS = {
    "up",  # Prometheus's own
    "ALERTS",  # Prometheus's own
    "process_start_time_seconds",  # prometheus_client's, on Linux
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
    "process_open_fds",
}
METRIC = re.compile(r'^(\w+) = (Counter|Gauge|Histogram)\(\s*"(\w+)"(?:.*?\[([^\]]*)\])?', re.MULTILINE)
NAME = re.compile(r"(?<![\w:\"])(?:linli[_:][\w:]+|process_\w+|up|ALERTS)(?=[\s{\[)]|$)")


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((MONITOR / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def alerts() -> list[dict[str, Any]]:
    return [rule for rule in rules() if "alert" in rule]


def series_told() -> set[str]:
    """What /metrics shows of metrics that the code declares and also moves."""
    files = [*(ROOT / "shared/linli").rglob("*.py"), *(ROOT / "services").rglob("*.py")]
    code = "\n".join(file.read_text() for file in files)
    told = set()
    for variable, kind, name, _ in METRIC.findall(code):
        if re.search(rf"\b{variable}\.(labels|inc|set|set_to_current_time|observe)\(", code):
            told |= {f"{name}_{part}" for part in ("bucket", "sum", "count")} if kind == "Histogram" else {name}
    return told


def panels(board: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(board.read_text())["panels"]
    return found


def expressions() -> list[str]:
    shown = [target["expr"] for board in BOARDS for panel in panels(board) for target in panel["targets"]]
    return [rule["expr"] for rule in rules()] + shown


def test_every_metric_in_rules_and_pictures_is_told_by_a_service_or_recorded() -> None:
    known = series_told() | OF_EVERY_PROCESS | {rule["record"] for rule in rules() if "record" in rule}
    for expression in expressions():
        named = set(NAME.findall(expression))
        assert named or expression.startswith("vector("), expression
        assert named <= known, expression


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: str(alert["alert"]))
def test_an_alert_says_what_it_means_and_leads_to_its_section(alert: dict[str, Any]) -> None:
    name, said = alert["alert"], alert["annotations"]
    assert alert["labels"]["severity"] in {"warning", "critical"}
    assert said["summary"]
    assert said["description"]
    assert said["runbook"] == f"docs/alerts.md#{name.lower()}"
    section = sections()[name]
    parts = re.findall(r"^- \*\*(.+?)\*\*", section, re.MULTILINE)
    assert parts == ["What it means.", "Look at.", "Do.", "含义。", "查看。", "处理。"]
    assert pressed(section), "what is to be pressed"


def sections() -> dict[str, str]:
    """Alert → its section, in order."""
    return dict(re.findall(r"^### (Linli\w+)$(.*?)(?=^##|\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL))


def pressed(section: str) -> list[str]:
    """The commands of a section."""
    return [
        line
        for block in re.findall(r"^```\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]


def test_no_section_explains_an_alert_that_is_gone() -> None:
    assert list(sections()) == [alert["alert"] for alert in alerts()]


@pytest.mark.parametrize("name", sections())
def test_each_command_that_is_to_be_pressed_is_there(name: str) -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    services |= yaml.safe_load((ROOT / "deploy/compose.cluster.yml").read_text().replace("!override", ""))["services"]
    for line in pressed(sections()[name]):
        words = shlex.split(line.partition("|")[0].replace("$(", "").replace(")", ""))
        if words[0] == "linli":
            found: Any = get_command(app)
            while hasattr(found, "commands") and (words[1:] or not found.invoke_without_command):
                words.pop(0)
                assert words[0] in found.commands, line
                found = found.commands[words[0]]
            options = {option for each in found.params for option in each.opts}
            assert {word for word in words if word.startswith("--")} <= options, line
        elif "compose" in words and "up" in words:
            assert {word for word in words[words.index("up") + 1 :] if re.match(r"[a-z]", word)} <= {
                *services,
                "workflow=2",
            }, line


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: str(alert["alert"]))
def test_an_alert_has_a_case_that_fires_and_one_that_stays_silent(alert: dict[str, Any]) -> None:
    tests = yaml.safe_load((MONITOR / "alerts.test.yml").read_text())["tests"]
    about = f'ALERTS{{alertname="{alert["alert"]}", alertstate="firing"}}'
    outcomes = [
        [bool(check["exp_samples"]) for check in test.get("promql_expr_test", ()) if check["expr"] == about]
        for test in tests
    ]
    assert any(any(fires) for fires in outcomes)
    assert any(fires and not any(fires) for fires in outcomes)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: str(board.stem))
def test_a_picture_reads_from_the_data_source_that_is_brought_along(board: Path) -> None:
    sources = yaml.safe_load((MONITOR / "grafana/datasources/prometheus.yml").read_text())["datasources"]
    used = {part["datasource"]["uid"] for panel in panels(board) for part in (panel, *panel["targets"])}
    assert used == {source["uid"] for source in sources}


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: str(board.stem))
def test_panels_have_ids_of_their_own_and_do_not_overlap(board: Path) -> None:
    ids = [panel["id"] for panel in panels(board)]
    assert len(ids) == len(set(ids))
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels(board))
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_boards_have_ids_of_their_own() -> None:
    ids = [json.loads(board.read_text())["uid"] for board in BOARDS]
    assert len(ids) == len(set(ids)) == 2


def test_prometheus_asks_each_service_where_compose_runs_it() -> None:
    """And the memory that the rule takes as the limit is the one that compose sets."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    jobs = yaml.safe_load((MONITOR / "prometheus.yml").read_text())["scrape_configs"]
    asked = {job["job_name"]: job["dns_sd_configs"][0] for job in jobs}
    assert set(asked) == set(PROGRAMS)
    for name, found in asked.items():
        assert found["names"] == [name]
        assert compose[name]["ports"][0].endswith(f":{found['port']}")
        assert compose[name]["mem_limit"] == "512m"


@pytest.mark.parametrize("name", ["prometheus", "grafana"])
def test_the_monitor_is_as_closed_as_the_rest(name: str) -> None:
    service = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"][name]
    assert service["profiles"] == ["monitor"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert re.fullmatch(r"\S+:v?\d+\.\d+\.\d+", service["image"])
    assert {"mem_limit", "logging", "healthcheck"} <= set(service)
    assert "environment" not in service
