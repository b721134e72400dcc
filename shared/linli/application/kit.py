"""What every context of a service builds on: servers, this process's identity, and what earlier contexts provide."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from linli.application.settings import Settings
from linli.contracts.base import Event
from linli.messaging.event_store import EventStore
from linli.messaging.kafka import Publisher
from linli.messaging.outbox import Relay, Unsent
from linli.messaging.replica import Replica
from linli.messaging.seals import Seals
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from linli.storage.clock import ServerClock
from linli.tracing.under import recorder_of
from linli.web.origin import PORTAL_KEY

S = TypeVar("S", bound=Settings)
T = TypeVar("T")
P = TypeVar("P", bound=Event)


class Kit(Generic[S]):
    """One service's. Nothing connects before it runs."""

    def __init__(self, service: str, settings: S, port: int, outboxes: Sequence[str]) -> None:
        """`outboxes`: the collections that hold events to be sent."""
        self.service, self.settings, self.port, self.outboxes = service, settings, port, outboxes
        self.member = settings.member(port)
        self.client = mongo.connect(settings, name=f"{settings.database(service)}/{self.member}")
        self.database: mongo.Database = self.client[settings.database(service)]
        self.clock = self.real_clock = ServerClock(partial(mongo.server_time, self.database))
        """A demonstration puts the first one ahead. By the second go keys, and whatever else is no part of a play."""
        self.seals = Seals.from_settings(settings)
        self.publisher = Publisher(settings.kafka, f"linli-{service}")
        self.relay = Relay(self.database, outboxes, self.publisher, self.member, settings.sweep_after, self.seals)
        self.events = EventStore(self.database, self.topic)
        self.transactions = Transactions(self.client, self.relay.offer)
        self.recorder = recorder_of(service, self.member, settings, settings.secret_if_there(PORTAL_KEY))
        self._provided: dict[type, object] = {}

    def topic(self, name: str) -> str:
        """A topic's full name, by its short one."""
        return self.settings.topic(name)

    def offer(self, unsent: Sequence[Unsent]) -> None:
        """Send soon what has just been committed."""
        self.relay.offer(unsent)

    def replica(self, kept: str, event: type[P], changed: Callable[[], None] = lambda: None) -> Replica[P]:
        """A copy of what another service says in events of this type, kept in a collection."""
        topic = self.topic(event.TOPIC.name)
        return Replica(self.database, kept, self.settings.kafka, topic, event, self.seals, changed)

    def provide(self, *those: object) -> None:
        """For later contexts and routes. Raises ValueError when there is another one of the same class."""
        for each in those:
            if type(each) in self._provided:
                raise ValueError(f"{type(each).__name__} is provided twice in {self.service}")
            self._provided[type(each)] = each

    def given(self, kind: type[T]) -> T:
        """What an earlier context provides. Raises LookupError."""
        found: Any = self._provided.get(kind)
        if found is None:
            raise LookupError(f"no context before this one provides {kind.__name__} in {self.service}")
        return found  # type: ignore[no-any-return]  # kept by its class

    @property
    def provided(self) -> dict[type, object]:
        """All that is provided, by class."""
        return dict(self._provided)
