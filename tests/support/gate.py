"""What stands before the routes of an application that has no service around it."""

from types import SimpleNamespace
from typing import Any

from linli.security.audit import Audit
from linli.security.auth import Gate, Keys
from linli.security.rates import Rates
from linli.web.origin import Origins
from tests.support.clocks import process_time


def log_without_database() -> Audit:
    """Gathers, and cannot append."""
    nothing: Any = SimpleNamespace(audit=None)
    return Audit(nothing, process_time)


def gate_without_limits() -> Gate:
    """No keys, no limits."""

    async def no_key(_: str) -> None: ...

    return Gate(Rates(), Origins((), "a key"), Keys({}, no_key, process_time), log_without_database())
