"""Kafka's users in a deployment of containers: each service's own, which reads and writes its own topics only; and the
portal's, which reads none.

What a service may do follows from what its contexts declare that they read and what the contracts say that it writes
(`linli.application.assembly.traffic_of`). The tools' user may do all, as the broker's own (docs/adr/0031).
"""

from collections.abc import Mapping, Set
from importlib import import_module
from typing import TYPE_CHECKING

from confluent_kafka.admin import AclOperation, AdminClient, ResourceType

from linli.application.settings import Settings
from linli.messaging.kafka import POSITIONS
from linli_cli.connection.settings import PROGRAMS, SERVICES
from linli_cli.connection.target import KAFKA_USERNAME
from linli_cli.operations.kafka_access import Changed, Right, allow_exactly, may, set_password, users
from linli_cli.stack.broker_files import BROKER
from linli_cli.stack.embedded.secret_files import KAFKA_BROKER, KAFKA_TOOLS, read_secret
from linli_cli.stack.handed_out import kafka_password

if TYPE_CHECKING:
    from linli.application.assembly import Traffic

USERS = {program: f"linli-{program}" for program in PROGRAMS}
"""Service or face → who it is to Kafka."""
WITH_PARTNERS: Mapping[str, Set[AclOperation]] = {
    "notify": {AclOperation.WRITE},  # orders and receipts
    "workflow": {AclOperation.READ},  # updates
}
"""What a service does on the topics that partners have of their own, beside it."""


def of_partners(prefix: str) -> tuple[str, ...]:
    """How the names of partners' topics begin, where ours begin with this."""
    return (f"{prefix}.partner.", f"{prefix}.sandbox.partner.")


def traffic(service: str) -> "Traffic":
    """The topics of a service, as it is installed here."""
    from linli.application.assembly import traffic_of  # noqa: PLC0415 - it loads the services' drivers

    return traffic_of(service, import_module(f"{service}.main").CONTEXTS)


def rights(service: str, of: "Traffic", prefix: str) -> frozenset[Right]:
    """All that a service may do in Kafka, where the names of topics and groups begin with a prefix."""
    topic, group = ResourceType.TOPIC, ResourceType.GROUP
    own = f"{prefix}.{service}"
    found = may(topic, (f"{prefix}.{name}" for name in of.writes), AclOperation.WRITE)
    found |= may(topic, (f"{prefix}.{name}" for name in of.reads), AclOperation.READ)
    # Its own group, and others that it may come to have: all but the first have a dot behind the name.
    found |= may(group, own, AclOperation.READ) | may(group, f"{own}.", AclOperation.READ, prefixed=True)
    # It tells in its metrics whether all parts of Kafka's own topic have a leader, without which no group works.
    found |= may(topic, POSITIONS, AclOperation.DESCRIBE)
    return found | may(topic, of_partners(prefix), *WITH_PARTNERS.get(service, ()), prefixed=True)


def looks(prefix: str) -> frozenset[Right]:
    """What a face may do, which shows what flows where: see our topics and groups, and no record of any."""
    topic, group, all = ResourceType.TOPIC, ResourceType.GROUP, f"{prefix}."
    found = may(topic, all, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS, prefixed=True)
    return found | may(group, all, AclOperation.DESCRIBE, prefixed=True)


def make_users(admin: AdminClient, settings: Settings) -> Mapping[str, str]:
    """Gives each user the password that is among the secrets; user → what was done, of those that were not there.

    Repeating it changes nothing. Raises CliError when Kafka is away or refuses.
    """
    before = users(admin)
    secrets = {BROKER: KAFKA_BROKER, KAFKA_USERNAME: KAFKA_TOOLS} | {
        user: kafka_password(service) for service, user in USERS.items()
    }
    for user, name in secrets.items():
        set_password(admin, user, read_secret(settings.secrets_dir / name))
    return {user: "made" for user in secrets if user not in before}


def allow(admin: AdminClient, prefix: str) -> Mapping[str, Changed]:
    """Gives each user exactly its rights; user → what was done, where anything was. As `make_users`."""
    done = {}
    for program, user in USERS.items():
        its = rights(program, traffic(program), prefix) if program in SERVICES else looks(prefix)
        if changed := allow_exactly(admin, user, its):
            done[user] = changed
    return done
