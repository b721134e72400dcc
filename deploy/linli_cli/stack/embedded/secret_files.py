"""The secrets of a deployment: made at the first start, readable by their owner only."""

import base64
import os
import secrets
from contextlib import suppress
from pathlib import Path

import linli.application.settings
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say, sentence
from linli_cli.terminal.sayings import fitting, sayings

OPERATOR_KEY = "operator.key"
SERVICE_KEY = "service.key"
PORTAL_KEY = "portal.key"
"""By which the services believe the portal whose requests it passes on."""
MONGO_PASSWORD = "mongo.key"  # noqa: S105 - a file's name
MONGO_KEYFILE = "mongo-keyfile"
KAFKA_BROKER = "kafka-broker.key"
"""The password of the brokers' own user, by which they know one another."""
KAFKA_TOOLS = "kafka-tools.key"
"""The password of the tools' user of Kafka, where the broker asks its clients who they are."""
REGISTER_KEY = "register.key"
"""What opaque ids of units, owners and ballots are made with: who has it and the events can try doors one by one."""
PARTNERS_KEY = "partners.key"
"""What the passwords of partners' users on Kafka are made of."""


def ensure_secrets(directory: Path) -> list[str]:
    """Makes the secrets that are missing; their names. Raises CliError when others may read one that is there."""
    ensure_directory(directory)
    needed = (OPERATOR_KEY, SERVICE_KEY, PORTAL_KEY, MONGO_PASSWORD, PARTNERS_KEY, REGISTER_KEY)
    made = [name for name in needed if ensure_secret(directory / name)]
    return [*made, *ensure_keyfile(directory)]


def ensure_directory(directory: Path) -> None:
    """Makes one for secrets, when it is missing. Raises CliError when others may look into it."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if directory.stat().st_mode & 0o077:
        raise CliError(
            say("{directory} is open to other users of this machine.", directory=directory),
            say("Run: chmod 700 {directory}", directory=directory),
        )


def ensure_secret(path: Path) -> bool:
    """Makes it of 256 random bits when it is missing; whether it was. Raises CliError when others may read it."""
    return _ensure(path, secrets.token_urlsafe(32))


def ensure_keyfile(directory: Path) -> list[str]:
    """Makes the key by which the members of MongoDB's replica set know one another, when it is missing."""
    # mongod accepts only base64's own alphabet here.
    key = base64.b64encode(secrets.token_bytes(96)).decode()
    return [MONGO_KEYFILE] if _ensure(directory / MONGO_KEYFILE, key) else []


def read_secret(path: Path) -> str:
    """Raises CliError when the file is missing, empty or readable by others."""
    try:
        return linli.application.settings.read_secret(path)
    except linli.application.settings.SettingsError as error:
        raise CliError(settings_fault(error)) from error


def settings_fault(error: Exception) -> str:
    """What is wrong with a secret or a setting, in words."""
    words, values = fitting(str(error), _FAULTS) or ("{0}", [f"{str(error).rstrip('.')}."])
    return say(words, *values)


_FAULTS = sayings(
    {
        r"cannot read the secret (.+): (.+); 'linli up' makes it": sentence(
            "cannot read the secret {0}: {1}; 'linli up' makes it."
        ),
        r"(.+) is open to others; run: chmod 600 .+": sentence("{0} is open to others; run: chmod 600 {0}."),
        r"(.+) is empty; remove it and let 'linli up' make a new one": sentence(
            "{0} is empty; remove it and let 'linli up' make a new one."
        ),
        r"(LINLI_KAFKA_USERNAME|LINLI_KAFKA_PASSWORD_FILE and LINLI_KAFKA_CA_FILE) needs? (LINLI_KAFKA_\w+)": sentence(
            "{0} is of no use without {1}."
        ),
        r"LINLI_KAFKA_CA_FILE: there is no certificate at (.+)": sentence(
            "LINLI_KAFKA_CA_FILE: there is no certificate at {0}."
        ),
    }
)
"""What `linli.application.settings` says of secrets, and of who we are to Kafka."""


def _ensure(path: Path, secret: str) -> bool:
    """Whether it had to be made."""
    missing = not path.exists()
    if missing:
        _create(path, secret)
    read_secret(path)
    return missing


def _create(path: Path, secret: str) -> None:
    """Written aside and then linked: the file is never half-written, and never replaces one that is there."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()
