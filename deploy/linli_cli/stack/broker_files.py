"""What the broker in a container is given: by what its clients come in, and the certificate of partners' listener.

Kafka's image takes `server.properties` from `/mnt/shared/config` and adds what its environment says (`KAFKA_…`). So
what is secret stands in that file, in a volume that the broker alone mounts, and what is not in docker-compose.yml.
"""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from linli.messaging.connection import PLAIN, SCRAM
from linli_cli.connection.target import KAFKA_USERNAME
from linli_cli.stack.certificates import BROKER as CERTIFICATE
from linli_cli.stack.certificates import ensure_authority, ensure_broker
from linli_cli.stack.embedded.secret_files import KAFKA_BROKER, KAFKA_TOOLS, ensure_secret, read_secret

BROKER = "linli-broker"
"""Who brokers are to one another, and whoever makes the first users with their password."""
PROPERTIES = "server.properties"
WHERE = "/mnt/shared/config"
"""Where the broker has the volume."""
_SCRAM_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule"
_PLAIN_MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule"


def give_broker(whole: Path, directory: Path, hosts: Sequence[str]) -> None:
    """Makes the broker's files that are missing or other than they should be; `whole` has the deployment's secrets.

    The broker runs as another user, in our group: it may read them and nobody else. `hosts` are the names by which
    partners reach it. Raises CliError when others may look into the secrets.
    """
    for name in (KAFKA_BROKER, KAFKA_TOOLS):
        ensure_secret(whole / name)
    ensure_authority(whole)
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o750)
    ensure_broker(whole, hosts, directory / CERTIFICATE)
    (directory / CERTIFICATE).chmod(0o640)
    _write(directory / PROPERTIES, properties(read_secret(whole / KAFKA_BROKER)))


def properties(password: str) -> str:
    """Kafka's settings of who comes in, with the brokers' own password.

    On INTERNAL, EXTERNAL and PARTNER everybody has a user by SCRAM, kept by Kafka itself. On CONTROLLER that cannot be,
    since controllers know no user before they know one another; nor on LOCAL, where the first users come from. There
    the brokers' user alone is let in, by the password that stands here.
    """
    own = f"username={_quoted(BROKER)} password={_quoted(password)}"
    scram, plain = f"{_SCRAM_MODULE} required", f"{_PLAIN_MODULE} required {own} user_{BROKER}={_quoted(password)}"
    values = {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{BROKER};User:{KAFKA_USERNAME}",
        "sasl.mechanism.inter.broker.protocol": SCRAM,
        "sasl.mechanism.controller.protocol": PLAIN,
        **_listener("internal", SCRAM, f"{scram} {own};"),
        **_listener("external", SCRAM, f"{scram};"),
        **_listener("partner", SCRAM, f"{scram};"),
        **_listener("local", PLAIN, f"{plain};"),
        **_listener("controller", PLAIN, f"{plain};"),
        "listener.name.partner.ssl.keystore.type": "PEM",
        "listener.name.partner.ssl.keystore.location": f"{WHERE}/{CERTIFICATE}",
        # One program that opens connections without end keeps others out for no longer than this.
        "listener.name.partner.max.connections": "2000",
        "listener.name.partner.connections.max.idle.ms": "600000",
    }
    return "".join(f"{key}={_escaped(value)}\n" for key, value in values.items())


def _listener(name: str, mechanism: str, login: str) -> dict[str, str]:
    own = f"listener.name.{name}."
    return {
        f"{own}sasl.enabled.mechanisms": mechanism,
        f"{own}{mechanism.lower()}.sasl.jaas.config": login,
    }


def _quoted(text: str) -> str:
    """As a value of a login module: within it quotes and backslashes are escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    """A Java properties file reads a backslash as an escape, and what is beyond Latin-1 only as one."""
    return "".join(each if each.isascii() else f"\\u{ord(each):04x}" for each in text.replace("\\", "\\\\"))


def _write(path: Path, content: str) -> None:
    """Written aside, whole, for our group to read, where it differs."""
    if path.exists() and path.read_text() == content and path.stat().st_mode & 0o777 == 0o640:
        return
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.chmod(0o640)
    aside.replace(path)
