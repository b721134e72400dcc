"""The monitoring's own files, with every length of time divided by one number, so that minutes become seconds.

What is divided: `for`, `keep_firing_for`, each range (`[5m]`), each `offset`, and how often Prometheus asks and
judges. So a rule sees as many samples as it does in life. What stays: every expression otherwise, with the ages and
numbers that it compares with, since the services go no faster.
"""

import re
from pathlib import Path
from typing import Any

import yaml

FACTOR = 30
MONITOR = Path(__file__).parents[2] / "deploy" / "monitor"
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_PART = re.compile(r"(\d+)(ms|[smhdw])")
_IN_A_QUERY = re.compile(r"(?<=\[)\w+(?=\])|(?<=\boffset )\w+")


def hurried(time: str, factor: int = FACTOR) -> str:
    """`1m` → `2000ms`."""
    parts = _PART.findall(time)
    assert "".join(number + unit for number, unit in parts) == time, f"no length of time: {time}"
    return f"{sum(int(number) * _UNITS[unit] for number, unit in parts) // factor}ms"


def hurried_query(expression: str, factor: int = FACTOR) -> str:
    """An expression with its ranges and offsets divided."""
    return _IN_A_QUERY.sub(lambda found: hurried(found[0], factor), expression)


def hurried_rules(rules: dict[str, Any], factor: int = FACTOR) -> dict[str, Any]:
    """`alerts.yml`."""
    groups = [group | {"rules": [_hurried_rule(each, factor) for each in group["rules"]]} for group in rules["groups"]]
    return {"groups": groups}


def _hurried_rule(rule: dict[str, Any], factor: int) -> dict[str, Any]:
    waits = {name: hurried(rule[name], factor) for name in ("for", "keep_firing_for") if name in rule}
    return rule | {"expr": hurried_query(rule["expr"], factor)} | waits


def hurried_configuration(configuration: dict[str, Any], targets: Path, factor: int = FACTOR) -> dict[str, Any]:
    """`prometheus.yml`; each job finds its targets in a file in the folder, instead of asking a name server."""
    times = ("scrape_interval", "evaluation_interval")
    often = {name: hurried(configuration["global"][name], factor) for name in times}
    jobs = [
        {name: value for name, value in job.items() if name != "dns_sd_configs"}
        | {"file_sd_configs": [{"files": [str(targets / f"{job['job_name']}.json")]}]}
        for job in configuration["scrape_configs"]
    ]
    # An answer may take as long as there is until the next question: what runs all this is slower than a server.
    asking = often | {"scrape_timeout": often["scrape_interval"]}
    return configuration | {"global": configuration["global"] | asking, "scrape_configs": jobs}


def read(name: str) -> dict[str, Any]:
    """One of the files as it is committed."""
    found: dict[str, Any] = yaml.safe_load((MONITOR / name).read_text())
    return found


def alert_names() -> list[str]:
    """All that there are, in order."""
    return [rule["alert"] for group in read("alerts.yml")["groups"] for rule in group["rules"] if "alert" in rule]


def job_names() -> list[str]:
    """Whom Prometheus asks."""
    return [job["job_name"] for job in read("prometheus.yml")["scrape_configs"]]
