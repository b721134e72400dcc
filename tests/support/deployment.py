"""A docker compose deployment under a project name and ports of its own, as the tests start and look at it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from testcontainers.compose import DockerCompose

from linli_cli.connection.settings import PROGRAMS, SERVICES
from tests.support.servers import free_ports
from tests.support.system import Api

ROOT = Path(__file__).parents[2]
PORTS = (
    *(name.upper() for name in PROGRAMS),
    *("KAFKA", "PARTNER", "MONGO", "MAIL", "KAFKA_2", "KAFKA_3", "PARTNER_2", "PARTNER_3"),
    *(f"{name.upper()}_2" for name in SERVICES),
)


def no_docker() -> str | None:
    """Why there is no Docker with Compose here, or None."""
    if shutil.which("docker") is None:
        return "no Docker here: the command `docker` is not installed"
    for question in (["docker", "info"], ["docker", "compose", "version"]):
        if subprocess.run(question, capture_output=True, check=False).returncode:
            return f"no Docker here: `{' '.join(question)}` fails"
    return None


class Deployment(Api):
    """What runs, and what an operator can ask of it."""

    def __init__(self, project: str, files: Sequence[str], environment: dict[str, str]) -> None:
        self.project, self.files, self.environment = project, files, environment
        self.ports = {name.lower(): environment[f"LINLI_{name}_PORT"] for name in PORTS}
        key = self.in_a_tool("cat", "/run/linli/secrets/operator.key")
        super().__init__({name: f"http://127.0.0.1:{self.ports[name]}" for name in SERVICES}, key)

    def compose(self, *arguments: str, **variables: str) -> str:
        """What `docker compose` prints."""
        files = [part for file in self.files for part in ("-f", file)]
        return self.run("docker", "compose", *files, *arguments, **variables)

    def run(self, *command: str, **variables: str) -> str:
        """What a command prints; it sees this deployment as its own. Fails with what it said when it fails."""
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=900,  # of one that hangs: containers wait for one another, and for a machine that does ten things
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def linli(self, *arguments: str) -> str:
        """What the command says on this deployment, from the host."""
        return self.run(sys.executable, "-m", "linli_cli.main", *arguments)

    def containers(self) -> list[dict[str, Any]]:
        """What Docker tells of each container that runs."""
        ids = self.compose("ps", "-q").split()
        found: list[dict[str, Any]] = json.loads(self.run("docker", "inspect", *ids))
        return found

    def inside(self, service: str, code: str) -> str:
        """What a line of Python prints in a service's container."""
        return self.compose("exec", "-T", service, "python", "-c", code).strip()

    def in_a_tool(self, program: str, *arguments: str) -> str:
        """What a program prints in a container of the command's own, which has all the secrets."""
        run = ("run", "--rm", "--no-deps", "-T", "--entrypoint", program, "linli")
        return self.compose(*run, *arguments).strip()

    def log(self, name: str | None = None) -> str:
        return self.compose("logs", "--no-color", *([name] if name else SERVICES))


@contextmanager
def deployed(
    project: str, files: Sequence[str], begun: Callable[[], object] = lambda: None, **variables: str
) -> Iterator[Deployment]:
    """Build, `up --wait`, and take down with all volumes at the end. `begun`: what was done here before."""
    ports = {f"LINLI_{name}_PORT": str(port) for name, port in zip(PORTS, free_ports(len(PORTS)), strict=True)}
    own = {
        **ports,
        "COMPOSE_PROJECT_NAME": project,
        "COMPOSE_FILE": ":".join(files),
        "LINLI_TARGET": "compose",
        "LINLI_VERSION": "test",
        **dict.fromkeys(("LINLI_RATE_SUBMISSIONS", "LINLI_RATE_RESIDENTS", "LINLI_RATE_GUESSES"), ""),  # one address
        **variables,
    }
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)  # testcontainers passes on this process's own
    compose = DockerCompose(ROOT, compose_file_name=list(files), build=True, wait=True)
    deployment = None
    try:
        begun()
        compose.start()
        deployment = Deployment(project, files, dict(os.environ))
        yield deployment
    finally:
        compose.stop(down=True)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
