"""Assembles a service from the common parts and its contexts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any, TypeVar

from linli.application import telemetry
from linli.application.context import Context, Module, Reaction, Task
from linli.application.kit import Kit
from linli.application.service import Service
from linli.application.settings import Settings
from linli.contracts.base import Event
from linli.contracts.catalogue import written_by
from linli.contracts.envelope import Envelope
from linli.contracts.erasure import Forgetting
from linli.messaging.inbox import LANES, Eraser, Handler, Inbox, Prepare, Unappliable
from linli.messaging.inbox_store import keep_measuring_parked
from linli.messaging.membership import Membership
from linli.messaging.outbox import Unsent
from linli.messaging.parked import parked_router
from linli.messaging.traces import Traces, traces_router
from linli.messaging.watch import Watch
from linli.privacy.retention import Kept, Retention, audit_log, decided_parked, retention_router
from linli.security import audit, audit_routes, whoami
from linli.security.auth import Gate
from linli.storage import mongo
from linli.storage.clock import ServerClock
from linli.storage.sharding import Sharded, Sharding, Whole
from linli.web import idempotency
from linli.web.app import Check, create_app
from linli.web.connections import Places
from linli.web.idempotency import Idempotency

S = TypeVar("S", bound=Settings)


def assemble(
    kit: Kit[S],
    contexts: Sequence[Context[S]],
    *,
    description: str,
    ask_of_keys: str | None = None,
    does_without: frozenset[str] = frozenset(),
) -> Service:
    """The service, wired; nothing connects before it runs.

    `ask_of_keys`: where this service has but a copy of the API keys, the address of who knows them. `does_without` is
    as for `create_app`.
    """
    settings, database = kit.settings, kit.database
    kit.provide(Idempotency(database), kit.clock)
    modules = [_built(context, kit) for context in contexts]
    gate = Gate.from_settings(settings, database, kit.real_clock.now, _only(m.finds_key for m in modules), ask_of_keys)
    inbox = _inbox(kit, modules)
    membership = Membership(database, kit.member, inbox.rename if inbox else lambda _: None)
    _tell_who_and_what(kit, modules)
    watch = Watch(kit.client, settings.kafka, _topics(kit, modules), inbox.group if inbox else None)
    retention = Retention(database, kit.member, settings.retention_every, _kept(kit, modules))
    copies = [copy for module in modules for copy in module.copies]
    checks: dict[str, Check] = {
        "kafka": kit.publisher.unreachable,
        "mongodb": partial(mongo.unreachable, kit.client),
        "member": membership.namesake,
    }
    background: dict[str, Task] = {
        "relay": kit.relay.run,
        "membership": membership.run,
        "audit": gate.audit.run,
        "retention": retention.run,
    }
    if inbox:
        checks["consumer"], background["inbox"] = inbox.standing_still, inbox.run
    else:
        background["parked"] = partial(keep_measuring_parked, database)
    for task in (task for module in modules for task in module.background.items()):
        if task[0] in background:
            raise ValueError(f"two background tasks of {kit.service} are called {task[0]}")
        background |= [task]
    at_once = {"clock": kit.clock.run, "watch": watch.run}
    if kit.real_clock is not kit.clock:
        at_once["real_clock"] = kit.real_clock.run
    background = at_once | {name: _once_there_is_a_time(kit.clock, task) for name, task in background.items()}
    app = create_app(
        f"Linli {kit.service}",
        description,
        [
            *(routes for module in modules for routes in module.routes),
            parked_router(database, *([inbox] if inbox else []), *copies),
            retention_router(retention),
            audit_routes.routes,
            whoami.routes,
            traces_router(Traces(database, kit.outboxes, inbox is not None)),
        ],
        gate=gate,
        checks=checks,
        provided=kit.provided,
        does_without=does_without,
        cors_origins=settings.cors_origins,
        recorder=kit.recorder,
    )

    async def close() -> None:
        await kit.relay.drain(5)
        await kit.publisher.close()
        await membership.release()
        for end in (end for module in modules for end in module.close):
            await end()
        await gate.close()
        kit.client.close()

    def stopping() -> None:
        for end in (end for module in modules for end in module.stopping):
            end()

    places = Places.from_settings(settings)
    return Service(
        kit.service,
        app,
        settings.host,
        kit.port,
        background,
        close,
        stopping,
        places=places,
        recorder=kit.recorder,
    )


def _once_there_is_a_time(clock: ServerClock, task: Task) -> Task:
    async def begin() -> None:
        await clock.known()
        await task()

    return begin


def _built(context: Context[S], kit: Kit[S]) -> Module:
    try:
        module = context.module(kit)
        kit.provide(*module.provides)
        _as_declared(context, kit, module)
    except (LookupError, ValueError) as error:
        error.add_note(f"in the context {context.name} of {kit.service}")
        raise
    return module


def _as_declared(context: Context[S], kit: Kit[S], module: Module) -> None:
    """Raises ValueError where a context reads what it does not declare, or the other way round: Kafka would refuse the
    service what it reads, or give it what it has no use for."""
    declared = {kit.topic(event.TOPIC.name) for event in context.reads}
    read = {kit.topic(event.TOPIC.name) for event in _reacted_to([module])} | {copy.topic for copy in module.copies}
    if read != declared:
        raise ValueError(f"it reads {sorted(read)}, and declares that it reads {sorted(declared)}")


def _only(those: Any) -> Any:
    """The only one. Raises ValueError for none or several."""
    [one] = [each for each in those if each is not None]
    return one


def _kept(kit: Kit[S], modules: Sequence[Module]) -> list[Kept]:
    settings, database = kit.settings, kit.database
    own = [kept for module in modules for kept in module.retains]
    return [*own, decided_parked(database, settings.retain_parked), audit_log(database, settings.retain_audit)]


def _topics(kit: Kit[S], modules: Sequence[Module]) -> list[str]:
    """Those that the service writes or reads."""
    read = {event.TOPIC.name for event in _reacted_to(modules)}
    followed = {copy.topic for module in modules for copy in module.copies}
    return sorted({kit.topic(name) for name in written_by(kit.service) | read} | followed)


def _tell_who_and_what(kit: Kit[S], modules: Sequence[Module]) -> None:
    """In the metrics: who this is, and what it declares to write and to read; the portal's topology goes by it."""
    telemetry.INFO.labels(kit.service, kit.member, version("linli-shared")).set(1)
    written = {kit.topic(name) for name in written_by(kit.service)}
    read = {kit.topic(event.TOPIC.name) for event in _reacted_to(modules)}
    copied = {copy.topic for module in modules for copy in module.copies}
    for how, topics in (("writes", written), ("reads", read), ("copies", copied)):
        for topic in topics:
            telemetry.TRAFFIC.labels(topic, how).set(1)
    for topic in written:
        telemetry.PUBLISH_FAILED.labels(topic)  # 0 from the start, or its first increase would be none


def _reacted_to(modules: Sequence[Module]) -> list[type[Event]]:
    return [event for module in modules for reaction in module.reactions for event in reaction.to]


@dataclass(frozen=True, slots=True)
class Traffic:
    """The topics of a service, by their short names."""

    writes: frozenset[str]
    reads: frozenset[str]


def traffic_of(service: str, contexts: Sequence[Context[S]]) -> Traffic:
    """What a service writes, as the contracts say it, and reads, as its contexts declare it."""
    return Traffic(written_by(service), frozenset(event.TOPIC.name for context in contexts for event in context.reads))


# The inbox -----------------------------------------------------------------------------------------------------------


def _inbox(kit: Kit[S], modules: Sequence[Module]) -> Inbox | None:
    """The inbox of a service whose contexts react to events."""
    reactions = [reaction for module in modules for reaction in module.reactions]
    if not reactions:
        return None
    listeners = [kit.offer, *(listener for module in modules for listener in module.committed)]
    return Inbox(
        client=kit.client,
        database=kit.database,
        kafka=kit.settings.kafka,
        group=kit.topic(kit.service),
        member=kit.member,
        topics=_writers(kit, modules),
        prepare=prepared_by(reactions),
        erase=erased_by([erase for module in modules for erase in module.erases]),
        offer=partial(_notify, listeners),
        seals=kit.seals,
        batch_size=kit.settings.batch_size,
        stalled_after=kit.settings.stalled_after,
        lanes=lanes_of(modules),
        now=kit.clock.now,
    )


def lanes_of(modules: Sequence[Module]) -> int:
    """How many batches of a service may be under way at once: as many as each of its contexts bears."""
    return 1 if any(module.one_batch_at_a_time for module in modules) else LANES


def _writers(kit: Kit[S], modules: Sequence[Module]) -> dict[str, str]:
    """Who writes to each topic that is read. Raises ValueError for a topic of which two events name two."""
    writers: dict[str, str] = {}
    for event in _reacted_to(modules):
        if writers.setdefault(kit.topic(event.TOPIC.name), event.SOURCE) != event.SOURCE:
            raise ValueError(f"{event.TYPE} has another source than what else is on the topic {event.TOPIC.name}")
    return writers


def _notify(listeners: Sequence[Callable[[Sequence[Unsent]], None]], unsent: Sequence[Unsent]) -> None:
    for listener in listeners:
        listener(unsent)


def prepared_by(reactions: Sequence[Reaction]) -> Prepare:
    """Each reaction gets the events of its types. What else a topic of theirs is for passes by: who reads subscriptions
    reads the topic of submissions. An event of another topic does not belong on these, and is parked."""
    of_each = [(tuple(reaction.to), reaction.prepare) for reaction in reactions]
    known = tuple({event for types, _ in of_each for event in types})
    topics = {event.TOPIC.name for event in known}

    async def prepare(events: Sequence[Envelope[Event]]) -> Handler:
        handlers = [(types, await prepare(_among(events, types))) for types, prepare in of_each]

        async def handle(due: Sequence[Envelope[Event]], session: mongo.Session) -> list[Unsent]:
            for event in due:
                if event.data.TOPIC.name not in topics and not isinstance(event.data, known):
                    raise Unappliable(event, "unexpected_type", f"{event.type} does not belong on this topic")
            unsent: list[Unsent] = []
            for types, handler in handlers:
                if theirs := _among(due, types):
                    unsent += await handler(theirs, session)
            return unsent

        return handle

    return prepare


def _among(events: Sequence[Envelope[Event]], types: tuple[type[Event], ...]) -> list[Envelope[Event]]:
    return [event for event in events if isinstance(event.data, types)]


def erased_by(erasers: Sequence[Eraser]) -> Eraser:
    """All of them, one after another."""

    async def erase(subjects: Mapping[str, Forgetting], session: mongo.Session) -> list[Unsent]:
        return [each for forget in erasers for each in await forget(subjects, session)]

    return erase


# The database --------------------------------------------------------------------------------------------------------


def with_those_of(history: Sequence[mongo.Migration], contexts: Sequence[Context[S]]) -> tuple[mongo.Migration, ...]:
    """A service's migrations: those from before it had contexts, then each context's. Raises ValueError for a name
    that comes twice."""
    migrations = (*history, *(each for context in contexts for each in context.migrations))
    if len({each.__name__ for each in migrations}) != len(migrations):
        raise ValueError("two migrations have one name")
    return migrations


OF_EVERY_SERVICE: tuple[Sharding, ...] = (
    *idempotency.SHARDING,
    *audit.SHARDING,
    Whole(
        collections=("inbox_parked", "leases", "members", "migrations"),
        why="What waits for a person, and a handful of documents.",
    ),
)
"""How what every service keeps is spread over shards."""


def sharding_of(contexts: Sequence[Context[S]], *others: Sharding) -> tuple[Sharding, ...]:
    """How a service's collections are spread over shards: those of its contexts, `others` that it has beside them, and
    those of every service. Raises ValueError for one that is declared twice."""
    declared = (*(each for context in contexts for each in context.sharding), *others, *OF_EVERY_SERVICE)
    names = [name for each in declared for name in collections_of(each)]
    if len(set(names)) != len(names):
        raise ValueError(f"declared twice: {sorted({name for name in names if names.count(name) > 1})}")
    return declared


def collections_of(declared: Sharding) -> Sequence[str]:
    """The collections that it is about."""
    return [declared.collection] if isinstance(declared, Sharded) else declared.collections


async def migrate(settings: Settings, service: str, migrations: Sequence[mongo.Migration]) -> list[str]:
    """Bring a service's database up to date; returns what ran."""
    client = mongo.connect(settings)
    try:
        return await mongo.migrate(client[settings.database(service)], migrations)
    finally:
        client.close()
