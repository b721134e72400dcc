"""The process that keeps the broker in line with partners, as the supervisor runs it."""

import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

FRESH = 15.0
"""Seconds after a look that went well in which it counts as ready."""


class Access:
    """A program for `Server`. It has no port: a file says when it looked last."""

    name = "access"
    stop_within = 10.0

    def __init__(self, address: str, alive: Path, environment: Mapping[str, str], log: Path) -> None:
        """`address`: of the partners' listener."""
        self.address, self.log = address, log
        self._alive, self._environment = alive, environment

    def command(self) -> Sequence[str]:
        return [sys.executable, "-P", "-m", "linli_cli.partners.access", "--alive", str(self._alive)]

    def environment(self) -> Mapping[str, str]:
        return self._environment

    def is_ready(self) -> bool:
        with suppress(OSError):
            return time.time() - self._alive.stat().st_mtime < FRESH
        return False
