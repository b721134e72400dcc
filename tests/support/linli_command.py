"""The `linli` command in a home and on ports of its own, as a person would run it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from linli_cli.connection.settings import PROGRAMS
from linli_cli.stack.embedded.state import RunDirectory
from tests.support.servers import free_ports

PORTS = ["KAFKA", "KAFKA_CONTROLLER", "MONGO", *(name.upper() for name in PROGRAMS), "SMTP"]


class LinliCommand:
    """With stub services, so that it tests the stack and not what runs in it."""

    def __init__(self, directory: Path) -> None:
        self.home = directory / "home"
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        stubs = directory / "stubs"
        for name in PROGRAMS:
            (stubs / name).mkdir(parents=True)
            (stubs / name / "__init__.py").touch()
            shutil.copy(Path(__file__).with_name("stub_service.py"), stubs / name / "__main__.py")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LINLI_")},
            **{f"LINLI_{name}_PORT": str(port) for name, port in self.ports.items()},
            "LINLI_HOME": str(self.home),
            "PYTHONPATH": str(stubs),
            "COLUMNS": "200",
            "LINLI_LANGUAGE": "en",
        }

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "linli_cli.main", *arguments],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def start_in_foreground(self) -> "subprocess.Popen[bytes]":
        """As from a terminal: what a shell runs in the background is born deaf to Ctrl-C, and so are its children."""
        return subprocess.Popen(
            [sys.executable, "-m", "linli_cli.main", "up"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509  # one system call
        )

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return found

    def supervised(self) -> dict[str, tuple[str, int]]:
        """Name → state and restarts, as the supervisor has written them; quicker than asking the command."""
        run = RunDirectory(self.home / "run")
        state = run.read()
        if state is None or state.supervisor != run.supervisor():  # what a supervisor that is gone has left
            return {}
        return {program.name: (program.state, program.restarts) for program in state.programs}

    def pids(self) -> dict[str, int]:
        return {process["name"]: process["pid"] for process in self.status()["processes"]}

    def processes(self) -> list[psutil.Process]:
        """Everything that runs with this home: the supervisor and what it started."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            ended = process.status() == psutil.STATUS_ZOMBIE
            return not ended and process.environ().get("LINLI_HOME") == str(self.home)
        except psutil.Error:
            return False


def eventually(condition: Callable[[], bool], within: float = 60.0) -> None:
    """Looks again and again, and fails when the time is over."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"not so within {within:g} s"
        time.sleep(0.1)
