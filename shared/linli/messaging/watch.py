"""Metrics of Kafka and MongoDB as a process sees them: which servers are there, and which should be.

An unknown figure is left out, and `linli_servers_seen_timestamp_seconds` says how old the last one is.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog

from linli.application import telemetry
from linli.messaging.connection import Cluster
from linli.messaging.kafka import POSITIONS, GroupState, KafkaUnavailable, Survey, describe_groups, survey
from linli.storage import mongo

log = structlog.get_logger()

LOOK_EVERY = 15.0
"""Seconds between two looks."""
KAFKA, MONGODB = "kafka", "mongodb"
SETTLED = "Stable"


class Watch:
    """Looks at the servers that a service lives on. `run` it as a background task."""

    def __init__(
        self,
        client: mongo.Client,
        kafka: Cluster,
        topics: Sequence[str],
        group: str | None = None,
        every: float = LOOK_EVERY,
    ) -> None:
        """`topics` are those that the service writes or reads; `group` is the one that it reads in."""
        self._client, self._kafka, self._every = client, kafka, every
        self._topics, self._group = [*topics, POSITIONS], group
        self._unseen = set[str]()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.gather(self._try(KAFKA, self._look_at_kafka), self._try(MONGODB, self._look_at_mongodb))
            await asyncio.sleep(self._every)

    async def _try(self, server: str, look: Callable[[], Awaitable[None]]) -> None:
        try:
            await look()
        except Exception as error:  # whatever it is: the figures are unknown, and the service goes on
            if server not in self._unseen:
                log.warning("server_not_seen", server=server, error=repr(error))
            self._unseen.add(server)
            unknown(server)
        else:
            self._unseen.discard(server)
            telemetry.SERVERS_SEEN.labels(server).set_to_current_time()

    async def _look_at_kafka(self) -> None:
        tell_kafka(await survey(self._kafka, self._topics))
        if self._group is None:
            return
        try:
            tell_group(self._group, (await describe_groups(self._kafka, [self._group]))[self._group])
        except KafkaUnavailable as error:  # the group's coordinator; the brokers have answered
            log.info("group_not_seen", group=self._group, error=repr(error))
            telemetry.GROUP_MEMBERS.clear()

    async def _look_at_mongodb(self) -> None:
        begun = time.monotonic()
        members = await mongo.replica_set(self._client)
        telemetry.MONGODB_PING.set(time.monotonic() - begun)
        telemetry.MONGODB_PRIMARY.set(members.primary is not None)
        _tell_servers(MONGODB, members.there, members.expected)


def unknown(server: str) -> None:
    """Remove its figures instead of reporting old ones."""
    telemetry.SERVERS.remove(server)
    telemetry.SERVERS_EXPECTED.remove(server)
    if server == MONGODB:
        telemetry.forget(telemetry.MONGODB_PRIMARY, telemetry.MONGODB_PING)
    if server == KAFKA:
        for gauge in (telemetry.COPIES_BEHIND, telemetry.LEADERLESS, telemetry.GROUP_MEMBERS):
            gauge.clear()


def tell_kafka(found: Survey) -> None:
    """Brokers and copies."""
    _tell_servers(KAFKA, len(found.brokers), found.expected)
    for gauge in (telemetry.COPIES_BEHIND, telemetry.LEADERLESS):
        gauge.clear()  # a topic may be gone
    for name, topic in found.topics.items():
        telemetry.COPIES_BEHIND.labels(name).set(topic.behind)
        telemetry.LEADERLESS.labels(name).set(topic.leaderless)


def tell_group(group: str, state: GroupState) -> None:
    """The number of its members; unknown while it rebalances."""
    if state.members and state.state != SETTLED:
        telemetry.GROUP_MEMBERS.clear()
    else:
        telemetry.GROUP_MEMBERS.labels(group).set(len(state.members))


def _tell_servers(server: str, there: int, expected: int) -> None:
    telemetry.SERVERS.labels(server).set(there)
    telemetry.SERVERS_EXPECTED.labels(server).set(expected)
