"""Who may do what, as a broker lists it, or why it does not."""

import asyncio
from pathlib import Path

from linli.messaging.connection import Cluster
from linli.messaging.kafka import KafkaUnavailable, Listed, Observer
from linli_cli.stack.embedded.alone import kafka_in, start_kafka
from linli_cli.stack.embedded.server import Server
from tests.support.servers import free_ports
from tests.support.services import until


async def test_a_broker_without_an_authorizer_says_that_it_has_none(tmp_path: Path) -> None:
    port, controller = free_ports(2)
    kafka = kafka_in(tmp_path, port, controller)
    properties = tmp_path / "kafka" / "server.properties"
    kept = [line for line in properties.read_text().splitlines(True) if not line.startswith(("authorizer.", "super."))]
    properties.write_text("".join(kept))
    server, observer = Server(kafka), Observer(Cluster(kafka.address))
    try:
        await asyncio.to_thread(start_kafka, server, kafka)

        async def told() -> Listed | None:
            try:
                return await observer.rights()
            except KafkaUnavailable:  # it has only just begun
                return None

        assert await until(told) == Listed(unknown="no_authorizer")
    finally:
        await observer.close()
        await asyncio.to_thread(server.stop)
