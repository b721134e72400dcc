"""`linli demo` as somebody runs it who has just fetched the project: in a home and on ports of its own, left running.

Who goes on from it has what it printed, and nothing else.
"""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.servers import free_ports

PORTS = (
    *("KAFKA", "KAFKA_CONTROLLER", "PARTNER", "MONGO"),
    *("INTAKE", "WORKFLOW", "NOTIFY", "NEIGHBOURHOOD", "PORTAL", "SMTP"),
)
ADDRESS = re.compile(r"^  (?P<what>\S.*?) +(?P<address>http://[^\s,]+|[\d.]+:\d+)$", re.MULTILINE)
SIGN_IN = "sign in as "
OPERATOR = f"{SIGN_IN}operator"
LONGEST = 400
"""Seconds for the whole demo, on a machine that has other things to do."""


@dataclass(frozen=True, slots=True)
class Printed:
    """Addresses, by the words that stand before them."""

    text: str
    addresses: dict[str, str]

    @classmethod
    def of(cls, text: str) -> "Printed":
        return cls(text, {found["what"]: found["address"] for found in ADDRESS.finditer(text)})

    @property
    def pages(self) -> str:
        """What the addresses of all pages begin with."""
        return self.addresses["for residents"].rstrip("/")

    @property
    def operator(self) -> str:
        """The link by which the operator signs in."""
        return self.addresses[OPERATOR]

    @property
    def party(self) -> str:
        """The same for a party's clerk, whichever party it is."""
        return next(url for what, url in self.addresses.items() if what.startswith(SIGN_IN) and what != OPERATOR)


@asynccontextmanager
async def demo_left_running(home: Path) -> AsyncIterator[Printed]:
    """What it printed; all that it started is stopped at the end."""
    ports = zip(PORTS, free_ports(len(PORTS)), strict=True)
    own = {f"LINLI_{name}_PORT": str(port) for name, port in ports}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    environment = inherited | own | {"LINLI_HOME": str(home), "LINLI_LANGUAGE": "en", "COLUMNS": "200"}
    try:
        code, said = await _linli(environment, "demo")
        assert code == 0, said
        yield Printed.of(said)
    finally:
        await _linli(environment, "down")


async def _linli(environment: dict[str, str], command: str) -> tuple[int, str]:
    """Its exit code and all that a person sees."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "linli_cli.main", command),
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), LONGEST)
    return process.returncode or 0, said.decode()
