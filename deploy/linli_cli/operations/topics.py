"""The topics as they should be here: as the contracts declare them, and what `deploy/topics.yaml` says otherwise; and
`linli topics apply`."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from rich.console import Console
from rich.table import Table

from linli.application.settings import Settings, SettingsError
from linli.messaging.connection import Cluster
from linli_cli.community.located_yaml import Steps, UnreadableYaml, read_yaml
from linli_cli.connection.settings import load_settings
from linli_cli.connection.target import find_target
from linli_cli.stack.embedded.secret_files import settings_fault
from linli_cli.terminal.errors import CliError, errors_shown, in_words
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.language import say, sentence
from linli_cli.terminal.sayings import fitting, sayings

if TYPE_CHECKING:
    from linli.contracts.topics import Otherwise, Topic
    from linli.messaging.kafka import TopicSpec

HERE = Path(__file__).resolve().parent.parent

TopicName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9._-]{1,249}$")]
"""What Kafka takes for a topic's name (org.apache.kafka.common.internals.Topic)."""
Config = dict[str, str]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    config: Config = Field(default_factory=dict)

    partitions: int | None = Field(default=None, ge=1)

    @property
    def said(self) -> "Otherwise":
        from linli.contracts.topics import Otherwise  # noqa: PLC0415 - `linli --help` need not wait for it

        return Otherwise(partitions=self.partitions, config=self.config)


class _TopicsFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    defaults: _Part = Field(default_factory=_Part)
    """For every topic that declares nothing else."""
    topics: dict[TopicName, _Part] = Field(default_factory=dict)
    """By their full names. One that no contract declares is made as well: an operator's own."""
    groups: dict[TopicName, str] = Field(default_factory=dict)
    """Consumer groups of an operator's own programs, and what each is for; the topology goes by them."""


def topics_file() -> Path:
    """`deploy/topics.yaml` beside this package, or inside it where the package was built into a wheel."""
    beside = HERE.parent / "topics.yaml"
    return beside if beside.exists() else HERE / "topics.yaml"


def topics_here(path: Path | None = None, option: str = "--file") -> "list[TopicSpec]":
    """Those of this deployment, with what `path`, or else `deploy/topics.yaml`, says otherwise.

    Raises CliError naming the file, the line and the field of each fault; `option` names the file.
    """
    from linli.contracts.catalogue import topics as declared  # noqa: PLC0415 - `linli --help` need not wait for it

    prefix = load_settings().topic_prefix
    return laid_over({f"{prefix}.{topic.name}": topic for topic in declared()}, _read(path or topics_file(), option))


def laid_over(declared: "Mapping[str, Topic]", file: _TopicsFile) -> "list[TopicSpec]":
    """By their full names, what is declared, and what a file says otherwise."""
    from linli.contracts.topics import Topic, as_deployed  # noqa: PLC0415
    from linli.messaging.kafka import TopicSpec  # noqa: PLC0415

    specs = []
    for name in (*declared, *(name for name in file.topics if name not in declared)):
        topic = declared.get(name) or Topic(name=name, key="")
        specs.append(TopicSpec(name, *as_deployed(topic, file.defaults.said, file.topics.get(name, _Part()).said)))
    return specs


def _read(path: Path, option: str) -> _TopicsFile:
    try:
        document = read_yaml(path)
    except OSError as error:
        raise CliError(f"{path}: {of_file(error)}", say("Name the file with {option}.", option=option)) from error
    except UnreadableYaml as error:
        raise CliError(f"{_place(path, error.line)}: {error}", say(TRY_AGAIN)) from error
    try:
        return _TopicsFile.model_validate(document.value)
    except ValidationError as error:
        faults = [_fault(path, item["loc"], in_words(item["msg"]), document.lines) for item in error.errors()]
        raise CliError("\n".join(faults), say(TRY_AGAIN)) from error


TRY_AGAIN = sentence("Correct the file and run the command again.")


def _fault(path: Path, location: Steps, message: str, lines: Mapping[Steps, int]) -> str:
    steps = tuple(step for step in location if step != "[key]")  # pydantic's word for a fault in a key
    nearest = next((lines[steps[:end]] for end in range(len(steps), -1, -1) if steps[:end] in lines), None)
    return f"{_place(path, nearest)}: {'.'.join(map(str, steps)) or say('the file')}: {message}"


_DONE = sayings(
    {
        r"created with (\d+) partitions": sentence("created with {0} partitions"),
        r"partitions (\d+ → \d+)": sentence("partitions {0}"),
        r"unchanged": sentence("unchanged"),
    }
)
"""What `linli.messaging.kafka.apply_topics` says it has done."""


def done_in_words(done: str) -> str:
    """`created with 6 partitions`, `retention.ms 1 → 2; partitions 3 → 6`"""
    return say("; ").join(_in_words(change) for change in done.split("; "))


def _in_words(change: str) -> str:
    words, values = fitting(change, _DONE) or ("{0}", [change])
    return say(words, *values)


def _place(path: Path, line: int | None) -> str:
    return f"{path}:{line}" if line else str(path)


def _named(bootstrap: str) -> Cluster:
    """A broker that is named; who we are to it, `LINLI_KAFKA_USERNAME` says. Raises CliError."""
    try:
        return Settings(kafka_bootstrap=bootstrap).kafka
    except SettingsError as error:
        raise CliError(settings_fault(error)) from error


def _rights(broker: Cluster) -> Mapping[str, str]:
    """Gives the services' users their rights on the topics, where the broker asks who somebody is. Raises CliError."""
    if broker.login is None:
        return {}
    from linli_cli.operations.kafka_access import administrator  # noqa: PLC0415 - as above
    from linli_cli.operations.kafka_users import allow  # noqa: PLC0415

    done = allow(administrator(broker), load_settings().topic_prefix)
    words = sentence("rights: {given} given, {taken} taken away")
    return {user: say(words, given=each.added, taken=each.removed) for user, each in done.items()}


topics = typer.Typer(no_args_is_help=True, help="Kafka's topics, as the contracts declare them.")


@topics.command("apply")
def apply(
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="What is otherwise here, instead of deploy/topics.yaml.")
    ] = None,
    bootstrap: Annotated[
        str | None,
        typer.Option(envvar="LINLI_KAFKA_BOOTSTRAP", help="host:port of a broker. Default: the target's."),
    ] = None,
    replication: Annotated[
        int | None,
        typer.Option(
            min=1,
            envvar="LINLI_KAFKA_REPLICATION",
            help="Copies of each new topic's data. Default: 3 where there are three brokers, else 1.",
        ),
    ] = None,
) -> None:
    """Create the topics that are missing, add partitions, set what differs; where Kafka asks for users, give each
    service its rights. Repeating it changes nothing."""
    from linli.messaging.kafka import KafkaUnavailable, apply_topics  # noqa: PLC0415 - as above

    with errors_shown():
        specs = topics_here(file)
        broker = _named(bootstrap) if bootstrap else find_target().kafka
        try:
            done = asyncio.run(asyncio.wait_for(apply_topics(broker, specs, replication), timeout=60))
        except KafkaUnavailable as error:
            reason = str(error) or type(error).__name__
            raise CliError(
                say("Kafka at {broker} did not take the topics: {reason}", broker=broker, reason=reason),
                say("Start the deployment, or name a broker with --bootstrap."),
            ) from error
        done |= _rights(broker)
        table = Table(say("topic"), say("what was done"), box=None)
        for name, what in done.items():
            table.add_row(name, done_in_words(what))
        Console().print(table)
