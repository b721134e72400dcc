"""A deliberation as companies see it: how many households, and not which.

A household's id leads to its door in the service alone, but whoever knows it from elsewhere would read here what its
people are for and against. Each has a number in its place, by its first appearance, which holds in one answer.
"""

from typing import Any

from linli.contracts.neighbourhood.deliberations import VoiceKind

_KEY = f"{VoiceKind.HOUSEHOLD}:"


def unnamed(told: Any) -> Any:
    """JSON with another id for each household: in voices, and where something is kept by the key of a voice."""
    return _Numbers().instead(told)


class _Numbers:
    """Those of one answer."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def instead(self, told: Any) -> Any:
        if isinstance(told, list):
            return [self.instead(each) for each in told]
        if not isinstance(told, dict):
            return told
        if told.get("kind") == VoiceKind.HOUSEHOLD and "id" in told:
            return {**told, "id": self._of(told["id"])}
        return {self._key(key): self.instead(value) for key, value in told.items()}

    def _key(self, key: str) -> str:
        return f"{_KEY}{self._of(key.removeprefix(_KEY))}" if key.startswith(_KEY) else key

    def _of(self, household: str) -> str:
        return self._known.setdefault(household, f"household-{len(self._known) + 1}")
