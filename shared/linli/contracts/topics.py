"""What a topic is. Each is declared beside the events that are told on it, which name it as their `TOPIC`.

Nobody keeps a list of them: `linli.contracts.catalogue.topics` finds those that events name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

PARTITIONS = 12
"""They bound how many replicas of a service can share a topic. Adding some later moves keys to other partitions; Linli
reads each story in order all the same, and may go on meanwhile."""
EVERYWHERE: Mapping[str, str] = {
    "cleanup.policy": "delete",
    "retention.ms": "2592000000",  # 30 days: time to repair a consumer and read everything again
    # Records that `linli privacy erase` deletes leave the disk with the segment that they are in: close it each day.
    "segment.ms": "86400000",
    # The broker's clock stamps each record. A producer's wrong clock could otherwise make the broker refuse a batch,
    # which wedges an idempotent producer.
    "message.timestamp.type": "LogAppendTime",
}
"""Kafka's settings of every topic, where it says nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One of Kafka's topics, as it is declared."""

    name: str
    """The short one, `cases`; a deployment puts its prefix before it."""
    key: str
    """What the keys of its records are, in words."""
    newest_only: bool = False
    """Kafka keeps the newest record of each key for ever (it compacts the topic), and not every record for some time.
    Such a topic is read whole by whoever starts, so it is small and has one partition."""
    config: Mapping[str, str] = field(default_factory=dict)
    """Kafka's settings that it has otherwise than all."""

    @property
    def partitions(self) -> int | None:
        """How many it needs; None: as many as others have."""
        return 1 if self.newest_only else None

    @property
    def settings(self) -> Mapping[str, str]:
        """Those that it has otherwise than all, and that follow from what it keeps."""
        return ({"cleanup.policy": "compact"} if self.newest_only else {}) | dict(self.config)


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What a deployment has otherwise than declared: of one topic, or of all that declare nothing else."""

    partitions: int | None = None
    config: Mapping[str, str] = field(default_factory=dict)


AS_DECLARED = Otherwise()


def as_deployed(topic: Topic, all: Otherwise = AS_DECLARED, own: Otherwise = AS_DECLARED) -> tuple[int, dict[str, str]]:
    """A topic's partitions and all of its settings."""
    partitions = own.partitions or topic.partitions or all.partitions or PARTITIONS
    return partitions, {**EVERYWHERE, **all.config, **topic.settings, **own.config}
