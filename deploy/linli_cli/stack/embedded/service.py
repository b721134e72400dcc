"""One of our services, or a face, as the supervisor runs it."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx2

from linli_cli.terminal.language import say


class Service:
    """A program for `Server`, run as `python -m <name>`. `migrations` is a command to be run before it."""

    stop_within = 20.0

    def __init__(self, name: str, url: str, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.url = url
        self.log = log
        self._environment = environment

    @property
    def address(self) -> str:
        return self.url

    def command(self) -> Sequence[str]:
        # -P: a directory called `intake` where the command was typed is not the service.
        return [sys.executable, "-P", "-m", self.name]

    def migrations(self) -> Sequence[str]:
        return [*self.command(), "migrate"]

    def environment(self) -> Mapping[str, str]:
        return self._environment

    def is_ready(self) -> bool:
        return not self.what_is_missing()

    def what_is_missing(self, within: float = 2.0) -> str:
        """Empty when the service is ready; otherwise what it says it lacks. Its own checks take up to 3 seconds."""
        return self.lacks(self.name, self.url, within)

    @staticmethod
    def lacks(name: str, url: str, within: float) -> str:
        """The same of a service at any address."""
        try:
            answer = httpx2.get(f"{url}/readyz", timeout=within, trust_env=False)
        except httpx2.HTTPError as error:
            return say("does not answer ({error})", error=type(error).__name__)
        if answer.status_code == 200:
            return ""
        return reasons(answer.text) or say("what answers is not Linli's {name}", name=name)


def reasons(readyz: str) -> str:
    """What `/readyz` says is missing, in words; empty when this is not its answer."""
    try:
        checks = json.loads(readyz)["checks"].items()
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    return "; ".join(str(reason) for _, reason in checks if reason != "ok")
