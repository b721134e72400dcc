"""Debian's Prometheus with the project's own configuration and rules, hurried, on processes that a test starts."""

import json
import math
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2
import yaml

from linli_cli.stack.embedded.server import Server
from tests.monitoring.hurry import FACTOR, hurried_configuration, hurried_rules, job_names, read
from tests.support.servers import free_ports

MISSING = "no Prometheus here: apt install --no-install-recommends prometheus"


def installed() -> bool:
    return shutil.which("prometheus") is not None


class Prometheus:
    """A program for `Server`."""

    name = "prometheus"
    stop_within = 10.0

    def __init__(self, folder: Path, factor: int = FACTOR) -> None:
        """`factor`: by how much all is quicker than in life."""
        self._folder, self.log, self.factor = folder, folder / "log" / "prometheus.log", factor
        (self._port,) = free_ports(1)
        self._targets: dict[str, list[str]] = {job: [] for job in job_names()}
        self._http = httpx2.AsyncClient(base_url=f"http://{self.address}", timeout=10)
        self._server = Server(self)
        (folder / "targets").mkdir(parents=True)
        for job in self._targets:
            self._write(job)
        rules = hurried_rules(read("alerts.yml"), factor)
        (folder / "alerts.yml").write_text(yaml.safe_dump(rules, sort_keys=False))
        configuration = hurried_configuration(read("prometheus.yml"), folder / "targets", factor)
        (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration, sort_keys=False))

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def command(self) -> Sequence[str]:
        found = shutil.which("prometheus")
        assert found, MISSING
        return [
            found,
            f"--config.file={self._folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self._folder / 'data'}",
            f"--web.listen-address={self.address}",
            "--log.level=warn",
        ]

    def environment(self) -> Mapping[str, str]:
        return {}

    def is_ready(self) -> bool:
        try:
            return httpx2.get(f"http://{self.address}/-/ready", timeout=1).status_code == 200
        except httpx2.TransportError:
            return False

    def start(self) -> None:
        self._server.start()
        self._server.wait_until(self.is_ready, 30)

    async def stop(self) -> None:
        await self._http.aclose()
        self._server.stop()

    def watch(self, job: str, address: str) -> None:
        """Ask a process, from now on."""
        self._targets[job].append(address)
        self._write(job)

    def forget(self, job: str, address: str) -> None:
        """Ask it no more: its container is gone."""
        self._targets[job].remove(address)
        self._write(job)

    def _write(self, job: str) -> None:
        file = self._folder / "targets" / f"{job}.json"
        (fresh := file.with_suffix(".new")).write_text(json.dumps([{"targets": self._targets[job]}]))
        fresh.replace(file)

    async def firing(self) -> list[dict[str, str]]:
        """The labels of each alert that fires now."""
        alerts = (await self._ask("/api/v1/alerts"))["alerts"]
        return [each["labels"] for each in alerts if each["state"] == "firing"]

    async def alerts(self) -> list[dict[str, Any]]:
        """What fires, and what is about to."""
        found: list[dict[str, Any]] = (await self._ask("/api/v1/alerts"))["alerts"]
        return found

    async def values(self, query: str) -> list[float]:
        """The figures that a query has now; one that is not a number is none."""
        found = (await self._ask("/api/v1/query", query=query))["result"]
        numbers = [float(each["value"][1]) for each in found]
        return [number for number in numbers if not math.isnan(number)]

    async def rules_that_fail(self) -> list[str]:
        """Rules that cannot be worked out, with why: such a one is silent for ever."""
        groups = (await self._ask("/api/v1/rules"))["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        return [f"{rule['name']}: {rule['lastError']}" for rule in rules if rule.get("lastError")]

    async def _ask(self, path: str, **asked: str) -> Any:
        answer = await self._http.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]
