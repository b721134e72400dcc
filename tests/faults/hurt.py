"""What a fault is, and what it tells when it is over."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.arena import Arena


@dataclass(frozen=True, slots=True)
class Hurt:
    """A fault that is over."""

    back: float
    """Monotonic: when what was hurt was back, or, without a restart, when it was hurt."""
    restarted: bool = True
    waited: bool = False
    """Whether the fault itself has waited for the recovery."""
    recovery: float | None = None
    """Seconds, when it has; None: it did not come in time."""


class NotPossible(Exception):
    """This machine does not let us hurt it so; the reason is shown."""


Fault = Callable[[Arena], Awaitable[Hurt]]
"""Hurts and heals. Raises `NotPossible` with everything as it was."""
