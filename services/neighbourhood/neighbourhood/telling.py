"""What all commands and events of one neighbourhood's affairs have in common: who, for which party, where, when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from linli.contracts.neighbourhood.placed import PlacedAffair

E = TypeVar("E", bound=PlacedAffair)


@dataclass(frozen=True, slots=True)
class PlacedCommand:
    """Who does it, as an opaque id, and for which party; a resident and the clock have none."""

    by: str
    party: str | None


class Placed(Protocol):
    """What is in a neighbourhood."""

    @property
    def community(self) -> str: ...

    @property
    def neighbourhood(self) -> str: ...


def told(kind: type[E], placed: Placed, command: PlacedCommand, now: datetime, /, **fields: object) -> E:
    """An event with what all of them carry. Raises `pydantic.ValidationError` for what none may hold."""
    common = {
        "community": placed.community,
        "neighbourhood": placed.neighbourhood,
        "at": now,
        "by": command.by,
        "party": command.party,
    }
    return kind.model_validate(common | fields)
