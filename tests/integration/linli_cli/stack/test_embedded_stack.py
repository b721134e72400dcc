"""`linli up`, `status` and `down` with the real Kafka and mongod, and services that only answer."""

import email
import os
import signal
import smtplib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_httpserver

from linli.contracts.catalogue import topics
from linli_cli.connection.settings import PROGRAMS, SERVICES
from linli_cli.operations.databases import READS
from linli_cli.stack.embedded.secret_files import ensure_secrets
from tests.support.linli_command import LinliCommand, eventually

ALL = {"kafka", "mongod", *PROGRAMS}


@pytest.fixture(scope="module")
def linli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LinliCommand]:
    """One stack for this file, running; a test that stops it starts it again."""
    command = LinliCommand(tmp_path_factory.mktemp("stack"))
    started = command.run("up", "--detach")
    assert started.returncode == 0, started.stdout + started.stderr
    assert "Linli is ready" in started.stdout
    assert f"http://127.0.0.1:{command.ports['INTAKE']}" in started.stdout
    try:
        yield command
    finally:
        command.run("down")


@pytest.fixture
def stopped(tmp_path: Path) -> LinliCommand:
    return LinliCommand(tmp_path)


def test_a_busy_port_is_named_with_its_setting_and_nothing_is_started(stopped: LinliCommand) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", stopped.ports["NOTIFY"]))
        other.listen()
        up = stopped.run("up", "--detach")
    assert up.returncode == 1
    assert f"Port {stopped.ports['NOTIFY']}" in up.stderr
    assert "LINLI_NOTIFY_PORT" in up.stderr
    assert stopped.processes() == []
    assert not stopped.home.exists()


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1"])
def test_a_host_that_cannot_be_listened_on_is_not_blamed_on_the_port(stopped: LinliCommand, host: str) -> None:
    up = stopped.run("up", LINLI_HOST=host)
    assert (up.returncode, f"LINLI_HOST is '{host}'" in up.stderr) == (1, True)


def test_another_program_on_the_ports_of_a_stopped_stack_is_asked_nothing(stopped: LinliCommand) -> None:
    ensure_secrets(stopped.home / "secrets")
    (stopped.home / "run").mkdir()
    with pytest_httpserver.HTTPServer(port=stopped.ports["WORKFLOW"]) as other:
        cases = stopped.run("cases")
    assert (cases.returncode, "Linli is not running" in cases.stderr) == (1, True)
    assert other.log == []


def test_status_and_down_say_that_nothing_runs(stopped: LinliCommand) -> None:
    assert stopped.run("status").returncode == 3
    assert stopped.status() == {"running": False, "home": str(stopped.home)}
    assert f"in {stopped.home} (LINLI_HOME)" in stopped.run("status").stdout
    down = stopped.run("down")
    assert (down.returncode, down.stdout) == (0, f"Linli was not running in {stopped.home} (LINLI_HOME).\n")


def test_status_shows_all_processes_lag_and_events(linli: LinliCommand) -> None:
    status = linli.status()
    assert status["healthy"] is True
    assert {process["name"] for process in status["processes"]} == ALL
    assert {process["health"] for process in status["processes"]} == {"ready"}
    groups = {group["group"]: (group["lag"], group["members"], group["source"]) for group in status["groups"]}
    assert groups == {f"linli.{reader}": (0, [], "kafka+mongodb") for reader in READS}
    assert {name: (counts["unsent"], counts["source"]) for name, counts in status["events"].items()} == dict.fromkeys(
        SERVICES, (0, "mongodb")
    ), "and not the stubs' word, who say 2"
    assert (status["kafka"]["brokers"], status["kafka"]["expected"], status["mongodb"]["members"]) == (1, 1, 1)
    table = linli.run("status")
    assert table.returncode == 0
    assert "linli.workflow" in table.stdout
    assert "Kafka's brokers: 1 of 1; every copy in sync." in table.stdout
    assert "MongoDB's replica set: 1 of 1 member; " in table.stdout


def test_a_second_up_says_that_it_is_running_already(linli: LinliCommand) -> None:
    again = linli.run("up")
    assert again.returncode == 0
    assert "already running" in again.stdout


SECRETS = (
    *("operator.key", "service.key", "portal.key", "mongo.key", "mongo-keyfile", "partners.key", "register.key"),
    *("partner-ca.key", "partner-ca.crt", "partner-broker.pem"),
)


def test_secrets_are_readable_by_their_owner_only(linli: LinliCommand) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in (linli.home / "secrets").iterdir()}
    assert modes == dict.fromkeys(SECRETS, 0o600)


def test_a_letter_sent_to_the_stack_is_kept_as_a_file(linli: LinliCommand) -> None:
    with smtplib.SMTP("127.0.0.1", linli.ports["SMTP"]) as smtp:
        smtp.sendmail("linli@example.org", ["property@example.org"], "Subject: 漏水\n\nBuilding 4".encode())
    (letter,) = (linli.home / "mail").glob("*.eml")
    message = email.message_from_bytes(letter.read_bytes())
    assert message["X-RcptTo"] == "property@example.org"
    assert message.get_payload().strip() == "Building 4"


def test_each_of_them_comes_back_after_a_kill_and_topics_stay(linli: LinliCommand) -> None:
    before = linli.pids()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: linli.supervised() == dict.fromkeys(ALL, ("ready", 1)) | {"access": ("ready", 0)})
    eventually(lambda: linli.status()["healthy"] is True, within=60)  # Kafka answers before it leads all it has
    after = linli.status()
    assert all(before[process["name"]] != process["pid"] for process in after["processes"])
    applied = linli.run("topics", "apply")
    assert applied.stdout.count("unchanged") == len(topics()), applied.stdout + applied.stderr


def test_nothing_outlives_a_killed_supervisor_and_ctrl_c_stops_the_next_one(linli: LinliCommand) -> None:
    os.kill(linli.status()["supervisor_pid"], signal.SIGKILL)
    eventually(lambda: linli.processes() == [], within=60)
    assert linli.run("status").returncode == 3

    supervisor = linli.start_in_foreground()
    eventually(lambda: linli.supervised() == dict.fromkeys((*ALL, "access"), ("ready", 0)))
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(timeout=120) == 0
    assert linli.processes() == []


def test_a_service_that_keeps_ending_fails_the_start_with_its_last_words(linli: LinliCommand) -> None:
    linli.run("down")
    up = linli.run("up", "--detach", LINLI_STUB_FAILS="notify")
    assert up.returncode == 1
    assert "notify cannot find its notebook" in up.stdout
    assert linli.processes() == []
    assert linli.run("status").returncode == 3
