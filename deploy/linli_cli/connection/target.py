"""Where a deployment is: the addresses of its parts, and its secrets. `LINLI_TARGET` says which one is meant."""

import atexit
import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from linli.application.settings import PathOrNone, Settings, TextOrNone
from linli.messaging.connection import Cluster, Login
from linli_cli.connection.settings import FACES, LOOPBACK, SERVICES, StackSettings, TargetKind, load_settings
from linli_cli.stack.embedded.secret_files import KAFKA_TOOLS, MONGO_PASSWORD, read_secret
from linli_cli.terminal.errors import CliError, in_words
from linli_cli.terminal.language import say, sentence

MONGO_USERNAME = "linli"
"""The database's user, in the embedded stack and in docker compose."""
KAFKA_USERNAME = "linli-tools"
"""Who the tools are to Kafka, in docker compose."""
CONTAINER_SECRETS = "/run/linli/secrets"
COMPOSE_WITHIN = 60
"""Seconds for one call of docker compose."""


@dataclass(frozen=True)
class Target:
    """A deployment as this process reaches it."""

    kind: TargetKind
    name: str
    """In words, such as `the docker compose deployment`."""
    start: str
    """What to type to start it, for whoever finds it away."""
    urls: Mapping[str, str]
    """Service → where its API is."""
    kafka_bootstrap: str
    mongo_uri: str
    mongo_username: str | None
    secret: Callable[[str], Path]
    """The file of a secret by its name, such as operator.key; fetched when it is first asked for. Raises CliError."""
    kafka_username: str | None = None
    """Who the tools are to Kafka; its password is the secret `KAFKA_TOOLS`. None where the broker asks nobody."""
    kafka_ca: Path | None = None
    faces: Mapping[str, str] = field(default_factory=dict)
    """Face → where it is; none where that is not known."""
    stopped: bool = False
    """It is known not to run: what answers at its addresses is another program, or another home's stack."""

    def require_running(self) -> None:
        """Raises CliError where it is known not to run."""
        if self.stopped:
            raise CliError(
                say("Linli is not running: {name} is stopped, or was never started.", name=self.name),
                say(
                    "Start it: {start}   Or go to the directory where it runs, or set LINLI_HOME (or LINLI_TARGET).",
                    start=self.start,
                ),
            )

    def url(self, program: str) -> str:
        """Where the API of a service or a face is. Raises CliError for a face whose address nobody has named."""
        found = self.urls.get(program) or self.faces.get(program)
        if found is None:
            variable = f"LINLI_{program.upper()}_URL"
            raise CliError(
                say("Where {program} is, nobody has said.", program=program),
                say("Set {variable}.", variable=variable),
            )
        return found

    def secret_to_read(self, name: str) -> Path:
        """The same for who needs it now. Raises CliError where the home never had a stack."""
        path = self.secret(name)
        if self.kind is TargetKind.EMBEDDED and not path.exists():
            raise CliError(
                say(
                    "No stack was ever started in {parent}: go to the directory where it runs, "
                    "or set LINLI_HOME (or LINLI_TARGET).",
                    parent=path.parent.parent,
                )
            )
        return path

    @property
    def kafka(self) -> Cluster:
        """Where Kafka is, and who the tools are to it. Raises CliError when their password cannot be read."""
        if not self.kafka_username:
            return Cluster(self.kafka_bootstrap)
        password = read_secret(self.secret_to_read(KAFKA_TOOLS))
        return Cluster(self.kafka_bootstrap, Login(self.kafka_username, password, self.kafka_ca))

    def service_settings(self) -> Settings:
        """What a service would be given to reach this Kafka and this MongoDB. Raises CliError."""
        return Settings(
            kafka_bootstrap=self.kafka_bootstrap,
            kafka_username=self.kafka_username,
            kafka_password_file=self.secret_to_read(KAFKA_TOOLS) if self.kafka_username else None,
            kafka_ca_file=self.kafka_ca,
            mongo_uri=self.mongo_uri,
            mongo_username=self.mongo_username,
            mongo_password_file=self.secret_to_read(MONGO_PASSWORD) if self.mongo_username else None,
        )


def find_target() -> Target:
    """The deployment that `LINLI_TARGET` means. Raises CliError naming a variable that is wrong or missing."""
    settings = load_settings()
    if settings.target is TargetKind.COMPOSE:
        return compose(settings)
    if settings.target is TargetKind.ADDRESSES:
        return addresses(settings.key_file)
    require_embedded_stack()
    from linli_cli.stack.running import as_it_runs, runs  # noqa: PLC0415 - needs the embedded stack's packages

    return replace(embedded(as_it_runs(settings)), stopped=not runs(settings))


def require_embedded_stack() -> None:
    """Raises CliError where the packages of the embedded stack are not installed, as in an image."""
    if importlib.util.find_spec("psutil") is None:
        raise CliError(
            say("This installation holds no embedded stack, and LINLI_TARGET names no other deployment."),
            say("Set LINLI_TARGET to compose or addresses, or install linli-deploy[embedded]."),
        )


def embedded(settings: StackSettings) -> Target:
    """The stack of LINLI_HOME."""
    return Target(
        kind=TargetKind.EMBEDDED,
        name=say("the stack of {home} (LINLI_HOME)", home=settings.home),
        start="linli up --detach",
        urls={service: settings.service_url(service) for service in SERVICES},
        faces={face: settings.service_url(face) for face in FACES},
        kafka_bootstrap=settings.kafka_bootstrap,
        mongo_uri=f"mongodb://{LOOPBACK}:{settings.mongo_port}/?directConnection=true",
        mongo_username=MONGO_USERNAME,
        secret=lambda name: settings.secrets_dir / name,
    )


def compose(settings: StackSettings) -> Target:
    """A docker compose deployment, seen from its host by the ports that it publishes on loopback."""
    return Target(
        kind=TargetKind.COMPOSE,
        name=say("the docker compose deployment"),
        start="docker compose up --wait",
        urls={service: f"http://{LOOPBACK}:{settings.service_port(service)}" for service in SERVICES},
        faces={face: f"http://{LOOPBACK}:{settings.service_port(face)}" for face in FACES},
        kafka_bootstrap=settings.kafka_bootstrap,
        # Inside the deployment mongod has another name, which does not lead here: ask this one, and nobody else.
        mongo_uri=f"mongodb://{LOOPBACK}:{settings.mongo_port}/?directConnection=true",
        mongo_username=MONGO_USERNAME,
        secret=cache(_from_a_container),
        kafka_username=KAFKA_USERNAME,
    )


class Addresses(BaseSettings):
    """What a command needs of a service's settings, and the services' addresses. A face's alone may be left out."""

    model_config = SettingsConfigDict(env_prefix="LINLI_", extra="ignore")

    intake_url: str = Field(pattern=r"^https?://")
    workflow_url: str = Field(pattern=r"^https?://")
    notify_url: str = Field(pattern=r"^https?://")
    neighbourhood_url: str = Field(pattern=r"^https?://")
    portal_url: str | None = Field(None, pattern=r"^https?://")
    kafka_bootstrap: str
    kafka_username: TextOrNone = None
    kafka_password_file: PathOrNone = None
    kafka_ca_file: PathOrNone = None
    mongo_uri: str
    mongo_username: str | None = None
    mongo_password_file: Path | None = None
    secrets_dir: Path


class _OnlyHttp(Addresses):
    """The same for somebody with a key of their own, who is let near neither Kafka nor MongoDB."""

    kafka_bootstrap: str = "-"
    mongo_uri: str = "-"
    secrets_dir: Path = Path("-")


def addresses(key_file: Path | None) -> Target:
    """Everything by variables, as in a container beside the services; with a key of one's own, the four URLs."""
    try:
        given = _OnlyHttp() if key_file else Addresses()
    except ValidationError as error:
        faults = [f"LINLI_{str(item['loc'][0]).upper()}: {in_words(item['msg'])}" for item in error.errors()]
        raise CliError(
            "; ".join(faults), say("With LINLI_TARGET=addresses every address is a variable: docs/cli.md lists them.")
        ) from error
    named = {MONGO_PASSWORD: given.mongo_password_file, KAFKA_TOOLS: given.kafka_password_file}

    def secret(name: str) -> Path:
        return named.get(name) or given.secrets_dir / name

    return Target(
        kind=TargetKind.ADDRESSES,
        name=say("the deployment at the addresses of the LINLI_ variables"),
        start=say("where it was installed"),
        urls={service: getattr(given, f"{service}_url").rstrip("/") for service in SERVICES},
        faces={face: url.rstrip("/") for face in FACES if (url := getattr(given, f"{face}_url"))},
        kafka_bootstrap=given.kafka_bootstrap,
        mongo_uri=given.mongo_uri,
        mongo_username=given.mongo_username,
        secret=secret,
        kafka_username=given.kafka_username,
        kafka_ca=given.kafka_ca_file,
    )


# Docker compose ------------------------------------------------------------------------------------------------------


def docker(*arguments: str) -> str:
    """What docker prints. Raises CliError when there is no docker, or it says no."""
    program = shutil.which("docker")
    if program is None:
        raise CliError(
            say("LINLI_TARGET is compose, and there is no `docker` on this machine's PATH."),
            say("Install Docker with its Compose plugin, or unset LINLI_TARGET for the embedded stack."),
        )
    try:
        done = subprocess.run(
            [program, *arguments], capture_output=True, text=True, timeout=COMPOSE_WITHIN, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise CliError(
            say(
                "`docker {arguments}` did not answer within {seconds} s.",
                arguments=arguments[0],
                seconds=COMPOSE_WITHIN,
            ),
            say("Look at it with: docker info"),
        ) from error
    if done.returncode:
        output = done.stderr.strip().splitlines() or [say("exit code {returncode}", returncode=done.returncode)]
        raise CliError(
            say("`docker {arguments}` failed: {said}", arguments=" ".join(arguments[:3]), said=output[-1]), say(_WHERE)
        )
    return done.stdout


_WHERE = sentence(
    "Run the command in the checkout that the deployment was started from; with more than one file or another project "
    "name set COMPOSE_FILE and COMPOSE_PROJECT_NAME as for docker compose. To start it: docker compose up --wait"
)


def in_a_tool(program: str, *arguments: str) -> str:
    """What a program prints in a container of the command's own, gone again at once: no service has all the secrets."""
    return docker("compose", "run", "--rm", "--no-deps", "-T", "--entrypoint", program, "linli", *arguments)


def _from_a_container(name: str) -> Path:
    """A copy of a secret, in a directory that only this user may read and that goes when this process ends."""
    path = _private_directory() / name
    secret = in_a_tool("cat", f"{CONTAINER_SECRETS}/{name}")
    path.touch(mode=0o600)
    path.write_text(secret)
    return path


@cache
def _private_directory() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="linli-"))  # mode 0700
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory
