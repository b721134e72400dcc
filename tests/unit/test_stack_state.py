"""What the supervisor leaves for the other commands, and what they make of the services' metrics."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from linli_cli.embedded.service import reasons
from linli_cli.embedded.state import AlreadyRunning, Identity, Phase, RunDirectory, RunningProgram, StackState
from linli_cli.errors import CliError
from linli_cli.health import ProcessHealth, ServiceEvents, count_events, phase_shown, sum_lag
from linli_cli.settings import load_settings
from linli_cli.status import headline
from linli_cli.target import find_target

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def samples(text: str) -> list[Sample]:
    return [sample for family in text_string_to_metric_families(text) for sample in family.samples]


def me() -> Identity:
    identity = Identity.of(os.getpid())
    assert identity is not None
    return identity


def test_only_one_supervisor_holds_a_home(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "run")
    with run.locked() as holder:
        assert run.supervisor() == holder == me()
        with pytest.raises(AlreadyRunning), RunDirectory(tmp_path / "run").locked():
            pass


def test_a_later_process_with_the_same_pid_is_another() -> None:
    assert me().process() is not None
    assert me().model_copy(update={"created": 1.0}).process() is None


def test_leftovers_are_those_that_still_run_the_last_started_first(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "run")
    gone = me().model_copy(update={"created": 1.0})
    programs = [
        RunningProgram(name=name, address="", state="ready", identity=identity, started_at=NOW, restarts=0)
        for name, identity in [("mongod", me()), ("kafka", me()), ("intake", gone), ("notify", None)]
    ]
    with run.locked():
        run.write(StackState(phase=Phase.READY, supervisor=gone, started_at=NOW, programs=programs))
    assert [name for name, _ in run.leftovers()] == ["kafka", "mongod"]
    run.forget()
    assert run.leftovers() == []


def test_lag_is_summed_over_partitions() -> None:
    text = "".join(f'linli_consumer_lag{{group="g",topic="t",partition="{n}"}} {n}\n' for n in range(4))
    (lag,) = sum_lag(samples(text))
    assert (lag.group, lag.lag, lag.topics) == ("g", 6, {"t": 6})


def test_a_count_that_a_service_does_not_keep_is_not_shown_as_zero() -> None:
    assert count_events(samples("linli_outbox_unsent 0\n")) == ServiceEvents(unsent=0)


def test_the_commands_of_another_shell_use_the_ports_that_the_stack_was_started_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_HOME", str(tmp_path))
    listening = {"host": "127.0.0.1", "intake_port": 8301}
    run = RunDirectory(tmp_path / "run")
    with run.locked() as supervisor:
        run.write(StackState(phase=Phase.READY, supervisor=supervisor, started_at=NOW, listening=listening))
        assert find_target().urls["intake"] == "http://127.0.0.1:8301"
    (tmp_path / "run" / "lock").unlink()
    assert find_target().urls["intake"] == "http://127.0.0.1:8101"


def processes(**healths: str) -> list[ProcessHealth]:
    return [
        ProcessHealth(name=name, pid=1, address="", health=health, detail="", uptime_seconds=1, restarts=0)
        for name, health in healths.items()
    ]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (processes(kafka="ready", intake="ready"), "Linli is ready."),
        (processes(kafka="down", mongod="ready", intake="not ready"), "Linli is not healthy: kafka, intake."),
    ],
)
def test_the_headline_agrees_with_the_table(found: list[ProcessHealth], words: str) -> None:
    assert headline(phase_shown(Phase.READY, found), found) == words


def test_what_a_service_lacks_is_said_in_words() -> None:
    away = '{"ready": false, "checks": {"kafka": "Kafka does not answer: TimeoutError", "mongodb": "ok"}}'
    assert reasons(away) == "Kafka does not answer: TimeoutError"
    assert reasons("<html>") == reasons("[]") == ""


def test_a_wrong_port_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_KAFKA_PORT", "many")
    with pytest.raises(CliError, match="LINLI_KAFKA_PORT"):
        load_settings()


def test_two_services_on_one_port_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_INTAKE_PORT", "8103")
    with pytest.raises(CliError, match="LINLI_INTAKE_PORT and LINLI_NOTIFY_PORT are both 8103"):
        load_settings()
