"""The copy of the monitoring that is seen to fire within seconds differs from it in lengths of time alone."""

from pathlib import Path

import pytest

from tests.monitoring.hurry import (
    FACTOR,
    alert_names,
    hurried,
    hurried_configuration,
    hurried_query,
    hurried_rules,
    read,
)
from tests.monitoring.plans import CAUSED


def test_every_alert_has_one_cause() -> None:
    assert sorted(CAUSED) == sorted(alert_names()), "a new alert comes with what causes it: tests/monitoring/plans.py"


@pytest.mark.parametrize(("time", "seconds"), [("30s", 30), ("1m", 60), ("1h30m", 5_400), ("2d", 172_800)])
def test_a_length_of_time_is_divided(time: str, seconds: int) -> None:
    assert hurried(time) == f"{seconds * 1_000 // FACTOR}ms"


def test_ranges_and_offsets_are_divided_and_what_is_compared_with_stays() -> None:
    query = "max by (job) (x > 4 * 3600) unless rate(y[2m]) > 60 unless z offset 1h"
    assert hurried_query(query) == "max by (job) (x > 4 * 3600) unless rate(y[4000ms]) > 60 unless z offset 120000ms"


def test_nothing_else_of_a_rule_changes() -> None:
    before = [rule for group in read("alerts.yml")["groups"] for rule in group["rules"]]
    after = [rule for group in hurried_rules(read("alerts.yml"))["groups"] for rule in group["rules"]]
    times = {"expr", "for", "keep_firing_for"}
    for was, is_ in zip(before, after, strict=True):
        assert was.keys() == is_.keys()
        assert {name: was[name] for name in was.keys() - times} == {name: is_[name] for name in is_.keys() - times}


def test_prometheus_asks_as_often_within_each_range_as_it_does_in_life() -> None:
    before = read("prometheus.yml")
    after = hurried_configuration(before, Path("targets"))
    assert [job["job_name"] for job in after["scrape_configs"]] == [job["job_name"] for job in before["scrape_configs"]]
    for often in ("scrape_interval", "evaluation_interval"):
        assert after["global"][often] == hurried(before["global"][often])
