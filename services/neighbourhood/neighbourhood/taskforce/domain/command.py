"""What all commands to a task force, its meetings and its actions have."""

from dataclasses import dataclass

from neighbourhood.telling import PlacedCommand


@dataclass(frozen=True, slots=True)
class TaskForceCommand(PlacedCommand):
    """On a task force, a meeting or an action."""


CLOCK = TaskForceCommand(by="linli", party=None)
