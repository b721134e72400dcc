"""The figures of `linli status`: what each is, where it comes from, and when it was taken."""

from datetime import datetime

from pydantic import BaseModel, Field

from linli_cli.operations.delivery_health import DeliveryHealth

KAFKA_AND_MONGODB, MONGODB, SERVICE = "kafka+mongodb", "mongodb", "service"
"""Where a figure comes from; a service's own word is the last resort."""


class KafkaHealth(BaseModel):
    brokers: int
    expected: int
    away: list[int]
    """Ids of brokers that should hold copies."""
    partitions_behind: int
    partitions_leaderless: int
    at: datetime

    @property
    def well(self) -> bool:
        return self.brokers >= self.expected and not self.partitions_behind and not self.partitions_leaderless


class MongoHealth(BaseModel):
    members: int
    expected: int
    away: list[str]
    primary: str | None
    at: datetime

    @property
    def well(self) -> bool:
        return self.members == self.expected and self.primary is not None


class GroupLag(BaseModel):
    group: str
    lag: int | None
    """None: unknown."""
    topics: dict[str, int]
    members: list[str] | None = None
    """As Kafka has them; None: unknown."""
    source: str | None = None
    """`kafka+mongodb`, or `service`: its own word; None: unknown."""
    at: datetime | None = None
    """When it was taken."""


class ServiceEvents(BaseModel):
    """None: unknown, or the service keeps no such count."""

    unsent: int | None = None
    unsent_age_seconds: float | None = None
    parked: int | None = None
    held: int | None = None
    source: str | None = None
    """`mongodb`, or `service`: its own word."""
    at: datetime | None = None


class ServerFigures(BaseModel):
    """None, and what is not there: unknown."""

    kafka: KafkaHealth | None = None
    mongodb: MongoHealth | None = None
    groups: dict[str, GroupLag] = Field(default_factory=dict)
    """By reader."""
    events: dict[str, ServiceEvents] = Field(default_factory=dict)
    """By service."""
    deliveries: DeliveryHealth | None = None
    heard_of: dict[str, dict[str, float]] = Field(default_factory=dict)
    """Service → its processes as they write themselves down, each with how many seconds ago it last did."""
