"""A partner's program on Kafka: confluent-kafka, and what the office has handed over."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

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
        self._group = credentials["group_prefix"]
        self.topics: dict[str, str] = dict(credentials["sandbox" if sandbox else "topics"])
        self._faults: list[KafkaError] = []

    def read(
        self, name: str, *, until: Any = None, group: str = "program", seconds: float = 30
    ) -> list[dict[str, Any]]:
        """All values of one of its topics from the beginning, until one is as wanted or for so long; keys with them."""
        return [value for value, _ in self.records(name, until=until, group=group, seconds=seconds)]

    def records(
        self, name: str, *, until: Any = None, group: str = "program", seconds: float = 30
    ) -> list[tuple[dict[str, Any], dict[str, str]]]:
        """The same with the records' headers and key. Raises `Denied`."""
        consumer = Consumer(
            self._login
            | {"group.id": f"{self._group}{group}", "auto.offset.reset": "earliest", "enable.auto.commit": False}
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

    def write(self, value: bytes | None, *, to: str = "updates", key: str = "k", seconds: float = 20) -> int:
        """The record's offset. Raises `Denied`."""
        producer = Producer(self._login | {"enable.idempotence": True, "error_cb": self._faults.append})
        outcome: list[Any] = []
        producer.produce(
            self.topics.get(to, to), value=value, key=key.encode(), on_delivery=lambda *each: outcome.append(each)
        )
        end = time.monotonic() + seconds
        while not outcome and time.monotonic() < end:
            producer.poll(0.2)
            self._check()
        if not outcome:
            raise Denied("no answer")
        error, message = outcome[0]
        if error is not None:
            raise Denied(error.name())
        return int(message.offset())

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

    def _check(self) -> None:
        for fault in self._faults:
            if fault.code() == KafkaError._AUTHENTICATION:
                raise Denied(fault.name())


def denied(error: KafkaException) -> str:
    """The name of Kafka's error."""
    return str(error.args[0].name())
