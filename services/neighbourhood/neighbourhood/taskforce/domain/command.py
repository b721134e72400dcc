"""What all commands to a task force, its meetings and its actions have."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskForceCommand:
    """Who does it, as an opaque id, and for which party; a resident has none."""

    by: str
    party: str | None


CLOCK = TaskForceCommand(by="linli", party=None)
