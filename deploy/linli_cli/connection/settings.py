"""Where the embedded stack lives and listens: defaults, moved by LINLI_* variables."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias, get_args

from pydantic import AfterValidator, Field, NonNegativeInt, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from linli.application.settings import Prefix
from linli_cli.terminal.errors import CliError, in_words
from linli_cli.terminal.language import say

LOOPBACK = "127.0.0.1"
Service: TypeAlias = Literal["intake", "workflow", "notify", "neighbourhood"]
SERVICES: tuple[Service, ...] = get_args(Service)
"""Each with a database, a place on Kafka and secrets of its own. Whatever is done for each service goes by this."""
FACES = ("portal",)
"""They ask the services by HTTP and keep nothing."""
PROGRAMS = (*SERVICES, *FACES)
_PORTS = (
    *("kafka_port", "kafka_controller_port", "partner_port", "mongo_port"),
    *(f"{name}_port" for name in PROGRAMS),
    "smtp_port",
)

Port = Annotated[int, Field(ge=1, le=65535)]


class TargetKind(StrEnum):
    """Which deployment the commands mean."""

    EMBEDDED = "embedded"
    COMPOSE = "compose"
    ADDRESSES = "addresses"


class StackSettings(BaseSettings):
    """Each field is set by LINLI_ and its name in capitals, such as LINLI_KAFKA_PORT."""

    model_config = SettingsConfigDict(env_prefix="LINLI_", extra="ignore", frozen=True)

    target: TargetKind = TargetKind.EMBEDDED
    home: Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())] = Path(".linli")
    host: str = LOOPBACK
    """The address the services listen on. MongoDB and the mail sink never leave loopback."""
    partner_host: str = Field(default=LOOPBACK, pattern=r"^[A-Za-z0-9.:-]{1,253}$")
    """The name or address by which partners reach Kafka; anything but loopback is listened for on all addresses."""
    key_file: Path | None = None
    """A file with the key to show in place of the operator's: an API key, or a token of the token issuer."""
    kafka_port: Port = 19092
    kafka_controller_port: Port = 19093
    partner_port: Port = 19094
    mongo_port: Port = 27117
    intake_port: Port = 8101
    workflow_port: Port = 8102
    notify_port: Port = 8103
    neighbourhood_port: Port = 8104
    portal_port: Port = 8100
    smtp_port: Port = 18025
    topic_prefix: Prefix = "linli"
    """What the names of topics begin with; the services have the same setting."""
    retain_deliveries: NonNegativeInt = 180
    """Days that the mail sink keeps a letter; 0: for ever. Notify has the same setting for its deliveries."""

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        taken: dict[int, str] = {}
        for variable, port in self.ports().items():
            if port in taken:
                raise ValueError(
                    say(
                        "{taken} and {variable} are both {port}; each needs a port of its own",
                        taken=taken[port],
                        variable=variable,
                        port=port,
                    )
                )
            taken[port] = variable
        return self

    def ports(self) -> dict[str, int]:
        """Variable → port, for every port the stack opens."""
        return {f"LINLI_{name.upper()}": getattr(self, name) for name in _PORTS}

    def listening(self) -> dict[str, str | int]:
        """Field → value, of all that says where the stack listens."""
        return {"host": self.host, "partner_host": self.partner_host, **{name: getattr(self, name) for name in _PORTS}}

    def service_port(self, service: str) -> int:
        port: int = getattr(self, f"{service}_port")
        return port

    def service_url(self, service: str) -> str:
        """Where another process of this machine reaches the service."""
        host = LOOPBACK if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        return f"http://{host}:{self.service_port(service)}"

    @property
    def kafka_bootstrap(self) -> str:
        return f"{LOOPBACK}:{self.kafka_port}"

    @property
    def partner_bootstrap(self) -> str:
        return f"{self.partner_host}:{self.partner_port}"

    @property
    def secrets_dir(self) -> Path:
        return self.home / "secrets"

    @property
    def logs_dir(self) -> Path:
        return self.home / "logs"

    @property
    def mail_dir(self) -> Path:
        return self.home / "mail"

    @property
    def run_dir(self) -> Path:
        return self.home / "run"


def load_settings() -> StackSettings:
    """Raises CliError naming the variable whose value cannot be used."""
    try:
        return StackSettings()
    except ValidationError as error:
        problems = [_problem(item["loc"], item["msg"]) for item in error.errors()]
        raise CliError("; ".join(problems), say("Correct the variable, or unset it to use the default.")) from error


def _problem(location: tuple[int | str, ...], message: str) -> str:
    message = in_words(message)
    return f"LINLI_{str(location[0]).upper()}: {message}" if location else message
