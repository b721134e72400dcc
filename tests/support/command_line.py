"""The `linli` command against a `System`, as an operator runs it."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from linli_cli.connection.settings import StackSettings
from linli_cli.connection.target import Target, embedded
from linli_cli.stack.embedded.state import Identity
from tests.support.nursery import COMMAND, run
from tests.support.system import System

SAMPLE = Path(__file__).parents[2] / "deploy" / "community" / "fushan-road"


LONGEST_LINE = 2**22
"""Bytes: what `--json` prints is one."""


class CommandLine:
    """Commands that find the system's addresses and keys where they find an embedded stack's."""

    def __init__(self, system: System, home: Path, key_file: Path | None = None) -> None:
        """With `key_file`, as somebody who has that key and none of the deployment's secrets."""
        home.mkdir()
        (home / "run").mkdir()
        me = Identity.of(os.getpid())
        assert me is not None
        (home / "run" / "lock").write_text(me.model_dump_json())  # what this process has started is the home's stack
        if key_file is None:
            (home / "secrets").symlink_to(system.servers.secrets_dir)
        self._key = {"LINLI_KEY_FILE": str(key_file)} if key_file else {}
        self._ports = {f"{name}_port": port for name, port in system.ports.items()}
        self._home = home

    @property
    def target(self) -> Target:
        return embedded(StackSettings(home=self._home, **self._ports))  # type: ignore[arg-type]

    @property
    def _environment(self) -> dict[str, str]:
        ports = {f"LINLI_{name.upper()}": str(port) for name, port in self._ports.items()}
        return {**os.environ, **ports, **self._key, "LINLI_HOME": str(self._home), "COLUMNS": "200"}

    async def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Exit code, what it printed, and what it told on stderr."""
        return await run(*arguments, environment=self._environment | environment)

    async def begin(self, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
        """The command under way, for a test that does something meanwhile; whoever begins it waits for its end."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", COMMAND, *arguments),
            env=self._environment | environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
        )

    async def figures(self, *arguments: str) -> dict[str, Any]:
        """The last line of `--json` of a command that succeeds."""
        code, printed, told = await self.run(*arguments, "--json")
        assert code == 0, f"{printed}\n{told}"
        figures: dict[str, Any] = json.loads(printed.splitlines()[-1])
        return figures


async def operate(system: System, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """A command that reaches the system by addresses given as variables: exit code, stdout, stderr."""
    given = {"LINLI_TARGET": "addresses", "COLUMNS": "200"}
    return await run(*arguments, environment=system.environment | given | environment)


async def figures_of(system: System, *arguments: str) -> dict[str, Any]:
    """What a command that succeeds prints with `--json`."""
    code, printed, told = await operate(system, *arguments, "--json")
    assert code == 0, f"{printed}\n{told}"
    figures: dict[str, Any] = json.loads(printed)
    return figures
