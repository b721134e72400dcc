"""A utility's program on Kafka: confluent-kafka, on the partners' listener, with what is in its kit."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

from confluent_kafka import Consumer, KafkaException, Producer

from linli_cli.demo.utilities.desk import Program, Silent
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

REACHED_WITHIN = 10.0
SENT_WITHIN = 15.0


class OnKafka(Program):
    """Reads orders and receipts from its topics, and writes its updates into the third."""

    def __init__(self, kit: Path, workflow: str) -> None:
        super().__init__(kit, workflow)
        lines = (kit / "client.properties").read_text(encoding="utf-8").splitlines()
        given = dict(line.split("=", 1) for line in lines if "=" in line)
        self._at = given["bootstrap.servers"]
        login = {
            "bootstrap.servers": self._at,
            "security.protocol": given["security.protocol"],
            "ssl.ca.location": str(kit / given["ssl.truststore.location"]),
            "sasl.mechanism": given["sasl.mechanism"],
            "sasl.username": given["linli.username"],
            "sasl.password": (kit / "secret").read_text(encoding="utf-8").strip(),
            "log_level": 0,
        }
        reading = {"group.id": given["group.id"], "auto.offset.reset": "earliest"}
        self._consumer = Consumer(login | reading)
        self._producer = Producer(login | {"enable.idempotence": True, "linger.ms": 0})
        self._read = [given[f"linli.topic.{name}"] for name in ("orders", "receipts")]
        self._updates = given["linli.topic.updates"]
        self._over = Event()
        self._reader = Thread(target=self._run, name="demo-kafka")

    async def __aenter__(self) -> Self:
        """Raises `CliError` where the broker cannot be reached from here."""
        try:
            await asyncio.to_thread(self._consumer.list_topics, self._read[0], REACHED_WITHIN)
        except KafkaException as error:
            await asyncio.to_thread(self._consumer.close)
            await self.http.aclose()
            why = error.args[0].str()
            raise CliError(
                say("Kafka at {address} is not reached from here: {why}", address=self._at, why=why)
            ) from error
        self._consumer.subscribe(self._read)
        self._reader.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await asyncio.to_thread(self._reader.join)
        await super().__aexit__()

    def _run(self) -> None:
        try:
            while not self._over.is_set():
                record = self._consumer.poll(0.1)
                if record is None or record.error():
                    continue
                type, value = dict(record.headers() or []).get("ce_type"), record.value()
                if isinstance(type, bytes) and value:
                    self.take(type.decode(), json.loads(value))
        finally:
            self._consumer.close()

    async def send(self, update: Mapping[str, Any]) -> None:
        """Into its own topic."""
        await asyncio.to_thread(self._write, json.dumps(update, ensure_ascii=False).encode(), update["order_id"])

    def _write(self, value: bytes, key: str) -> None:
        self._producer.produce(self._updates, value=value, key=key.encode())
        if self._producer.flush(SENT_WITHIN):
            raise Silent(say("the broker took no update"))
