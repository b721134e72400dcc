"""When a program that ended is started again."""

from pathlib import Path

import pytest
from rich.console import Console

from linli_cli.stack.embedded.supervised import HEALTHY_AFTER, Backoff, Supervised
from linli_cli.terminal.progress import Progress


class FakeProgram:
    name, address, log, stop_within = "workflow", "http://127.0.0.1:8102", Path("workflow.log"), 1.0
    ready = True

    def is_ready(self) -> bool:
        return self.ready


class FakeServer:
    """A server whose life the test decides."""

    def __init__(self) -> None:
        self.program = FakeProgram()
        self.pid = None
        self.exit_code: int | None = None
        self.starts = 0

    def start(self) -> None:
        self.starts += 1
        self.exit_code = None

    def alive(self) -> bool:
        return self.exit_code is None


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def supervised(server: FakeServer) -> Supervised:
    supervised = Supervised(server, Progress(Console(quiet=True)))  # type: ignore[arg-type]
    supervised.start(now=0.0)
    return supervised


def test_the_wait_doubles_up_to_ten_seconds() -> None:
    backoff = Backoff()
    assert [backoff.next() for _ in range(7)] == [0.5, 1, 2, 4, 8, 10, 10]


def test_a_program_that_ended_is_started_again_after_the_wait(supervised: Supervised, server: FakeServer) -> None:
    supervised.tick(0.1)
    server.exit_code = -9
    supervised.tick(1.0)
    supervised.tick(1.4)
    assert (supervised.state, server.starts) == ("waiting", 1)
    supervised.tick(1.5)
    supervised.tick(1.6)
    assert (supervised.state, server.starts, supervised.restarts) == ("ready", 2, 1)


def test_thirty_healthy_seconds_end_the_trouble(supervised: Supervised, server: FakeServer) -> None:
    def die_and_return(now: float) -> float:
        """How long it stayed away."""
        server.exit_code = 1
        supervised.tick(now)
        waited = 0.0
        while supervised.state == "waiting":
            waited += 0.25
            supervised.tick(now + waited)
        supervised.tick(now + waited + 0.01)
        return waited

    supervised.tick(0.1)
    assert [die_and_return(1.0), die_and_return(5.0)] == [0.5, 1.0]
    supervised.tick(10.0 + HEALTHY_AFTER)
    assert die_and_return(50.0) == 0.5


def test_a_program_that_was_never_ready_is_counted_against_the_start(
    supervised: Supervised, server: FakeServer
) -> None:
    server.program.ready = False
    server.exit_code = 1
    supervised.tick(0.1)
    assert supervised.deaths_before_ready == 1
    server.program.ready = True
    supervised.tick(1.0)
    supervised.tick(1.1)
    assert (supervised.state, supervised.deaths_before_ready) == ("ready", 0)
