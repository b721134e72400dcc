"""The programs of the embedded stack, built from the settings. Nothing is started here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from linli_cli.connection.settings import FACES, LOOPBACK, PROGRAMS, SERVICES, StackSettings
from linli_cli.operations.topics import topics_file
from linli_cli.stack.certificates import BROKER
from linli_cli.stack.embedded.access import Access
from linli_cli.stack.embedded.kafka import Kafka, PartnerDoor
from linli_cli.stack.embedded.mongo import Mongo
from linli_cli.stack.embedded.secret_files import MONGO_KEYFILE, MONGO_PASSWORD, PORTAL_KEY
from linli_cli.stack.embedded.service import Service
from linli_cli.stack.replica_set import USERNAME

ALLOWED = "LINLI_WEBHOOK_ALLOWED_NETWORKS"
SUBMISSIONS = "600/minute"
"""Of one address: `linli demo` submits 49 as a resident, and somebody may want to see it twice."""

LOOPBACK_NETWORK = "127.0.0.0/8"
"""A company's program on this machine may be posted to: that of the demo, or of somebody who tries it."""


@dataclass(frozen=True)
class Stack:
    kafka: Kafka
    mongo: Mongo
    services: tuple[Service, ...]
    faces: tuple[Service, ...]
    access: Access
    listening: Mapping[str, str | int]
    """The settings of host and ports."""


def build_stack(settings: StackSettings) -> Stack:
    door = PartnerDoor(settings.partner_host, settings.partner_port, settings.secrets_dir / BROKER)
    kafka = Kafka(
        settings.home / "kafka",
        settings.kafka_port,
        settings.kafka_controller_port,
        settings.logs_dir / "kafka.log",
        door,
    )
    secret_files = (settings.secrets_dir / MONGO_PASSWORD, settings.secrets_dir / MONGO_KEYFILE)
    mongo = Mongo(settings.home / "mongo", settings.mongo_port, secret_files, settings.logs_dir / "mongod.log")
    environment = _service_environment(settings, mongo)

    def program(name: str) -> Service:
        return Service(name, settings.service_url(name), environment, settings.logs_dir / f"{name}.log")

    alive = settings.run_dir / "access.alive"
    access = Access(settings.partner_bootstrap, alive, environment, settings.logs_dir / "access.log")
    return Stack(kafka, mongo, tuple(map(program, SERVICES)), tuple(map(program, FACES)), access, settings.listening())


def _service_environment(settings: StackSettings, mongo: Mongo) -> Mapping[str, str]:
    return {
        "LINLI_KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        **dict.fromkeys(("LINLI_KAFKA_USERNAME", "LINLI_KAFKA_PASSWORD_FILE", "LINLI_KAFKA_CA_FILE"), ""),
        "LINLI_MONGO_URI": mongo.uri,
        "LINLI_MONGO_USERNAME": USERNAME,
        "LINLI_MONGO_PASSWORD_FILE": str(mongo.password_file),
        "LINLI_TOPICS_FILE": str(topics_file()),
        "LINLI_SECRETS_DIR": str(settings.secrets_dir),
        "LINLI_PORTAL_KEY_FILE": str(settings.secrets_dir / PORTAL_KEY),
        "LINLI_HOME": str(settings.home),
        "LINLI_HOST": settings.host,
        "LINLI_PARTNER_BOOTSTRAP": settings.partner_bootstrap,
        "LINLI_PARTNER_LISTENER": f"{LOOPBACK}:{settings.partner_port}",
        "LINLI_SMTP_HOST": LOOPBACK,
        "LINLI_SMTP_PORT": str(settings.smtp_port),
        "LINLI_RATE_SUBMISSIONS": os.environ.get("LINLI_RATE_SUBMISSIONS", SUBMISSIONS),
        ALLOWED: os.environ.get(ALLOWED, LOOPBACK_NETWORK),
        **{f"LINLI_{name.upper()}_PORT": str(settings.service_port(name)) for name in PROGRAMS},
        **{f"LINLI_{name.upper()}_URL": settings.service_url(name) for name in SERVICES},
    }
