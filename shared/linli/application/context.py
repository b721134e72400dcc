"""A context: one subject of a service, with its own terms and folder.

It declares itself in `module.py`, and `linli.application.assembly` assembles a service's contexts: adding one needs
no edit of a list elsewhere.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from fastapi import APIRouter

from linli.application.kit import Kit
from linli.application.settings import Settings
from linli.contracts.base import Event
from linli.messaging.inbox import Eraser, Prepare
from linli.messaging.outbox import Unsent
from linli.messaging.replica import Replica
from linli.privacy.retention import Kept
from linli.security.auth import FindKey
from linli.storage.mongo import Migration
from linli.storage.sharding import Sharding

S = TypeVar("S", bound=Settings)
Task: TypeAlias = Callable[[], Coroutine[Any, Any, None]]
"""Runs for ever."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a context does with events of some types, in the inbox's transaction. The service reads their topics."""

    to: Sequence[type[Event]]
    prepare: Prepare


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What a context brings to its service. All of it is optional."""

    routes: Sequence[APIRouter] = ()
    provides: Sequence[object] = ()
    """What its routes (`linli.web.given`) and later contexts (`Kit.given`) ask for, each by its class."""
    reactions: Sequence[Reaction] = ()
    committed: Sequence[Callable[[Sequence[Unsent]], None]] = ()
    """Told after each commit of the inbox, of what it wrote to the outbox."""
    one_batch_at_a_time: bool = False
    """Whether its reactions count from batch to batch: two at once would each begin a count."""
    erases: Sequence[Eraser] = ()
    """Forget what is to be forgotten of a story, in the inbox's transaction."""
    retains: Sequence[Kept] = ()
    """What it keeps only so long."""
    copies: Sequence[Replica[Any]] = ()
    """What it keeps of other services' data."""
    finds_key: FindKey | None = None
    """How a service's gate finds an API key: one of its contexts says it."""
    background: Mapping[str, Task] = field(default_factory=dict)
    close: Sequence[Callable[[], Awaitable[None]]] = ()
    stopping: Sequence[Callable[[], None]] = ()
    """Called before open connections are waited for: end what would stay open for ever."""


@dataclass(frozen=True, slots=True)
class Context(Generic[S]):
    """One subject of a service. Its migrations run after those of the contexts before it, each once."""

    name: str
    module: Callable[[Kit[S]], Module]
    migrations: Sequence[Migration] = ()
    sharding: Sequence[Sharding] = ()
    """How its collections would be spread over shards."""
    reads: Sequence[type[Event]] = ()
    """Events whose topics its reactions and copies read: what Kafka lets the service read follows from it."""
