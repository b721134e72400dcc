"""What `linli status` takes from Kafka and MongoDB themselves; what does not answer in time stays unknown."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from linli_cli.connection.target import Target
from linli_cli.operations.databases import OUTBOXES, READS, Databases, connected
from linli_cli.operations.delivery_health import DeliveryHealth, count_in_database
from linli_cli.operations.figures import (
    KAFKA_AND_MONGODB,
    MONGODB,
    GroupLag,
    KafkaHealth,
    MongoHealth,
    ServerFigures,
    ServiceEvents,
)
from linli_cli.operations.finding import Finding
from linli_cli.operations.reading import Positions, lag, parked, positions, topics_read, unsent
from linli_cli.operations.replica_checks import REMEMBERED, silent_for
from linli_cli.terminal.errors import CliError

if TYPE_CHECKING:
    from linli.messaging.kafka import GroupState, Survey, TopicState
    from linli.storage.mongo import ReplicaSet

LOOK_WITHIN = 8.0
"""Seconds for each look; all are taken at once."""
NOT_ASKED = "-"
"""What stands for the address of a server that whoever has only a key of their own is not let near."""


def look(target: Target) -> ServerFigures:
    """Both servers at once. Raises nothing: what is not known is found as that."""
    return ServerFigures() if NOT_ASKED in {target.kafka_bootstrap, target.mongo_uri} else asyncio.run(_look(target))


async def _look(target: Target) -> ServerFigures:
    async with connected(target) as databases:
        of_kafka, of_mongo = _Kafka(target), _Mongo()
        looks = [_in_time(of_kafka.brokers)]
        if isinstance(databases, Databases):
            looks += [_in_time(each, databases) for each in (of_kafka.members, of_kafka.ends, of_mongo.look)]
        await asyncio.gather(*looks)
        at = datetime.now(UTC)
        groups = {} if isinstance(databases, Finding) else _groups(databases, of_kafka, of_mongo, at)
    return ServerFigures(
        kafka=of_kafka.survey and kafka_health(of_kafka.survey, at),
        mongodb=of_mongo.members and mongo_health(of_mongo.members, at),
        groups=groups,
        events={name: each.model_copy(update={"at": at}) for name, each in of_mongo.events.items()},
        deliveries=of_mongo.deliveries,
        heard_of=of_mongo.heard_of,
    )


async def _in_time(look: Callable[..., Awaitable[None]], *given: Any) -> None:
    """What fails has found nothing; what takes too long, as much as it has found."""
    from pymongo.errors import PyMongoError  # noqa: PLC0415 - `linli --help` need not wait for it

    from linli.messaging.kafka import KafkaUnavailable  # noqa: PLC0415

    away: tuple[type[Exception], ...] = (*KafkaUnavailable, PyMongoError, CliError)
    with suppress(*away):
        async with asyncio.timeout(LOOK_WITHIN):
            await look(*given)


class _Kafka:
    """What Kafka has found so far."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self.survey: Survey | None = None
        self.topics: dict[str, TopicState] = {}
        self.groups: dict[str, GroupState] = {}

    async def brokers(self) -> None:
        from linli.messaging.kafka import POSITIONS, survey  # noqa: PLC0415
        from linli_cli.operations.topics import topics_here  # noqa: PLC0415

        names = [spec.name for spec in topics_here()]
        self.survey = await survey(self._target.kafka, [*names, POSITIONS])

    async def members(self, databases: Databases) -> None:
        from linli.messaging.kafka import describe_groups  # noqa: PLC0415

        self.groups = await describe_groups(self._target.kafka, [databases.settings.topic(r) for r in READS])

    async def ends(self, databases: Databases) -> None:
        from linli.messaging.kafka import look_at  # noqa: PLC0415

        topics = [topic for topics in topics_read(databases).values() for topic in topics]
        self.topics = (await look_at(self._target.kafka, topics)).topics


class _Mongo:
    """What MongoDB has found so far."""

    def __init__(self) -> None:
        self.members: ReplicaSet | None = None
        self.positions: dict[str, Positions] = {}
        self.events: dict[str, ServiceEvents] = {}
        self.deliveries: DeliveryHealth | None = None
        self.heard_of: dict[str, dict[str, float]] = {}

    async def look(self, databases: Databases) -> None:
        from linli.storage import mongo  # noqa: PLC0415

        self.members = await mongo.replica_set(databases.client)
        for reader in READS:
            self.positions[reader] = await positions(databases, reader)
        for service in OUTBOXES:
            self.events[service] = await _events(databases, service)
            silent = await silent_for(databases, service)
            self.heard_of[service] = {n: s.total_seconds() for n, s in sorted(silent.items()) if s <= REMEMBERED}
        self.deliveries = await count_in_database(databases)


async def _events(databases: Databases, service: str) -> ServiceEvents:
    count, oldest = await unsent(databases, service)
    return ServiceEvents(
        unsent=count,
        unsent_age_seconds=(await databases.now() - oldest).total_seconds() if oldest else 0.0,
        parked=await parked(databases, service),
        held=await databases.of(service).inbox_held.estimated_document_count(),
        source=MONGODB,
    )


def _groups(databases: Databases, of_kafka: _Kafka, of_mongo: _Mongo, at: datetime) -> dict[str, GroupLag]:
    found = {}
    for reader, topics in topics_read(databases).items():
        group, read = databases.settings.topic(reader), of_mongo.positions.get(reader)
        states = {topic: state for topic in topics if (state := of_kafka.topics.get(topic))}
        known = {} if read is None else {topic: lag(topic, state, read) for topic, state in states.items()}
        members = of_kafka.groups.get(group)
        found[reader] = GroupLag(
            group=group,
            lag=sum(known.values()) if known else None,
            topics=known,
            members=None if members is None else list(members.members),
            source=KAFKA_AND_MONGODB if known else None,
            at=at if known else None,
        )
    return found


def kafka_health(found: "Survey", at: datetime) -> KafkaHealth:
    return KafkaHealth(
        brokers=len(found.brokers),
        expected=found.expected,
        away=list(found.away),
        partitions_behind=found.behind,
        partitions_leaderless=found.leaderless,
        at=at,
    )


def mongo_health(found: "ReplicaSet", at: datetime) -> MongoHealth:
    return MongoHealth(
        members=found.there, expected=found.expected, away=list(found.away), primary=found.primary, at=at
    )
