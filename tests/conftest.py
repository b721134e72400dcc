"""What all tests share: one real Kafka and one real mongod for the session, a database and topics for each test."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import hypothesis
import pytest
import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from linli.application.settings import Settings
from linli.application.telemetry import without_message
from linli.messaging.kafka import apply_topics
from tests.support.servers import Servers, free_ports
from tests.support.system import NO_LIMITS
from tests.support.topics import topics_of

os.environ["LINLI_LANGUAGE"] = "en"  # what commands print is looked at, whatever the terminal speaks
hypothesis.settings.register_profile("linli", deadline=None)  # no test fails on a clock
hypothesis.settings.load_profile("linli")

SLOWEST_FIRST = ("monitoring", "faults", "browser", "e2e", "integration", "compose", "contract", "unit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, so that no process works on one alone at the end while the others have nothing left to do."""
    folder = {name: place for place, name in enumerate(SLOWEST_FIRST)}
    items.sort(key=lambda item: folder[Path(item.path).relative_to(HERE).parts[0]])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have measured (`measured`), also those of other processes."""
    told = [each for report in terminalreporter.getreports("passed") for each in report.user_properties]
    for what, how_much in (each for each in told if each[0].startswith(MEASURED)):
        terminalreporter.write_line(f"{what.removeprefix(MEASURED)}: {how_much}")


MEASURED = "measured "
HERE = Path(__file__).parent
S = TypeVar("S", bound=Settings)


@pytest.fixture(scope="session", autouse=True)
def short_log_lines() -> None:
    """Logs as plain lines, with exceptions as a service writes them."""
    structlog.configure(
        processors=[structlog.processors.add_log_level, without_message, structlog.dev.ConsoleRenderer(colors=False)]
    )


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The two servers, started when the first test asks for them."""
    servers = Servers(tmp_path_factory.mktemp("servers"))
    servers.start()
    try:
        yield servers
    finally:
        servers.stop()


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str, str], None]:
    """Says at the end of the run what something took: `measured("stale after", "21 s")`. No test fails by it."""
    return lambda what, how_much: record_property(f"{MEASURED}{what}", how_much)


@pytest.fixture
def smtp_sink() -> Iterator[int]:
    """The port of a real SMTP server that takes every message and keeps none."""
    (port,) = free_ports(1)
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


@pytest.fixture
async def settings_for(stack: Servers) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """Makes settings of a class with this test's own databases, topics and ports.

    `await settings_for(WorkflowSettings, batch_size=5)`; all settings of one test share databases and topics.
    """
    prefix = f"t{uuid4().hex[:10]}"
    ports = dict(zip(("intake_port", "workflow_port", "notify_port"), free_ports(3), strict=True))
    await apply_topics(stack.kafka, topics_of(prefix, partitions=3))

    async def make(cls: type[S], **overrides: Any) -> S:
        given = {
            "kafka_bootstrap": stack.bootstrap,
            "mongo_uri": stack.mongo_uri,
            "mongo_username": stack.mongo_username,
            "mongo_password_file": stack.mongo_password_file,
            "secrets_dir": stack.secrets_dir,
            "database_prefix": prefix,
            "topic_prefix": prefix,
            "sweep_after": 0.5,
            **NO_LIMITS,
        } | {name: port for name, port in ports.items() if name in cls.model_fields}
        if "intake_url" in cls.model_fields:
            given["intake_url"] = f"http://127.0.0.1:{ports['intake_port']}"
        return cls(**(given | overrides))

    yield make
    await stack.forget(prefix)
