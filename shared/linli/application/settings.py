"""The settings of every program that serves, read once from the environment (`LINLI_*`) at the start."""

import hashlib
import socket
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, NonNegativeInt, PositiveInt
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from linli.messaging.connection import Cluster, Login

Prefix = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
"""What the names of databases or topics begin with."""


def listed(value: Any) -> Any:
    """A list as an operator writes it in the environment: parted by commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _networks(value: Any) -> Any:
    return [ip_network(part) if isinstance(part, str) else part for part in listed(value)]


def _origin(value: str) -> str:
    """An origin as browsers send it: `https://office.example`, without a path; never `*`."""
    found = urlsplit(value)
    if (
        found.scheme not in {"http", "https"}
        or not found.hostname
        or value != f"{found.scheme}://{found.netloc}".lower()
    ):
        raise ValueError(f"'{value}' is no origin; one is written like https://office.example, without a path")
    return value


def _collector(value: str | None) -> str | None:
    """Where a collector is, without a password: those are never in a variable."""
    if value is not None:
        found = urlsplit(value)
        if found.scheme not in {"http", "https"} or not found.hostname or "@" in found.netloc:
            raise ValueError("a collector's address is written like http://127.0.0.1:4318, without a password")
        if found.query or found.fragment:
            raise ValueError("a collector's address has no query")
    return value


def _rate(value: str) -> str:
    from limits import parse  # noqa: PLC0415 - the command, which limits nobody, need not wait for it

    if value:
        parse(value)
    return value


def _absent(value: Any) -> Any:
    """An empty variable says nothing."""
    return None if value == "" else value


TextOrNone = Annotated[str | None, BeforeValidator(_absent)]
PathOrNone = Annotated[Path | None, BeforeValidator(_absent)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)]
"""`10.1.0.0/16,127.0.0.0/8`."""
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(listed)]
WebOrigins = Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(listed)]
"""`https://office.example,https://www.example`."""
Rate = Annotated[str, AfterValidator(_rate)]
"""`60/minute`, `5/second`; empty: no limit."""


class WebSettings(BaseSettings):
    """Settings of whatever answers HTTP."""

    model_config = SettingsConfigDict(env_prefix="LINLI_", extra="ignore", use_attribute_docstrings=True)

    host: str = "127.0.0.1"
    """The address to listen on. Nothing but loopback unless asked."""
    log_level: str = "INFO"
    connections: PositiveInt = 2_000
    """Connections that are open at most; some more are taken for who asks how the service is."""
    connections_per_address: NonNegativeInt = 200
    """The same by address; 0: as many as there are. A trusted proxy has no limit of its own."""
    cors_origins: WebOrigins = ()
    """Web pages of these origins may ask from a browser; without one, none may."""
    trusted_proxies: Networks = ()
    """Whose `X-Forwarded-For` is believed."""
    rate_residents: Rate = "300/minute"
    """What is asked without a key, by address, submissions apart."""
    otlp_url: Annotated[TextOrNone, AfterValidator(_collector)] = None
    """`http://127.0.0.1:4318`: a collector that takes spans by OTLP over HTTP. None: there are no spans."""
    otlp_share: float = Field(default=1.0, ge=0, le=1)
    """Of the traces, also of those that callers began, how many are recorded."""


class StoreSettings(WebSettings):
    """The same with a database of its own."""

    mongo_uri: str = "mongodb://127.0.0.1:27117/?replicaSet=linli"
    mongo_username: str | None = None
    mongo_password_file: Path | None = None
    database_prefix: Prefix = "linli"
    instance: str = Field(default_factory=socket.gethostname)
    """The machine's or container's name: what a process held before it was killed is its successor's at once."""

    def member(self, port: int) -> str:
        """Names this process among its replicas, the same after a restart."""
        return f"{self.instance}:{port}"

    def database(self, service: str) -> str:
        """The name of a service's database."""
        return f"{self.database_prefix}_{service}"


class IssuerSettings(BaseSettings):
    """What whoever takes tokens of an issuer has to know of it."""

    model_config = SettingsConfigDict(env_prefix="LINLI_", extra="ignore", use_attribute_docstrings=True)

    oidc_issuer: str | None = None
    """`https://login.example/realms/office`: tokens of this issuer are taken. None: only keys are."""
    oidc_algorithms: Names = ("RS256", "PS256", "ES256", "EdDSA")
    """Signatures that are taken; only those with a public key can be."""
    oidc_leeway: int = Field(default=30, ge=0, le=300)
    """Seconds that the issuer's clock may differ."""
    oidc_refetch: float = Field(default=30.0, gt=0)
    """Seconds between two askings for the issuer's keys at least, however many unknown ones are named."""
    oidc_keys_kept: float = Field(default=600.0, gt=0)
    """Seconds after which the keys are asked for again: a withdrawn one is good no longer than this."""


class KafkaSettings(WebSettings):
    """The same with a place on Kafka."""

    kafka_bootstrap: str = "127.0.0.1:19092"
    kafka_username: TextOrNone = None
    """Who this process is to Kafka, by SCRAM-SHA-512; None: nobody, for a broker that asks nobody."""
    kafka_password_file: PathOrNone = None
    kafka_ca_file: PathOrNone = None
    """The authority that signed the broker's certificate: with it the connection is encrypted."""
    topic_prefix: Prefix = "linli"

    @property
    def kafka(self) -> Cluster:
        """Where Kafka is and who this process is to it. Raises `SettingsError`."""
        if self.kafka_username is None:
            if self.kafka_password_file or self.kafka_ca_file:
                raise SettingsError("LINLI_KAFKA_PASSWORD_FILE and LINLI_KAFKA_CA_FILE need LINLI_KAFKA_USERNAME")
            return Cluster(self.kafka_bootstrap)
        if self.kafka_password_file is None:
            raise SettingsError("LINLI_KAFKA_USERNAME needs LINLI_KAFKA_PASSWORD_FILE")
        if self.kafka_ca_file and not self.kafka_ca_file.is_file():
            raise SettingsError(f"LINLI_KAFKA_CA_FILE: there is no certificate at {self.kafka_ca_file}")
        return Cluster(
            self.kafka_bootstrap, Login(self.kafka_username, read_secret(self.kafka_password_file), self.kafka_ca_file)
        )

    def topic(self, name: str) -> str:
        """The full name of a topic, by its short one."""
        return f"{self.topic_prefix}.{name}"


class Settings(StoreSettings, KafkaSettings, IssuerSettings):
    """Settings that the services share; each adds its own."""

    secrets_dir: Path = Path(".linli/secrets")
    """Holds `operator.key` (or `operator.key.sha256`), `service.key` and `portal.key`, readable by their owner only."""
    batch_size: PositiveInt = 500
    """Records that a consumer takes at most for one transaction."""
    sweep_after: float = Field(default=3.0, gt=0)
    """Seconds after which an event still unsent is taken for left behind."""
    stalled_after: float = Field(default=120.0, gt=0)
    """Seconds of lag without progress after which a consumer ends its process."""
    retention_every: float = Field(default=3_600.0, gt=0)
    """Seconds between two looks at what is kept no longer."""
    retain_audit: NonNegativeInt = 1_095
    """Days that an entry of the audit log is kept."""
    retain_parked: NonNegativeInt = 180
    """Days that a parked record is kept after a decision on it; 0: for ever, here and below."""

    rate_submissions: Rate = "60/minute"
    """Submissions without a key, by address."""
    rate_guesses: Rate = "30/minute"
    """Wrong keys, tokens and tracking codes, by address."""
    rate_principals: Rate = "1200/minute"
    """By API key, or by person with a token."""
    rate_file_keys: Rate = ""
    """By the operator's and by the service's key."""

    disk_floor: NonNegativeInt = 1_024
    """MB that must be free on the database's disk for a photo to be taken; 0: no floor."""

    oidc_audience: str | None = None
    """Needed with an issuer: whom its tokens must be for."""
    oidc_role_claim: str = "linli_role"
    oidc_party_claim: str = "linli_party"
    oidc_community_claim: str = "linli_community"
    oidc_longest: int = Field(default=86_400, ge=60)
    """Seconds from `iat` to `exp` at most: a token cannot be revoked here."""

    def secret(self, name: str) -> str:
        """The content of a secret file. Raises `SettingsError` when it is absent, empty or open to others."""
        return read_secret(self.secrets_dir / name)

    def secret_if_there(self, name: str) -> str | None:
        """The same; None when it is absent. Raises `SettingsError` when it is empty or open to others."""
        return self.secret(name) if (self.secrets_dir / name).exists() else None

    def digest_of(self, name: str) -> bytes:
        """SHA-256 of a secret that is only recognised: of the file itself, or as `NAME.sha256` says it. As `secret`."""
        path = self.secrets_dir / f"{name}{DIGEST}"
        if (self.secrets_dir / name).exists() or not path.exists():
            return hashlib.sha256(self.secret(name).encode()).digest()
        try:
            return bytes.fromhex(read_secret(path))
        except ValueError as error:
            raise SettingsError(f"{path} holds no digits of a SHA-256") from error


DIGEST = ".sha256"
"""Ends the name of a file that holds the digest of a secret, in place of it: who reads it knows the secret when it is
shown, and cannot show it."""


class SettingsError(Exception):
    """The service cannot start as it is configured; the message says what to do."""


def read_secret(path: Path) -> str:
    """A secret from a file that only its owner may read."""
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"cannot read the secret {path}: {error.strerror}; 'linli up' makes it") from error
    if mode & 0o077:
        raise SettingsError(f"{path} is open to others; run: chmod 600 {path}")
    if not content:
        raise SettingsError(f"{path} is empty; remove it and let 'linli up' make a new one")
    return content
