"""What each service in a container gets of the deployment's secrets: in a volume of its own, what it needs and no more.

The tools have the whole. The operator's key goes to nobody else: services get its SHA-256, which recognises the key and
cannot be shown in its place (docs/adr/0010).
"""

import hashlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from linli.application.settings import DIGEST
from linli_cli.connection.settings import FACES, PROGRAMS
from linli_cli.stack.embedded.secret_files import (
    MONGO_PASSWORD,
    OPERATOR_KEY,
    PARTNERS_KEY,
    PORTAL_KEY,
    REGISTER_KEY,
    SERVICE_KEY,
    ensure_directory,
    ensure_secret,
    read_secret,
)

_ALL = {
    OPERATOR_KEY + DIGEST: OPERATOR_KEY,
    SERVICE_KEY: SERVICE_KEY,  # they ask one another with it, and their seals on events are made of it
    f"{SERVICE_KEY}.before": f"{SERVICE_KEY}.before",
    PORTAL_KEY: PORTAL_KEY,
}
_OWN = {
    "workflow": {PARTNERS_KEY: PARTNERS_KEY},
    # An operator lays these beside the others: passwords of the mail server and of the gateway for text messages.
    "notify": {"smtp.key": "smtp.key", "sms.key": "sms.key"},
    "neighbourhood": {REGISTER_KEY: REGISTER_KEY},
    # What the office's identity provider knows it by, and by which services believe whose requests it passes on.
    "portal": {"oidc.key": "oidc.key", PORTAL_KEY: PORTAL_KEY},
}


KAFKA_PASSWORD = "kafka.key"  # noqa: S105 - a file's name
"""What the password of a service's own user of Kafka is called where the service finds it."""


def database_password(service: str) -> str:
    """The file with the password of the service's own user of MongoDB, among the deployment's secrets."""
    return f"mongo-{service}.key"


def kafka_password(service: str) -> str:
    """The same of its user of Kafka."""
    return f"kafka-{service}.key"


def handed_out(service: str) -> Mapping[str, str]:
    """File in the service's volume → which of the deployment's secrets it is made of. Not all must be there."""
    passwords = {MONGO_PASSWORD: database_password(service), KAFKA_PASSWORD: kafka_password(service)}
    # A face shows the services the key of who asks, and has none of its own.
    return ({} if service in FACES else _ALL) | passwords | _OWN.get(service, {})


def hand_out(whole: Path, volumes: Path) -> None:
    """Makes the services' own passwords that are missing, and gives each service its files, in `volumes`/<service>.

    What is not among the secrets any more goes from the volumes too. Raises CliError when others may look in.
    """
    for service in PROGRAMS:
        ensure_secret(whole / database_password(service))
        ensure_secret(whole / kafka_password(service))
        directory = volumes / service
        ensure_directory(directory)
        for name, source in handed_out(service).items():
            _give(whole / source, directory / name)


def _give(source: Path, to: Path) -> None:
    if not source.exists():
        to.unlink(missing_ok=True)
        return
    # What others may read stays so, and the service that reads it will say it: an operator may have laid it there.
    mode = source.stat().st_mode & 0o777
    content = source.read_bytes()
    if to.suffix == DIGEST:
        content = hashlib.sha256(read_secret(source).encode()).hexdigest().encode() + b"\n"
    if to.exists() and to.read_bytes() == content and to.stat().st_mode & 0o777 == mode:
        return
    aside = to.with_name(f".{to.name}.{secrets.token_hex(4)}")  # a service that starts meanwhile reads no half of it
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.chmod(mode)
    aside.replace(to)
