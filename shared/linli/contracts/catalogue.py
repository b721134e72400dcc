"""Every event type there is: each that is declared in a module of `linli.contracts`, without a list of them."""

from collections.abc import Sequence

from linli.contracts.base import DECLARED, Event
from linli.discovery import import_all


def event_named(type: str) -> type[Event] | None:
    """What an event of a type holds; None for a type that this version does not know."""
    import_all("linli.contracts")
    return DECLARED.get(type)


def event_types() -> Sequence[type[Event]]:
    """All that this version knows, by name."""
    import_all("linli.contracts")
    return [DECLARED[name] for name in sorted(DECLARED)]
