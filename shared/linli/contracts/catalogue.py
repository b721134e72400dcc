"""Every event type there is: each that is declared in a module of `linli.contracts`, without a list of them; and every
topic that they name."""

from collections.abc import Sequence

from linli.contracts.base import DECLARED, Event
from linli.contracts.topics import Topic
from linli.discovery import import_all


def event_named(type: str) -> type[Event] | None:
    """What an event of a type holds; None for a type that this version does not know."""
    import_all("linli.contracts")
    return DECLARED.get(type)


def event_types() -> Sequence[type[Event]]:
    """All that this version knows, by name."""
    import_all("linli.contracts")
    return [DECLARED[name] for name in sorted(DECLARED)]


def written_by(service: str) -> frozenset[str]:
    """The short names of the topics of a service's events."""
    return frozenset(event.TOPIC.name for event in event_types() if f"linli/{service}" == event.SOURCE)


def topics() -> Sequence[Topic]:
    """Those that the event types are told on, by name. Raises ValueError where two are called the same."""
    found: dict[str, Topic] = {}
    for event in event_types():
        if found.setdefault(event.TOPIC.name, event.TOPIC) != event.TOPIC:
            raise ValueError(f"{event.TYPE} names another topic {event.TOPIC.name} than other events do")
    return [found[name] for name in sorted(found)]
