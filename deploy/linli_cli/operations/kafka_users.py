"""Kafka's users in a deployment of containers: each service's own, which reads and writes its own topics only; and the
portal's, which reads none.

What a service may do follows from what its contexts declare that they read and what the contracts say that it writes
(`linli.application.assembly.traffic_of`). The tools' user may do all, as the broker's own (docs/adr/0031).
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from confluent_kafka.admin import AdminClient

from linli.application.settings import Settings
from linli.messaging.rights import of_face, of_service, user_of
from linli_cli.connection.settings import PROGRAMS, SERVICES
from linli_cli.connection.target import KAFKA_USERNAME
from linli_cli.operations.kafka_access import Changed, Right, allow_exactly, as_kafka_has_them, set_password, users
from linli_cli.stack.broker_files import BROKER
from linli_cli.stack.embedded.secret_files import KAFKA_BROKER, KAFKA_TOOLS, read_secret
from linli_cli.stack.handed_out import kafka_password

if TYPE_CHECKING:
    from linli.application.assembly import Traffic

USERS = {program: user_of(program) for program in PROGRAMS}
"""Service or face → who it is to Kafka."""


def traffic(service: str) -> "Traffic":
    """The topics of a service, as it is installed here."""
    from linli.application.assembly import traffic_of  # noqa: PLC0415 - it loads the services' drivers

    return traffic_of(service, import_module(f"{service}.main").CONTEXTS)


def rights(service: str, of: "Traffic", prefix: str) -> frozenset[Right]:
    """All that a service may do in Kafka, where the names of topics and groups begin with a prefix."""
    writes, reads = ([f"{prefix}.{name}" for name in names] for names in (of.writes, of.reads))
    return as_kafka_has_them(of_service(service, writes, reads, prefix))


def looks(prefix: str) -> frozenset[Right]:
    """What a face may do, which shows what flows where, and no record of any."""
    return as_kafka_has_them(of_face(prefix))


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
