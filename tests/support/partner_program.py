"""A partner's program on Kafka: confluent-kafka, and what the office has handed over."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from linli.messaging.connection import Cluster

TOPICS = ("orders", "receipts", "updates")


class Denied(Exception):
    """The broker did not let it; the name of Kafka's error."""


class PartnerProgram:
    """It knows credentials, as `GET /v1/partners/{community}/{party}/credentials` gives them, and the authority."""

    def __init__(self, credentials: Mapping[str, Any], ca: Path, *, sandbox: bool = False) -> None:
        self._login = {
            "bootstrap.servers": credentials["bootstrap"],
            "security.protocol": "SASL_SSL",
            "ssl.ca.location": str(ca),
            "sasl.mechanism": credentials["mechanism"],
            "sasl.username": credentials["username"],
            "sasl.password": credentials["password"],
            "log_level": 0,
        }
        self.username, self.password = credentials["username"], credentials["password"]
        self._group = credentials["group_prefix"]
        self.topics: dict[str, str] = dict(credentials["sandbox" if sandbox else "topics"])
        self._faults: list[KafkaError] = []

    def read(self, name: str, **options: Any) -> list[dict[str, Any]]:
        """All values of one of its topics from the beginning, until one is as wanted or for so long."""
        return [value for value, _ in self.records(name, **options)]

    def records(
        self, name: str, *, until: Any = None, whole_group: str | None = None, seconds: float = 30
    ) -> list[tuple[dict[str, Any], dict[str, str]]]:
        """The same with the records' headers and key. Raises `Denied`."""
        consumer = Consumer(
            self._login
            | {
                "group.id": whole_group or f"{self._group}{uuid4().hex[:8]}",
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
            }
            | {"error_cb": self._faults.append}
        )
        found: list[tuple[dict[str, Any], dict[str, str]]] = []
        try:
            consumer.subscribe([self.topics.get(name, name)])
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                message = consumer.poll(0.5)
                self._check()
                if message is None:
                    continue
                if (error := message.error()) is not None:
                    raise Denied(error.name())
                headers = {key: (value or b"").decode() for key, value in message.headers() or []}
                found.append(
                    (json.loads(message.value() or b"null"), headers | {"key": (message.key() or b"").decode()})
                )
                if until is not None and until(found[-1][0]):
                    return found
        finally:
            consumer.close()
        return found

    def commit_all(self, names: Sequence[str]) -> None:
        """Say to the broker that its program has taken all that there is in these topics."""
        group = {"group.id": f"{self._group}program", "enable.auto.commit": False}
        consumer = Consumer(self._login | group)
        try:
            places = [TopicPartition(self.topics[name], 0) for name in names]
            ends = [consumer.get_watermark_offsets(place, timeout=10)[1] for place in places]
            consumer.commit(
                offsets=[TopicPartition(place.topic, 0, end) for place, end in zip(places, ends, strict=True)],
                asynchronous=False,
            )
        finally:
            consumer.close()

    def write(
        self, value: bytes | None, *, to: str = "updates", key: str = "k", seconds: float = 20, codec: str = "none"
    ) -> int:
        """The record's offset. Raises `Denied`."""
        producer = Producer(
            self._login
            | {"enable.idempotence": True, "error_cb": self._faults.append, "compression.type": codec}
            | {"message.max.bytes": 20_000_000}
        )
        outcome: list[Any] = []
        try:
            producer.produce(
                self.topics.get(to, to), value=value, key=key.encode(), on_delivery=lambda *each: outcome.append(each)
            )
            end = time.monotonic() + seconds
            while not outcome and time.monotonic() < end:
                producer.poll(0.2)
                self._check()
        except KafkaException as error:
            raise Denied(error.args[0].name()) from error
        if not outcome:
            raise Denied("no answer")
        fault, message = outcome[0]
        if fault is not None:
            raise Denied(fault.name())
        return int(message.offset())

    def flood(self, values: Sequence[bytes]) -> int:
        """Write all of these as fast as the broker lets it; how often it has slowed it down."""
        throttled: list[Any] = []
        producer = Producer(self._login | {"throttle_cb": throttled.append, "linger.ms": 5})
        for value in values:
            while True:
                try:
                    producer.produce(self.topics["updates"], value=value, key=b"k")
                    break
                except BufferError:
                    producer.poll(0.1)
            producer.poll(0)
        producer.flush(200)
        return len(throttled)

    def say(self, order: Mapping[str, Any], did: str, update_id: str, **said: Any) -> int:
        """Say what was done about an order, as it came."""
        update = {
            "update_id": update_id,
            "order_id": order["order_id"],
            "dispatch_no": order["dispatch_no"],
            "occurred_at": datetime.now(UTC).isoformat(),
            "did": did,
        }
        return self.write(json.dumps(update | said).encode(), key=order["order_id"])

    @contextmanager
    def open_producer(self) -> Iterator[Callable[[bytes], str | None]]:
        """One connection that stays: writes an update, and says the name of Kafka's error, or None."""
        producer = Producer(self._login | {"message.timeout.ms": 15_000})

        def write(value: bytes) -> str | None:
            outcome: list[Any] = []
            producer.produce(self.topics["updates"], value=value, on_delivery=lambda *each: outcome.append(each))
            producer.flush(20)
            error = outcome[0][0] if outcome else None
            return str(error.name()) if error else None

        yield write

    def sees(self) -> set[str]:
        """The topics that the broker shows it."""
        return {name for name in AdminClient(self._login).list_topics(timeout=10).topics if not name.startswith("__")}

    def tries(self, action: str, topics: Sequence[str]) -> dict[str, str]:
        """What an attacker asks of the broker's administration; for each try the name of the error, or `allowed`."""
        admin = AdminClient(self._login)
        asked: Mapping[Any, Any]
        match action:
            case "delete":
                asked = admin.delete_topics(list(topics), request_timeout=10)
            case "alter":
                short = [ConfigEntry("retention.ms", "1000", incremental_operation=AlterConfigOpType.SET)]
                changes = [ConfigResource(ResourceType.TOPIC, name, incremental_configs=short) for name in topics]
                asked = admin.incremental_alter_configs(changes, request_timeout=10)
            case "create":
                asked = admin.create_topics([NewTopic(f"mine-{uuid4().hex[:6]}", 1, 1)], request_timeout=10)
            case "delete_records":
                asked = admin.delete_records([TopicPartition(name, 0, 0) for name in topics], request_timeout=10)
            case "acls":
                everything = AclBinding(
                    *(ResourceType.TOPIC, "*", ResourcePatternType.LITERAL, f"User:{self.username}", "*"),
                    *(AclOperation.ALL, AclPermissionType.ALLOW),
                )
                asked = admin.create_acls([everything], request_timeout=10)
            case "users":
                info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 8_192)
                change = UserScramCredentialUpsertion("linli", info, b"mine")
                asked = admin.alter_user_scram_credentials([change], request_timeout=10)
            case _:
                raise ValueError(action)
        return {str(what): _outcome(future) for what, future in asked.items()}

    def _check(self) -> None:
        for fault in self._faults:
            if fault.code() == KafkaError._AUTHENTICATION:
                raise Denied(fault.name())


def _outcome(future: Any) -> str:
    try:
        future.result(15)
    except KafkaException as error:
        return str(error.args[0].name())
    return "allowed"


def all_topics(cluster: Cluster) -> set[str]:
    """What there is, as an administrator sees it."""
    return set(AdminClient({"bootstrap.servers": cluster.bootstrap}).list_topics(timeout=10).topics)
